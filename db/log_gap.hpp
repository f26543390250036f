#pragma once
// Commits whose contents should be in the log and are not. The log is kept from the commit on that the newest commit
// names; what is older was trimmed. Every function throws db::error.

#include "db/sql.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace coldvigil::db {

struct log_gap {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t count = 0; ///< of the commits from first to last, how many miss their contents
};
[[nodiscard]] std::optional<log_gap> find_log_gap(sql_session& in);
/// "3 of the commits 5 to 9"
[[nodiscard]] std::string text_of(const log_gap& missing);

/// From which commit on the log must be there.
[[nodiscard]] std::uint64_t log_is_kept_from(sql_session& in);
/// A commit with this content_hash has nothing to keep in the log.
[[nodiscard]] const std::string& hash_of_no_content();

} // namespace coldvigil::db
