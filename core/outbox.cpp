#include "core/outbox.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coldvigil {
namespace {

constexpr std::array<std::string_view, message_kind_count> kind_words{"alarm", "follow_up", "self_test", "system"};
constexpr std::array<std::string_view, outbox_state_count> state_words{"waiting", "delivered", "dead", "withdrawn"};
constexpr std::array<std::string_view, send_result_count> result_words{"delivered", "retry", "refused", "withdrawn"};

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
  const place at{entry.kind != message_kind::system, next_number_++};
  by_key_[entry.key] = at;
  if (entry.kind != message_kind::system) room_.take(entry.to.channel);
  items_.emplace(at, item{std::move(entry), false});
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
  if (knows(entry.key)) return outbox_add::known;
  const bool full =
      entry.kind == message_kind::system ? waiting_of_system() >= limits_.max_system : !room_.has(entry.to.channel);
  if (full) return outbox_add::full;
  insert(std::move(entry));
  return outbox_add::added;
}

std::size_t outbox_book::waiting_of_system() const {
  return static_cast<std::size_t>(std::distance(items_.begin(), items_.lower_bound(place{true, 0})));
}

std::vector<outbox_entry> outbox_book::take_due(timestamp now, std::size_t most) {
  std::vector<outbox_entry> out;
  std::set<std::pair<callee, uuid>> spoken_for; ///< an earlier message about it is not through yet
  for (auto& [at, one] : items_) {
    if (out.size() == most) break;
    std::size_t& busy = in_flight_[one.entry.to.channel];
    if (busy >= limits_.max_in_flight_a_channel) continue; // and so is whatever follows in its channel
    bool in_turn = one.entry.kind != message_kind::system || spoken_for.insert({one.entry.to, uuid{}}).second;
    for (const uuid& alarm : one.entry.alarms)
      if (!spoken_for.insert({one.entry.to, alarm}).second) in_turn = false;
    if (one.in_flight || !in_turn || one.entry.next_at > now) continue;
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
  if (outcome.result == send_result::delivered) return end(at, outbox_state::delivered, now, std::move(record));
  if (outcome.result == send_result::refused || entry.attempts >= limits_.max_attempts ||
      now >= entry.created_at + limits_.give_up_after)
    return end(at, outbox_state::dead, now, std::move(record));
  const millis asked = std::min(outcome.retry_after.value_or(millis{0}), limits_.max_retry_after);
  entry.next_at = now + std::max(asked, backoff_delay(limits_.backoff, entry.attempts, chance));
  return settled{entry, std::move(record)};
}

outbox_book::settled outbox_book::end(std::map<place, item>::iterator at, outbox_state as, timestamp now,
                                      delivery_record record) {
  settled out{std::move(at->second.entry), std::move(record)};
  items_.erase(at);
  if (out.entry.kind != message_kind::system) room_.give_back(out.entry.to.channel);
  out.entry.state = as;
  out.entry.settled_at = now;
  by_key_.erase(out.entry.key);
  remember(out.entry.key);
  return out;
}

std::vector<outbox_book::settled>
outbox_book::withdraw(const std::function<std::string(const outbox_entry&)>& why_needless, timestamp now) {
  std::vector<settled> out;
  for (auto at = items_.begin(); at != items_.end();) {
    const auto one = at++;
    const outbox_entry& entry = one->second.entry;
    if (one->second.in_flight) continue;
    std::string why = why_needless(entry);
    if (why.empty()) continue;
    delivery_record record{entry.key, entry.attempts + 1,     entry.to,      entry.kind, now,
                           millis{0}, send_result::withdrawn, std::move(why)};
    out.push_back(end(one, outbox_state::withdrawn, now, std::move(record)));
  }
  return out;
}

} // namespace coldvigil
