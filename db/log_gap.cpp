#include "db/log_gap.hpp"

#include "db/batch_codec.hpp"
#include "db/hash_chain.hpp"

namespace coldvigil::db {

const std::string& hash_of_no_content() {
  static const std::string hash = [] {
    const packed_batch nothing_packed = pack({});
    return sha256(nothing_packed.head, nothing_packed.readings);
  }();
  return hash;
}

std::uint64_t log_is_kept_from(sql_session& in) {
  std::optional<std::uint64_t> out;
  in.run("SELECT log_from FROM commits ORDER BY seq DESC LIMIT 1", {}, [&](const sql_row& row) {
    if (!row.is_null(0)) out = row.as<std::uint64_t>(0);
  });
  if (out) return *out;
  // From before commits said so: from the first one that is there.
  in.run("SELECT coalesce(min(seq), (SELECT coalesce(max(seq), 0) + 1 FROM commits)) FROM commit_log", {},
         [&](const sql_row& row) { out = row.as<std::uint64_t>(0); });
  return out.value_or(1);
}

std::optional<log_gap> find_log_gap(sql_session& in) {
  std::optional<log_gap> out;
  in.run("SELECT min(c.seq), max(c.seq), count(*) FROM commits c LEFT JOIN commit_log l ON l.seq = c.seq "
         "WHERE c.seq >= $1 AND l.seq IS NULL AND c.content_hash <> $2",
         {as_integer(log_is_kept_from(in)), blob{hash_of_no_content()}}, [&](const sql_row& row) {
           if (!row.is_null(0)) out = {row.as<std::uint64_t>(0), row.as<std::uint64_t>(1), row.as<std::uint64_t>(2)};
         });
  return out;
}

std::string text_of(const log_gap& missing) {
  if (missing.first == missing.last) return "commit " + std::to_string(missing.first);
  return std::to_string(missing.count) + " of the commits " + std::to_string(missing.first) + " to " +
         std::to_string(missing.last);
}

} // namespace coldvigil::db
