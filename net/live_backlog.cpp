#include "net/live_backlog.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

constexpr std::size_t reading_bytes = 150;
constexpr std::size_t alarm_bytes = 700;

std::size_t bytes_of(const feed_item& item) {
  return std::holds_alternative<feed_reading>(item) ? reading_bytes : alarm_bytes;
}

} // namespace

std::size_t estimated_bytes(const feed_frame& frame, std::uint64_t from) {
  if (from <= frame.first && !frame.text.empty()) return frame.text.size();
  std::size_t sum = 0;
  for (std::uint64_t n = std::max(from, frame.first); n <= frame.last(); ++n)
    sum += bytes_of(frame.items[n - frame.first]);
  return sum;
}

live_backlog::outcome live_backlog::add(std::shared_ptr<const feed_frame> frame, std::uint64_t from) {
  const bool alone = bytes() == 0;
  plain_bytes_ += estimated_bytes(*frame, from);
  plain_.push_back(plain{std::move(frame), from});
  if (alone || bytes() <= soft_) return outcome::kept;
  for (const plain& waiting : plain_)
    fold(waiting);
  plain_.clear();
  plain_bytes_ = 0;
  if (bytes() <= hard_) return outcome::folded;
  clear();
  return outcome::overflow;
}

void live_backlog::fold(const plain& waiting) {
  const feed_frame& frame = *waiting.frame;
  if (!folded_) folded_ = folded{frame.epoch, waiting.from, waiting.from, {}, {}};
  folded_->to = frame.last();
  for (std::uint64_t n = waiting.from; n <= frame.last(); ++n) {
    const feed_item& item = frame.items[n - frame.first];
    const auto* reading = std::get_if<feed_reading>(&item);
    if (!reading) {
      folded_->alarms.push_back(numbered_item{n, item});
      folded_bytes_ += alarm_bytes;
      continue;
    }
    const auto [place, fresh] = folded_->newest.try_emplace(number(reading->unit->id), numbered_item{n, item});
    if (fresh)
      folded_bytes_ += reading_bytes;
    else if (std::get<feed_reading>(place->second.item).reading.at <= reading->reading.at)
      place->second = numbered_item{n, item};
  }
}

std::optional<live_backlog::message> live_backlog::pop() {
  if (folded_) {
    std::map<std::uint64_t, feed_item> ordered;
    for (auto& alarm : folded_->alarms)
      ordered.emplace(alarm.number, std::move(alarm.item));
    for (auto& [unit, reading] : folded_->newest)
      ordered.emplace(reading.number, std::move(reading.item));
    span out{folded_->epoch, folded_->from, folded_->to, {}};
    out.items.reserve(ordered.size());
    for (auto& [n, item] : ordered)
      out.items.push_back(numbered_item{n, std::move(item)});
    folded_.reset();
    folded_bytes_ = 0;
    return out;
  }
  if (plain_.empty()) return std::nullopt;
  plain out = std::move(plain_.front());
  plain_.pop_front();
  plain_bytes_ -= estimated_bytes(*out.frame, out.from);
  return out;
}

void live_backlog::clear() {
  folded_.reset();
  plain_.clear();
  plain_bytes_ = 0;
  folded_bytes_ = 0;
}

} // namespace coldvigil
