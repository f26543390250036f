#include "core/unit_window.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

/// Grown by steps and not doubled: a million windows would pay for the slack.
constexpr std::size_t growth = 16;

} // namespace

judged_reading unit_window::at(std::size_t index) const {
  const slot& s = slots_[index];
  judged_reading reading;
  reading.at = base_ + millis{s.offset_ms};
  reading.value = s.value;
  reading.score = s.score;
  reading.error = s.error;
  reading.model = s.model;
  reading.state = static_cast<score_state>(s.flags & 3);
  reading.scale = static_cast<temperature_scale>((s.flags >> 2) & 3);
  reading.history = ((s.flags >> 4) & 1) != 0;
  reading.sensor = s.sensor;
  reading.why = insight_at(s.offset_ms);
  return reading;
}

insight unit_window::insight_at(std::uint32_t offset_ms) const {
  const auto found = std::lower_bound(insights_.begin(), insights_.end(), offset_ms,
                                      [](const noted& n, std::uint32_t ms) { return n.offset_ms < ms; });
  return found != insights_.end() && found->offset_ms == offset_ms ? found->why : insight{};
}

std::size_t unit_window::first_at_or_after(timestamp when) const {
  if (empty() || when <= base_) return 0;
  const auto offset = (when - base_).count();
  const auto found = std::lower_bound(slots_.begin(), slots_.end(), offset,
                                      [](const slot& s, std::int64_t ms) { return std::int64_t{s.offset_ms} < ms; });
  return static_cast<std::size_t>(found - slots_.begin());
}

std::optional<judged_reading> unit_window::find(timestamp when) const {
  const std::size_t index = first_at_or_after(when);
  if (index == size() || time_at(index) != when) return std::nullopt;
  return at(index);
}

std::vector<judged_reading> unit_window::from(std::size_t index) const {
  std::vector<judged_reading> out;
  if (index >= size()) return out;
  out.reserve(size() - index);
  for (std::size_t i = index; i < size(); ++i)
    out.push_back(at(i));
  return out;
}

void unit_window::append(const judged_reading& reading) {
  if (empty()) base_ = reading.at;
  if (slots_.size() == slots_.capacity()) slots_.reserve(slots_.size() + growth);
  const auto flags = static_cast<unsigned>(reading.state) | (static_cast<unsigned>(reading.scale) << 2) |
                     (static_cast<unsigned>(reading.history) << 4);
  const auto offset = static_cast<std::uint32_t>((reading.at - base_).count());
  slots_.push_back({offset, reading.value, reading.score, reading.error, reading.model,
                    static_cast<std::uint8_t>(flags), reading.sensor});
  if (!reading.why.empty()) insights_.push_back({offset, reading.why});
}

void unit_window::cut_from(timestamp when) {
  slots_.resize(first_at_or_after(when));
  while (!insights_.empty() && (empty() || insights_.back().offset_ms > slots_.back().offset_ms))
    insights_.pop_back();
}

std::vector<judged_reading> unit_window::take_through(timestamp when) {
  const std::size_t end = first_at_or_after(when + millis{1});
  std::vector<judged_reading> out;
  out.reserve(end);
  for (std::size_t i = 0; i < end; ++i)
    out.push_back(at(i));
  if (end == 0) return out;
  const std::uint32_t shift = end < size() ? slots_[end].offset_ms : 0;
  base_ += millis{shift};
  slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(end));
  for (slot& s : slots_)
    s.offset_ms -= shift;
  std::erase_if(insights_, [&](const noted& n) { return empty() || n.offset_ms < shift; });
  for (noted& n : insights_)
    n.offset_ms -= shift;
  return out;
}

} // namespace coldvigil
