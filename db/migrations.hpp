#pragma once
// The schema's history: numbered scripts, embedded in the binary, applied once each, in order.

#include "db/sql.hpp"

#include <span>
#include <string_view>

namespace coldvigil::db {

struct migration {
  int version = 0;
  std::string_view name;
  std::string_view script;
};
/// Generated from migrations/<kind>/*.sql.
[[nodiscard]] std::span<const migration> sqlite_migrations();
[[nodiscard]] std::span<const migration> postgres_migrations();

/// Brings the database up to the newest. Refuses one that is newer than the program, or whose applied scripts are not
/// those of the program. `where` names the database for people. Throws db::error.
void migrate(sql_session& in, std::span<const migration> known, const std::string& where);

} // namespace coldvigil::db
