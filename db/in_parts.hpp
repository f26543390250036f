#pragma once
// A question about many numbers.

#include "db/sql.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace coldvigil::db {

inline constexpr std::size_t asked_at_once = 500; ///< parameters of one statement

/// `statement` with "(...)" of parameters behind it, for so many numbers at a time.
template <class Each>
void for_parts(sql_session& in, const std::string& statement, const std::vector<std::int64_t>& numbers, Each&& each) {
  for (std::size_t from = 0; from < numbers.size(); from += asked_at_once) {
    const std::size_t to = std::min(numbers.size(), from + asked_at_once);
    std::string list;
    sql_values parameters;
    for (std::size_t i = from; i < to; ++i) {
      parameters.emplace_back(numbers[i]);
      list += (list.empty() ? "(" : ", ") + ("$" + std::to_string(parameters.size()));
    }
    in.run(statement + list + ")", parameters, each);
  }
}

} // namespace coldvigil::db
