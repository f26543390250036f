#pragma once
// The chain of commits: each row's hash is over its content and the row before it, so that no row can be changed,
// left out or put in unnoticed. It can be followed even after contents were trimmed.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil::db {

/// 32 bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);
/// The same of two pieces, one behind the other.
[[nodiscard]] std::string sha256(std::string_view first, std::string_view second);
[[nodiscard]] std::string to_hex(std::string_view bytes);

struct chain_link {
  std::uint64_t seq = 0;
  std::uint64_t epoch = 0;
  std::int64_t at_ms = 0;
  std::string content_hash;   ///< of the packed batch
  std::string sealed_hash;    ///< of the readings sealed in it
  std::string record_hash;    ///< of its alarm transitions and audit entries
  std::string snapshots_hash; ///< of the digests of its snapshots
  /// How many readings, rejects, transitions, chunks, snapshots, polls and audit entries it has.
  std::array<std::uint64_t, 7> counts{};
  std::optional<std::uint64_t> log_from{}; ///< the log is kept from this commit on; nothing: from before this was said
  std::optional<std::string> rows_hash{};  ///< of the digests of rows in recorded tables; nothing: from before these
};
/// What comes before the first commit: 32 zero bytes.
[[nodiscard]] std::string chain_start();
[[nodiscard]] std::string chain_hash(std::string_view previous, const chain_link& link);

} // namespace coldvigil::db
