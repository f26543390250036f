#include "model/unit_memory.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace coldvigil {
namespace {

static_assert(std::endian::native == std::endian::little, "the layout is written as memory is");

/// Of a Gaussian, deviation times this is its standard deviation.
constexpr double sigma_per_deviation = 1.2533141373155;
constexpr std::uint64_t layout_version = 1;

/// Every step is a bijection of the sum so far, so damage to any one word always shows.
std::uint64_t check_sum(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0x243f6a8885a308d3;
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    sum = (sum ^ word) * 0x9e3779b97f4a7c15;
    sum ^= sum >> 29;
  }
  return sum;
}

struct writer {
  std::byte* at;
  template <class T> void put(const T& value) {
    std::memcpy(at, &value, sizeof value);
    at += sizeof value;
  }
};
struct reader {
  const std::byte* at;
  template <class T> void get(T& value) {
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
  }
};

bool within(double value, double low, double high) {
  return value >= low && value <= high;
}

} // namespace

bool unit_memory::add(timestamp at, milli_celsius value, const memory_rules& rules) {
  const double celsius = in_celsius(value);
  double step_s = 0;
  if (seen_ > 0) {
    if (to_ms(at) <= last_ms_) return false;
    step_s = (static_cast<double>(to_ms(at)) - static_cast<double>(last_ms_)) / 1000.0;
    const bool gap = spacing_s_ > 0 && step_s > std::max(rules.gap_least_s, rules.gap_factor * spacing_s_);
    if (gap) count_ = 0;
    // A gap moves the usual spacing too, a little: a unit that became slow is one day not "in a gap" any more.
    const double heard = spacing_s_ > 0 ? std::min(step_s, 4 * spacing_s_) : step_s;
    spacing_s_ = spacing_s_ > 0 ? spacing_s_ + (heard - spacing_s_) / 8 : heard;
  }
  learn(celsius, std::min(step_s, rules.longest_step_s), rules);
  if (count_ == window_length) {
    std::copy(window_.begin() + 1, window_.end(), window_.begin());
    --count_;
  }
  window_[count_++] = value;
  last_ms_ = to_ms(at);
  if (seen_ < UINT32_MAX) ++seen_;
  return true;
}

// Weights follow time, not readings: ten-second sampling must not forget a week in an hour.
void unit_memory::learn(double celsius, double step_s, const memory_rules& rules) {
  if (seen_ == 0) {
    location_ = celsius;
    return;
  }
  observed_s_ = std::min(observed_s_ + step_s, rules.forgetting_s);
  const double weight = step_s / observed_s_;
  double away = celsius - location_;
  if (observed_s_ >= rules.warm_span_s && seen_ >= rules.warm_readings) {
    const double most = rules.outlier * std::max(rules.scale_floor, deviation_ * sigma_per_deviation);
    away = std::clamp(away, -most, most);
  }
  location_ += weight * away;
  deviation_ += weight * (std::abs(away) - deviation_);
}

bool unit_memory::ready(const memory_rules& rules) const {
  return window_full() && scale(rules).has_value();
}

std::optional<normalisation> unit_memory::scale(const memory_rules& rules) const {
  if (seen_ < rules.warm_readings || observed_s_ < rules.warm_span_s) return std::nullopt;
  const double widened = deviation_ * sigma_per_deviation * (1 + rules.youth_s / observed_s_);
  return normalisation{location_, std::max(rules.scale_floor, widened)};
}

void unit_memory::save(detector_state& into) const {
  into.as_of = from_ms(last_ms_);
  into.bytes.resize(byte_size);
  writer out{into.bytes.data()};
  out.put(tag_ ^ layout_version);
  out.put(last_ms_);
  out.put(location_);
  out.put(deviation_);
  out.put(observed_s_);
  out.put(spacing_s_);
  out.put(seen_);
  out.put(count_);
  out.put(window_);
  out.put(check_sum({into.bytes.data(), byte_size - 8}));
}

std::optional<unit_memory> unit_memory::load(const detector_state& from, std::uint64_t model_tag) {
  if (from.bytes.size() != byte_size) return std::nullopt;
  unit_memory memory{model_tag};
  std::uint64_t tag = 0;
  std::uint64_t sum = 0;
  reader in{from.bytes.data()};
  in.get(tag);
  in.get(memory.last_ms_);
  in.get(memory.location_);
  in.get(memory.deviation_);
  in.get(memory.observed_s_);
  in.get(memory.spacing_s_);
  in.get(memory.seen_);
  in.get(memory.count_);
  in.get(memory.window_);
  in.get(sum);
  if (tag != (model_tag ^ layout_version) || sum != check_sum({from.bytes.data(), byte_size - 8})) return std::nullopt;
  // The sum speaks for accidents; the ranges keep NaN out whatever wrote the bytes.
  const double far = 1e7;
  const bool sane = within(memory.location_, -far, far) && within(memory.deviation_, 0, far) &&
                    within(memory.observed_s_, 0, 1e9) && within(memory.spacing_s_, 0, 1e17) && memory.seen_ > 0 &&
                    memory.count_ >= 1 && memory.count_ <= window_length;
  if (!sane) return std::nullopt;
  return memory;
}

void normalise(std::span<const milli_celsius> window, const normalisation& by, std::span<float> into) {
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double z = (in_celsius(window[i]) - by.location) / by.scale;
    into[i] = std::clamp(static_cast<float>(z), -far_value, far_value);
  }
}

} // namespace coldvigil
