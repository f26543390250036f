#include "sim/fleet.hpp"

#include "sim/chance.hpp"
#include "sim/fault_draw.hpp"
#include "sim/sensor_faults.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace coldvigil::sim {
namespace {

enum channel : std::uint64_t { ch_unit = 200, ch_site, ch_deal, ch_fault, ch_place, ch_lost, ch_clean };

constexpr millis warm_up = std::chrono::days{2};
constexpr millis wave_length = std::chrono::days{4};
/// Of a reading, and of two in a row.
constexpr double lost_chance = 0.001;
constexpr double lost_pair_chance = 0.0001;

/// K: who works in a store has limits that leave room for it.
constexpr double room_for_habits = 15;

struct class_traits {
  unit_class kind;
  double set_low, set_high; ///< °C, set points
  double low, high;         ///< °C, limits
};
constexpr std::array<class_traits, 4> traits{{{unit_class::vaccine, 4.5, 5.5, 2, 8},
                                              {unit_class::cooler, 2, 4.5, -0.5, 7},
                                              {unit_class::freezer, -25, -21, -30, -14},
                                              {unit_class::ultra_low, -82, -76, -90, -68}}};

timestamp on_step(timestamp at) {
  return from_ms(to_ms(at) / physics_step.count() * physics_step.count());
}

surroundings site_of(const fleet_plan& plan, std::size_t site) {
  const std::uint64_t key = mix({plan.seed, ch_site, site});
  surroundings out;
  out.key = key;
  out.mean = between(mix({key, 1}), 18, 26);
  out.swing = between(mix({key, 2}), 0.5, 4);
  out.wander = between(mix({key, 3}), 0.3, 1.5);
  out.hot_days = 0.05;
  out.hot_rise = between(mix({key, 4}), 3, 6);
  if (plan.heat_wave > 0) {
    const auto middle = std::chrono::days{(plan.clean_days + plan.days) / 2};
    out.wave_begin = plan.start + middle - wave_length / 2;
    out.wave_end = out.wave_begin + wave_length;
    out.wave_rise = plan.heat_wave;
  }
  return out;
}

fleet_unit make_unit(const fleet_plan& plan, std::size_t number) {
  const std::uint64_t key = mix({plan.seed, ch_unit, number});
  const class_traits& of = traits[static_cast<std::size_t>(plan.kinds[number % plan.kinds.size()])];
  const std::size_t site = number / plan.units_per_site;
  fleet_unit out;
  char text[48];
  std::snprintf(text, sizeof text, "u%06zu", number + 1);
  out.code = text;
  std::snprintf(text, sizeof text, "s%05zu", site + 1);
  out.site = text;
  out.kind = of.kind;
  surroundings around = site_of(plan, site);
  around.mean += between(mix({key, 1}), -1, 1); // one corner of the hall is warmer than the other
  out.design = draw_design(plan.seed, number, of.kind, between(mix({key, 2}), of.set_low, of.set_high), &around);
  out.low = of.low;
  out.high = of.high;
  if (!plan.habits.empty()) {
    out.routine = plan.habits[number % plan.habits.size()];
    out.high += room_for_habits;
  }
  const auto steps = static_cast<std::uint64_t>(std::max<std::int64_t>(1, plan.interval / physics_step));
  out.phase = physics_step * static_cast<std::int64_t>(mix({key, 3}) % steps);
  return out;
}

/// As many faults as are needed, every kind as often as any other, shuffled.
std::vector<fault_kind> deal(const fleet_plan& plan, std::size_t count) {
  std::vector<fault_kind> deck(count);
  for (std::size_t i = 0; i < count; ++i)
    deck[i] = plan.faults[i % plan.faults.size()];
  for (std::size_t i = count; i > 1; --i)
    std::swap(deck[i - 1], deck[mix({plan.seed, ch_deal, i}) % i]);
  return deck;
}

/// Puts the unit's faults at random places of its days: what time is left is cut at random into the gaps.
void place(const fleet_plan& plan, std::uint64_t key, std::vector<drawn_fault> drawn, std::vector<fault>& into) {
  const auto time_left = [&] {
    millis free = std::chrono::days{plan.days} - std::chrono::days{plan.clean_days};
    for (const drawn_fault& one : drawn)
      free -= one.length + fault_recovery;
    return free;
  };
  while (!drawn.empty() && time_left() < millis{0})
    drawn.pop_back();
  if (drawn.empty()) return;
  const double free = static_cast<double>(time_left().count());
  std::vector<double> cuts;
  for (std::size_t i = 0; i < drawn.size(); ++i)
    cuts.push_back(uniform(mix({key, ch_place, i})) * free);
  std::sort(cuts.begin(), cuts.end());
  millis taken{0};
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const millis gap{static_cast<std::int64_t>(cuts[i])};
    const timestamp start = on_step(plan.start + std::chrono::days{plan.clean_days} + taken + gap);
    into.push_back({drawn[i].kind, start, start + drawn[i].length, drawn[i].magnitude});
    taken += drawn[i].length + fault_recovery;
  }
}

/// The units that are to have faults, spread evenly by chance.
std::vector<std::size_t> faulty_units(const fleet_plan& plan) {
  std::vector<std::size_t> order(plan.units);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[mix({plan.seed, ch_clean, i}) % i]);
  const auto clean = static_cast<std::size_t>(static_cast<double>(plan.units) * plan.clean_share);
  order.resize(plan.units - clean);
  std::sort(order.begin(), order.end());
  return order;
}

/// Swaps cards of the deck so that every unit gets faults that it can have, as far as there are such.
void settle(const std::vector<fleet_unit>& fleet, const std::vector<std::size_t>& faulty, std::size_t each,
            std::vector<fault_kind>& deck) {
  const auto unit_of = [&](std::size_t card) -> const unit_design& { return fleet[faulty[card / each]].design; };
  for (std::size_t card = 0; card < deck.size(); ++card)
    for (std::size_t step = 1; step < deck.size() && !can_have(unit_of(card), deck[card]); ++step) {
      const std::size_t other = (card + step) % deck.size();
      if (can_have(unit_of(card), deck[other]) && can_have(unit_of(other), deck[card]))
        std::swap(deck[card], deck[other]);
    }
}

arrival lost_by_chance(const fleet_unit& unit, timestamp at, millis interval) {
  const auto dice = [&](timestamp when) {
    return mix({unit.design.key, ch_lost, static_cast<std::uint64_t>(to_ms(when))});
  };
  const std::uint64_t now = dice(at);
  const bool lost = uniform(now) < lost_chance || uniform(dice(at - interval)) < lost_pair_chance;
  if (!lost) return arrival::value;
  return mix({now, 1}) % 2 == 0 ? arrival::empty : arrival::none;
}

/// Clocks change in the middle of the days.
double warmed(const fleet_plan& plan, const fleet_unit& unit, timestamp at) {
  if (!unit.routine) return 0;
  return warmed_by(*unit.routine, unit.design.key, at, plan.start + std::chrono::days{plan.days / 2});
}

} // namespace

std::vector<fleet_unit> plan_fleet(const fleet_plan& plan) {
  std::vector<fleet_unit> fleet;
  fleet.reserve(plan.units);
  for (std::size_t number = 0; number < plan.units; ++number)
    fleet.push_back(make_unit(plan, number));
  if (plan.faults.empty() || plan.faults_per_unit == 0) return fleet;
  const auto faulty = faulty_units(plan);
  auto deck = deal(plan, faulty.size() * plan.faults_per_unit);
  settle(fleet, faulty, plan.faults_per_unit, deck);
  for (std::size_t i = 0; i < faulty.size(); ++i) {
    fleet_unit& unit = fleet[faulty[i]];
    std::vector<drawn_fault> drawn;
    for (std::size_t j = 0; j < plan.faults_per_unit; ++j) {
      const fault_kind kind = deck[i * plan.faults_per_unit + j];
      const std::uint64_t number = mix({unit.design.key, ch_fault, j});
      const double factor = between(mix({number, 4}), plan.magnitude_low, plan.magnitude_high);
      if (can_have(unit.design, kind)) drawn.push_back(draw_fault(kind, unit.kind, number, factor));
    }
    place(plan, unit.design.key, std::move(drawn), unit.faults);
  }
  return fleet;
}

void run_unit(const fleet_plan& plan, const fleet_unit& unit, const std::function<void(const fleet_reading&)>& each) {
  unit_physics state;
  state.air = state.product = state.sensor = unit.design.set_point;
  hour_weather weather;
  timestamp now = on_step(plan.start) - warm_up;
  std::vector<std::optional<double>> held(unit.faults.size());
  const timestamp end = plan.start + std::chrono::days{plan.days};
  // The faults are in order: those that have ended are left behind.
  std::size_t first = 0;
  const auto current = [&] {
    return std::span{unit.faults}.subspan(first, std::min(unit.faults.size() - first, std::size_t{1}));
  };
  for (timestamp at = plan.start + unit.phase; at < end; at += plan.interval) {
    for (; now < on_step(at); now += physics_step) {
      while (first < unit.faults.size() && unit.faults[first].end <= now)
        ++first;
      if (first < unit.faults.size() && !held[first] && unit.faults[first].start <= now)
        held[first] =
            sensed(unit.design, state, unit.faults[first].start) + warmed(plan, unit, unit.faults[first].start);
      advance(unit.design, current(), now, weather, state);
    }
    const double healthy = sensed(unit.design, state, at) + warmed(plan, unit, at);
    const auto shown = through_sensor(unit.design, unit.faults, at, healthy,
                                      [&](std::size_t stuck) { return held[stuck].value_or(healthy); });
    fleet_reading reading{at, lost_by_chance(unit, at, plan.interval), shown.value_or(0)};
    // A silent sensor: its gateway sends nothing, or rows without a value, for the whole fault.
    if (!shown) reading.what = unit.design.key % 2 == 0 ? arrival::empty : arrival::none;
    if (reading.what != arrival::none) each(reading);
  }
}

} // namespace coldvigil::sim
