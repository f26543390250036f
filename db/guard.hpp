#pragma once
// The border of the folder: exceptions become failures.

#include "db/sql.hpp"

#include <exception>

namespace coldvigil::db {

/// Runs `work`, which gives a result of some kind; whatever it throws becomes a failure at `where`.
template <class Work> auto guarded(const std::string& where, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const error& known) {
    failure problem = known.problem();
    if (problem.where.empty()) problem.where = where;
    return problem;
  } catch (const std::exception& other) {
    return failure{error_code::internal, other.what(), where};
  }
}

} // namespace coldvigil::db
