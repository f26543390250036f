#include "db/migrations.hpp"

#include "db/hash_chain.hpp"

#include <map>

namespace coldvigil::db {
namespace {

std::map<int, std::string> applied_scripts(sql_session& in) {
  in.script("CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
            "sha256 TEXT NOT NULL, applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)");
  std::map<int, std::string> out;
  in.run("SELECT version, sha256 FROM schema_migrations ORDER BY version", {},
         [&](const sql_row& row) { out[row.as<int>(0)] = row.text(1); });
  return out;
}

void apply(sql_session& in, const migration& next) {
  in_transaction(in, [&] {
    in.script(std::string(next.script));
    in.run("INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)",
           {as_integer(next.version), std::string(next.name), to_hex(sha256(next.script))});
  });
}

} // namespace

void migrate(sql_session& in, std::span<const migration> known, const std::string& where) {
  const auto applied = applied_scripts(in);
  const int newest = known.back().version;
  if (!applied.empty() && applied.rbegin()->first > newest)
    throw error({error_code::conflict,
                 "the database has schema version " + std::to_string(applied.rbegin()->first) +
                     ", this program knows up to " + std::to_string(newest),
                 where, "use the newer coldvigil that made it"});
  for (const migration& each : known) {
    const auto there = applied.find(each.version);
    if (there == applied.end()) {
      apply(in, each);
    } else if (there->second != to_hex(sha256(each.script))) {
      throw error({error_code::conflict,
                   "schema version " + std::to_string(each.version) + " (" + std::string(each.name) +
                       ") was applied with another script than this program's",
                   where, "use the coldvigil that made the database"});
    }
  }
}

} // namespace coldvigil::db
