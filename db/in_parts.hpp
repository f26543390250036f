#pragma once
// A question about many keys.

#include "db/sql.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace coldvigil::db {

inline constexpr std::size_t asked_at_once = 500; ///< parameters of one statement

/// `statement` with "(...)" of parameters behind it, for so many values at a time.
template <class Value, class Each>
void for_parts(sql_session& in, const std::string& statement, const std::vector<Value>& values, Each&& each) {
  for (std::size_t from = 0; from < values.size(); from += asked_at_once) {
    const std::size_t to = std::min(values.size(), from + asked_at_once);
    std::string list;
    sql_values parameters;
    for (std::size_t i = from; i < to; ++i) {
      parameters.emplace_back(values[i]);
      list += (list.empty() ? "(" : ", ") + ("$" + std::to_string(parameters.size()));
    }
    in.run(statement + list + ")", parameters, each);
  }
}

} // namespace coldvigil::db
