#include "core/outbox.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coldvigil {
namespace {

constexpr std::array<std::string_view, message_kind_count> kind_words{"alarm", "follow_up", "self_test", "system"};
constexpr std::array<std::string_view, outbox_state_count> state_words{"waiting", "delivered", "dead"};
constexpr std::array<std::string_view, send_result_count> result_words{"delivered", "retry", "refused"};

} // namespace

std::string_view to_string(message_kind kind) {
  return kind_words[static_cast<std::size_t>(kind)];
}
std::string_view to_string(outbox_state state) {
  return state_words[static_cast<std::size_t>(state)];
}
std::string_view to_string(send_result result) {
  return result_words[static_cast<std::size_t>(result)];
}

void outbox_book::insert(outbox_entry entry) {
  const std::uint64_t number = next_number_++;
  by_key_[entry.key] = number;
  items_.emplace(number, item{std::move(entry), false});
}

void outbox_book::remember(const std::string& key) {
  if (!settled_keys_.insert(key).second) return;
  settled_order_.push_back(key);
  while (settled_order_.size() > limits_.remembered_keys) {
    settled_keys_.erase(settled_order_.front());
    settled_order_.pop_front();
  }
}

void outbox_book::restore(outbox_entry as_stored) {
  if (as_stored.state != outbox_state::waiting)
    remember(as_stored.key);
  else if (!by_key_.contains(as_stored.key))
    insert(std::move(as_stored));
}

outbox_add outbox_book::add(outbox_entry entry) {
  if (by_key_.contains(entry.key) || settled_keys_.contains(entry.key)) return outbox_add::known;
  if (room() == 0) return outbox_add::full;
  insert(std::move(entry));
  return outbox_add::added;
}

std::size_t outbox_book::room() const {
  return limits_.max_waiting - std::min(limits_.max_waiting, items_.size());
}

std::vector<outbox_entry> outbox_book::take_due(timestamp now, std::size_t most) {
  std::vector<outbox_entry> out;
  std::set<std::pair<callee, uuid>> spoken_for; ///< an earlier message about it is not through yet
  for (auto& [number, one] : items_) {
    if (out.size() == most) break;
    bool in_turn = true;
    for (const uuid& alarm : one.entry.alarms)
      if (!spoken_for.insert({one.entry.to, alarm}).second) in_turn = false;
    std::size_t& busy = in_flight_[one.entry.to.channel];
    if (one.in_flight || !in_turn || one.entry.next_at > now || busy >= limits_.max_in_flight_a_channel) continue;
    one.in_flight = true;
    ++busy;
    out.push_back(one.entry);
  }
  return out;
}

std::optional<outbox_book::settled> outbox_book::settle(const std::string& key, const send_outcome& outcome,
                                                        timestamp now, double chance) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  const auto at = items_.find(found->second);
  if (!std::exchange(at->second.in_flight, false)) return std::nullopt;
  outbox_entry& entry = at->second.entry;
  --in_flight_[entry.to.channel];
  ++entry.attempts;
  entry.last_error = outcome.result == send_result::delivered ? std::string{} : outcome.detail;
  delivery_record record{key, entry.attempts, entry.to, entry.kind, now, outcome.took, outcome.result, outcome.detail};
  if (outcome.result == send_result::delivered) {
    entry.state = outbox_state::delivered;
  } else if (outcome.result == send_result::refused || entry.attempts >= limits_.max_attempts ||
             now >= entry.created_at + limits_.give_up_after) {
    entry.state = outbox_state::dead;
  } else {
    const millis asked = std::min(outcome.retry_after.value_or(millis{0}), limits_.max_retry_after);
    entry.next_at = now + std::max(asked, backoff_delay(limits_.backoff, entry.attempts, chance));
    return settled{entry, std::move(record)};
  }
  entry.settled_at = now;
  settled out{std::move(entry), std::move(record)};
  remember(key);
  by_key_.erase(found);
  items_.erase(at);
  return out;
}

} // namespace coldvigil
