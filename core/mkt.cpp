#include "core/mkt.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr double zero_celsius = 273.15;

std::uint32_t index_of(timestamp at, std::int64_t slot_ms) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(to_ms(at), 0) / slot_ms);
}

} // namespace

double kinetic_rate(double celsius, double activation) {
  return std::exp(-activation / (celsius + zero_celsius));
}

double celsius_of_rate(double rate, double activation) {
  return activation / -std::log(rate) - zero_celsius;
}

std::optional<double> mean_kinetic_temperature(std::span<const weighted_temperature> readings, double activation) {
  if (readings.empty()) return std::nullopt;
  const auto warmest = std::max_element(readings.begin(), readings.end(),
                                        [](const auto& a, const auto& b) { return a.celsius < b.celsius; });
  const double highest = -activation / (warmest->celsius + zero_celsius);
  double rates = 0;
  double weight = 0;
  for (const weighted_temperature& each : readings) {
    rates += each.weight * std::exp(-activation / (each.celsius + zero_celsius) - highest);
    weight += each.weight;
  }
  if (!(weight > 0)) return std::nullopt;
  return activation / -(std::log(rates / weight) + highest) - zero_celsius;
}

void rolling_mkt::add(timestamp at, milli_celsius value, millis max_gap) {
  memory& state = *state_;
  if (state.last_at && at - *state.last_at <= max_gap) stand(*state.last_at, at, state.last_value);
  const std::uint32_t newest = index_of(at, slot_ms_);
  ++slot_at(newest).readings;
  std::erase_if(state.slots, [newest](const slot& s) { return s.index + slots < newest; });
  state.last_at = at;
  state.last_value = value;
}

rolling_mkt::slot& rolling_mkt::slot_at(std::uint32_t index) {
  auto& all = state_->slots;
  if (all.empty() || all.back().index < index) {
    slot fresh;
    fresh.index = index;
    all.push_back(fresh);
  }
  return all.back();
}

void rolling_mkt::stand(timestamp from, timestamp to, milli_celsius value) {
  const millis slot_length{slot_ms_};
  from = std::max(from, from_ms((std::int64_t{index_of(to, slot_ms_)} - slots) * slot_ms_));
  const double rate = kinetic_rate(in_celsius(value));
  while (from < to) {
    const std::uint32_t index = index_of(from, slot_ms_);
    const timestamp end = std::min(to, from_ms(std::int64_t{index} * slot_ms_) + slot_length);
    slot& in = slot_at(index);
    in.covered_ms += static_cast<std::uint32_t>((end - from).count());
    in.rates += rate * static_cast<double>((end - from).count());
    from = end;
  }
}

std::optional<double> rolling_mkt::value() const {
  double rates = 0;
  for (const slot& each : state_->slots)
    rates += each.rates;
  const millis time = covered();
  if (time.count() == 0) return std::nullopt;
  return celsius_of_rate(rates / static_cast<double>(time.count()));
}

std::uint64_t rolling_mkt::readings() const {
  std::uint64_t out = 0;
  for (const slot& each : state_->slots)
    out += each.readings;
  return out;
}

millis rolling_mkt::covered() const {
  millis out{0};
  for (const slot& each : state_->slots)
    out += millis{each.covered_ms};
  return out;
}

} // namespace coldvigil
