#include "db/reading_codec.hpp"

namespace coldvigil::db {
namespace {

constexpr std::uint8_t version = 1;

/// Differences wrap around, so that no damaged number can overflow.
std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

} // namespace

std::uint32_t pack_flags(const judged_reading& reading) {
  std::uint32_t flags = std::isnan(reading.score) ? 0 : 1;
  flags |= static_cast<std::uint32_t>(reading.state) << 1;
  flags |= static_cast<std::uint32_t>(reading.scale) << 3;
  flags |= static_cast<std::uint32_t>(reading.history) << 5;
  flags |= static_cast<std::uint32_t>(reading.sensor) << 6;
  flags |= static_cast<std::uint32_t>(reading.model) << 14;
  return flags;
}

bool unpack_flags(std::uint64_t flags, judged_reading& reading) {
  if (flags >> 30 != 0 || (flags >> 3 & 3) == 3) throw damaged_bytes("flags that do not exist");
  reading.state = static_cast<score_state>(flags >> 1 & 3);
  reading.scale = static_cast<temperature_scale>(flags >> 3 & 3);
  reading.history = (flags >> 5 & 1) != 0;
  reading.sensor = static_cast<std::uint8_t>(flags >> 6);
  reading.model = static_cast<std::uint16_t>(flags >> 14);
  return (flags & 1) != 0;
}

void reading_packer::add(const judged_reading& reading) {
  const std::uint32_t flags = pack_flags(reading);
  to_.signed_number(difference(to_ms(reading.at), to_ms(before_.at)));
  to_.signed_number(difference(reading.value, before_.value));
  to_.number(flags ^ flags_before_);
  if (!std::isnan(reading.score)) to_.real(reading.score);
  before_ = reading;
  flags_before_ = flags;
}

judged_reading reading_unpacker::next() {
  judged_reading reading;
  reading.at = from_ms(sum(to_ms(before_.at), from_.signed_number()));
  const std::int64_t value = sum(before_.value, from_.signed_number());
  reading.value = static_cast<milli_celsius>(value);
  if (reading.value != value) throw damaged_bytes("a value that is no temperature");
  flags_before_ ^= from_.number();
  if (unpack_flags(flags_before_, reading)) reading.score = from_.real();
  before_ = reading;
  return reading;
}

std::string pack_readings(std::span<const judged_reading> readings) {
  byte_writer to;
  to.byte(version);
  to.number(readings.size());
  reading_packer packer(to);
  for (const judged_reading& each : readings)
    packer.add(each);
  return to.take();
}

std::vector<judged_reading> unpack_readings(std::string_view bytes) {
  byte_reader from(bytes);
  if (from.byte() != version) throw damaged_bytes("readings packed in an unknown way");
  std::vector<judged_reading> out(from.count(smallest_reading));
  reading_unpacker unpacker(from);
  for (judged_reading& each : out)
    each = unpacker.next();
  if (!from.at_end()) throw damaged_bytes("bytes after the last reading");
  return out;
}

} // namespace coldvigil::db
