#pragma once
// Kinds of storage units and the limits that a norm or the trade gives them (domain ranges: USP, CDC, food law).

#include "core/temperature.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace coldvigil {

enum class unit_kind : std::uint8_t {
  ultra_low,
  vaccine_freezer,
  freezer,
  frozen_storage,
  vaccine_fridge,
  chilled_room,
  cool,
  room
};

/// Strictly below `low` or above `high` is out of limits; equal is inside.
struct limits {
  milli_celsius low = 0;
  milli_celsius high = 0;
  friend bool operator==(const limits&, const limits&) = default;
};

struct kind_profile {
  unit_kind kind;
  std::string_view name; ///< as stored and shown, e.g. "ultra_low"
  limits range;
  std::string_view source; ///< the norm that the range comes from
};

[[nodiscard]] std::span<const kind_profile> kind_profiles();
[[nodiscard]] const kind_profile& profile_of(unit_kind kind);
[[nodiscard]] std::optional<unit_kind> parse_kind(std::string_view name);
[[nodiscard]] std::string_view to_string(unit_kind kind);

/// The kind whose range's middle is nearest to the set point.
[[nodiscard]] unit_kind kind_from_set_point(milli_celsius set_point);

/// The limits a unit is registered with: its own when it brings them; the kind's range when the set point lies at least
/// 2 K inside it; otherwise half the kind's span around the set point, because limits that the set point itself
/// breaks would only cry wolf.
[[nodiscard]] limits registration_limits(unit_kind kind, std::optional<milli_celsius> set_point,
                                         std::optional<limits> own);

} // namespace coldvigil
