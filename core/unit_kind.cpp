#include "core/unit_kind.hpp"

#include <array>
#include <cstdlib>

namespace coldvigil {
namespace {

constexpr milli_celsius kelvin = 1000;
/// A set point this close to a limit makes normal cycling cross it.
constexpr milli_celsius set_point_margin = 2 * kelvin;

constexpr std::array<kind_profile, 8> profiles{{
    {unit_kind::ultra_low, "ultra_low", {-90 * kelvin, -60 * kelvin}, "CDC, ultra-cold vaccine storage"},
    {unit_kind::vaccine_freezer, "vaccine_freezer", {-50 * kelvin, -15 * kelvin}, "CDC, vaccine freezer"},
    {unit_kind::freezer, "freezer", {-25 * kelvin, -10 * kelvin}, "USP, freezer"},
    {unit_kind::frozen_storage, "frozen_storage", {-25 * kelvin, -18 * kelvin}, "quick-frozen food, at most -18 °C"},
    {unit_kind::vaccine_fridge,
     "vaccine_fridge",
     {2 * kelvin, 8 * kelvin},
     "USP controlled cold temperature; WHO, CDC"},
    {unit_kind::chilled_room, "chilled_room", {0, 5 * kelvin}, "chilled food, at most 5 °C (Food Code 3-501.16)"},
    {unit_kind::cool, "cool", {8 * kelvin, 15 * kelvin}, "USP, cool"},
    {unit_kind::room, "room", {20 * kelvin, 25 * kelvin}, "USP, controlled room temperature"},
}};

milli_celsius middle(const limits& range) {
  return (range.low + range.high) / 2;
}

} // namespace

std::span<const kind_profile> kind_profiles() {
  return profiles;
}

const kind_profile& profile_of(unit_kind kind) {
  return profiles[static_cast<std::size_t>(kind)];
}

std::optional<unit_kind> parse_kind(std::string_view name) {
  for (const auto& profile : profiles)
    if (profile.name == name) return profile.kind;
  return std::nullopt;
}

std::string_view to_string(unit_kind kind) {
  return profile_of(kind).name;
}

unit_kind kind_from_set_point(milli_celsius set_point) {
  const kind_profile* nearest = &profiles.front();
  for (const auto& profile : profiles)
    if (std::abs(middle(profile.range) - set_point) < std::abs(middle(nearest->range) - set_point)) nearest = &profile;
  return nearest->kind;
}

limits registration_limits(unit_kind kind, std::optional<milli_celsius> set_point, std::optional<limits> own) {
  if (own && own->low < own->high) return *own;
  const limits range = profile_of(kind).range;
  if (!set_point) return range;
  const bool well_inside = *set_point - set_point_margin >= range.low && *set_point + set_point_margin <= range.high;
  if (well_inside) return range;
  const milli_celsius half = (range.high - range.low) / 2;
  return {*set_point - half, *set_point + half};
}

} // namespace coldvigil
