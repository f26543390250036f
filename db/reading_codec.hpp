#pragma once
// Judged readings in few bytes: differences to the reading before, about 5 to 16 B each. Nothing is lost.

#include "core/reading.hpp"
#include "db/byte_stream.hpp"

#include <span>
#include <vector>

namespace coldvigil::db {

/// What is neither a number nor an insight: bit 0 scored, 1-2 score state, 3-4 scale, 5 history, 6-13 sensor, 14-29
/// model. The same in both databases.
[[nodiscard]] std::uint32_t pack_flags(const judged_reading& reading);
/// Sets those fields; throws damaged_bytes. Gives whether the reading has a score.
bool unpack_flags(std::uint64_t flags, judged_reading& reading);

/// What drove a score. One that names no span is packed as it was before there were any.
void put_driver(byte_writer& to, const score_driver& driver);
[[nodiscard]] score_driver get_driver(byte_reader& from);

class reading_packer {
 public:
  explicit reading_packer(byte_writer& to) : to_(to) {}
  void add(const judged_reading& reading);

 private:
  byte_writer& to_;
  judged_reading before_{};
  std::uint64_t flags_before_ = 0;
};

class reading_unpacker {
 public:
  explicit reading_unpacker(byte_reader& from) : from_(from) {}
  /// Throws damaged_bytes.
  [[nodiscard]] judged_reading next();

 private:
  byte_reader& from_;
  judged_reading before_{};
  std::uint64_t flags_before_ = 0;
};

/// The smallest reading: a byte each for time, value and flags.
inline constexpr std::size_t smallest_reading = 3;

/// The insights of those readings that have one, by their place. Empty when none has.
class insight_packer {
 public:
  void add(const judged_reading& reading);
  [[nodiscard]] std::string take() { return to_.take(); }

 private:
  byte_writer to_;
  std::uint64_t passed_ = 0;
};
/// Into readings that have none yet; throws damaged_bytes.
void unpack_insights(std::string_view bytes, std::span<judged_reading> readings);

/// A run of readings on its own: version, number, readings.
[[nodiscard]] std::string pack_readings(std::span<const judged_reading> readings);
/// Throws damaged_bytes.
[[nodiscard]] std::vector<judged_reading> unpack_readings(std::string_view bytes);

} // namespace coldvigil::db
