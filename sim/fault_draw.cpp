#include "sim/fault_draw.hpp"

#include "sim/chance.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil::sim {
namespace {

/// How the factor acts on the magnitude.
enum class scaling : std::uint8_t {
  none,
  share,  ///< of something: stays below one
  amount, ///< K
  either, ///< K, up or down by chance; twice as much in ultra-low freezers
  signed_amount,
  squeeze, ///< a factor below one: stronger is smaller
};

struct draw_range {
  fault_kind kind;
  double hours_low, hours_high;
  double low, high;
  scaling by;
};

constexpr std::array<draw_range, 20> draw_ranges{{
    {fault_kind::compressor_fail, 5, 12, 1, 1, scaling::none},
    {fault_kind::power_outage, 1, 5, 1, 1, scaling::none},
    {fault_kind::refrigerant_leak, 60, 120, 0.45, 0.9, scaling::share},
    {fault_kind::iced_evap, 48, 96, 0.4, 0.85, scaling::share},
    {fault_kind::door_ajar, 0.75, 4, 0.06, 0.31, scaling::share},
    {fault_kind::defrost_stuck, 1.5, 4, 1, 1, scaling::none},
    {fault_kind::short_cycling, 10, 40, 0.15, 0.3, scaling::squeeze},
    {fault_kind::thermostat_drift, 36, 96, 1.5, 4.5, scaling::either},
    {fault_kind::stuck_on, 5, 16, 1, 1, scaling::none},
    {fault_kind::sensor_stuck, 4, 20, 1, 1, scaling::none},
    {fault_kind::sensor_drift, 36, 96, 1.5, 4.5, scaling::signed_amount},
    {fault_kind::sensor_offset, 6, 24, 1, 3.5, scaling::signed_amount},
    {fault_kind::sensor_noise, 4, 24, 0.5, 1.3, scaling::amount},
    {fault_kind::sensor_spike, 4, 24, 4, 25, scaling::amount},
    {fault_kind::sensor_dropout, 1, 6, 1, 1, scaling::none},
    {fault_kind::unit_mixup_F, 1, 6, 1, 1, scaling::none},
    {fault_kind::evaporator_fan, 5, 16, 0.5, 0.8, scaling::share},
    {fault_kind::half_capacity, 24, 72, 0.45, 0.6, scaling::share},
    {fault_kind::probe_in_product, 12, 48, 1, 1, scaling::none},
    {fault_kind::setpoint_change, 12, 48, 1.5, 4, scaling::either},
}};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < draw_ranges.size(); ++i)
    if (draw_ranges[i].kind != static_cast<fault_kind>(i)) return false;
  return true;
}
static_assert(in_enum_order() && draw_ranges.size() == fault_profiles.size());

double scaled(const draw_range& of, unit_class kind, double drawn, double factor, bool up) {
  switch (of.by) {
  case scaling::none:
    return drawn;
  case scaling::share:
    return std::min(0.97, drawn * factor);
  case scaling::amount:
    return drawn * factor;
  case scaling::squeeze:
    return std::clamp(drawn / factor, 0.05, 1.0);
  case scaling::either:
    drawn *= kind == unit_class::ultra_low ? 2 : 1;
    break;
  case scaling::signed_amount:
    break;
  }
  return up ? drawn * factor : -drawn * factor;
}

} // namespace

drawn_fault draw_fault(fault_kind kind, unit_class of, std::uint64_t number, double factor) {
  const draw_range& range = draw_ranges[static_cast<std::size_t>(kind)];
  const double hours = between(mix({number, 1}), range.hours_low, range.hours_high);
  const double drawn = between(mix({number, 2}), range.low, range.high);
  const bool up = uniform(mix({number, 3})) < 0.5;
  const auto steps = static_cast<std::int64_t>(std::llround(hours * 3'600'000.0)) / physics_step.count();
  return {kind, steps * physics_step, scaled(range, of, drawn, factor, up)};
}

bool can_have(const unit_design& unit, fault_kind kind) {
  return kind != fault_kind::defrost_stuck || unit.defrost_every > 0;
}

} // namespace coldvigil::sim
