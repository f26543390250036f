#pragma once
// Integers inside, UUIDs outside. Strong types: a unit's number cannot be passed for a customer's.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

enum class customer_id : std::int64_t {};
enum class facility_id : std::int64_t {};
enum class unit_id : std::int64_t {};
/// One probe. A unit has one or more points; one of them is judged.
enum class point_id : std::int64_t {};
/// unit * 2^20 + the unit's own running number, so no round trip is needed to name an alarm.
enum class alarm_id : std::int64_t {};

template <class Id> [[nodiscard]] constexpr std::int64_t number(Id id) {
  return static_cast<std::int64_t>(id);
}

/// RFC 4122 identifier, the only identity that leaves the process.
struct uuid {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const uuid&, const uuid&) = default;
  friend auto operator<=>(const uuid&, const uuid&) = default;
};

/// Lower-case, 8-4-4-4-12.
[[nodiscard]] std::string to_string(const uuid& id);
[[nodiscard]] std::optional<uuid> parse_uuid(std::string_view text);
/// Turns 16 random bytes into a version 4 identifier. The caller brings the randomness.
[[nodiscard]] uuid uuid_from_random(std::array<std::uint8_t, 16> random);

} // namespace coldvigil
