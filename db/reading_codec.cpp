#include "db/reading_codec.hpp"

#include "core/driver_text.hpp"

#include <utility>

namespace coldvigil::db {
namespace {

constexpr std::uint8_t version = 2;

/// Differences wrap around, so that no damaged number can overflow.
std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

/// In the packed form, beside the flags.
constexpr std::uint64_t has_error = 1ULL << 30;
constexpr std::uint64_t has_insight = 1ULL << 31;

/// Beside the channel.
constexpr std::uint8_t has_span = 0x80;
static_assert(driver_mixed_units < has_span, "a channel would be read as one with a span");

void put(byte_writer& to, const insight& why) {
  put_driver(to, why.driver);
  to.byte(static_cast<std::uint8_t>(static_cast<unsigned>(why.breach.within) << 1 | (why.breach.high ? 1U : 0U)));
  if (why.breach.within != breach_horizon::minutes) return;
  to.real(why.breach.minutes);
  to.real(why.breach.earliest);
  to.real(why.breach.latest);
}

insight get_insight(byte_reader& from) {
  insight out;
  out.driver = get_driver(from);
  const std::uint8_t breach = from.byte();
  if (breach >> 1 > static_cast<unsigned>(breach_horizon::later)) throw damaged_bytes("a forecast that does not exist");
  out.breach.within = static_cast<breach_horizon>(breach >> 1);
  out.breach.high = (breach & 1) != 0;
  if (out.breach.within != breach_horizon::minutes) return out;
  out.breach.minutes = from.real();
  out.breach.earliest = from.real();
  out.breach.latest = from.real();
  return out;
}

} // namespace

void put_driver(byte_writer& to, const score_driver& driver) {
  const bool spans = driver.span_k != 0;
  to.byte(spans ? driver.channel | has_span : driver.channel);
  for (const float each : {driver.departure_k, driver.slope_k_h, driver.lasting_min})
    to.real(each);
  if (spans) to.real(driver.span_k);
}

score_driver get_driver(byte_reader& from) {
  const std::uint8_t first = from.byte();
  score_driver out{static_cast<std::uint8_t>(first & ~has_span)};
  for (float* each : {&out.departure_k, &out.slope_k_h, &out.lasting_min})
    *each = from.real();
  if ((first & has_span) != 0) out.span_k = from.real();
  return out;
}

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
  std::uint64_t flags = pack_flags(reading);
  if (!std::isnan(reading.error)) flags |= has_error;
  if (!reading.why.empty()) flags |= has_insight;
  to_.signed_number(difference(to_ms(reading.at), to_ms(before_.at)));
  to_.signed_number(difference(reading.value, before_.value));
  to_.number(flags ^ flags_before_);
  if (!std::isnan(reading.score)) to_.real(reading.score);
  if (!std::isnan(reading.error)) to_.real(reading.error);
  if (!reading.why.empty()) put(to_, reading.why);
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
  if (unpack_flags(flags_before_ & ~(has_error | has_insight), reading)) reading.score = from_.real();
  if ((flags_before_ & has_error) != 0) reading.error = from_.real();
  if ((flags_before_ & has_insight) != 0) reading.why = get_insight(from_);
  before_ = reading;
  return reading;
}

void insight_packer::add(const judged_reading& reading) {
  if (reading.why.empty()) {
    ++passed_;
    return;
  }
  to_.number(std::exchange(passed_, 0));
  put(to_, reading.why);
}

void unpack_insights(std::string_view bytes, std::span<judged_reading> readings) {
  byte_reader from(bytes);
  while (!from.at_end()) {
    const std::uint64_t passed = from.number();
    if (passed >= readings.size()) throw damaged_bytes("an insight into a reading that is not there");
    readings = readings.subspan(passed);
    readings.front().why = get_insight(from);
    readings = readings.subspan(1);
  }
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
