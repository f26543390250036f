#include "core/self_test.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

using std::chrono::days;

/// The first instant after `after` at which the clock on the wall shows `time`. Where summer time skips it, an hour
/// later or earlier is as good.
timestamp next_local(const zone_clock& zone, std::chrono::minutes time, timestamp after) {
  const auto today = std::chrono::floor<days>(after + zone.ahead(after));
  for (days ahead{0};; ++ahead) {
    const timestamp guess = timestamp{today + ahead + time} - zone.ahead(after);
    const timestamp at = timestamp{today + ahead + time} - zone.ahead(guess);
    if (at > after) return at;
  }
}

std::string key_of(const callee& to, timestamp now) {
  return "self-test-" + std::to_string(to_ms(now)) + "." + to.channel + "." + to.person;
}

} // namespace

self_test self_test_book::begin(callee to, timestamp now) {
  self_test out{key_of(to, now), to, now, {}, false};
  restore(out);
  return out;
}

self_test_plan self_test_book::plan(const contact_book& contacts, timestamp now, channel_room room) {
  self_test_plan out;
  for (const auto& [id, who] : contacts.persons) {
    if (rule_.every == days{0}) break; // those that somebody asked for are awaited all the same
    for (const contact_way& way : who.ways) {
      const callee to{id, way.channel, way.address};
      const auto last = newest_.find(to);
      timestamp due{};
      if (last == newest_.end())
        due = first_at_.try_emplace(to, next_local(*who.zone, rule_.at, now)).first->second;
      else // half a day of slack, so that a test at 10:00 is followed by one at 10:00
        due = next_local(*who.zone, rule_.at, last->second.sent_at + rule_.every - std::chrono::hours{12});
      if (now < due || !room.has(to.channel)) continue;
      room.take(to.channel);
      out.due.push_back({key_of(to, now), to, now, {}, false});
    }
  }
  for (auto& [to, test] : newest_) {
    if (test.received_at || test.overdue || !has_way(contacts, to) || now < test.sent_at + rule_.receipt_within)
      continue;
    test.overdue = true;
    out.overdue.push_back(test);
  }
  for (const self_test& each : out.due)
    restore(each);
  return out;
}

std::optional<self_test> self_test_book::received(const std::string& key, timestamp now) {
  for (auto& [to, test] : newest_) {
    if (test.key != key || test.received_at) continue;
    test.received_at = now;
    return test;
  }
  return std::nullopt;
}

std::optional<self_test> self_test_book::delivered(const std::string& key, timestamp now) {
  for (const auto& [to, test] : newest_)
    if (test.key == key && !delivery_is_receipt(to.channel)) return std::nullopt;
  return received(key, now);
}

bool self_test_book::delivery_is_receipt(const std::string& channel) const {
  const auto& enough = rule_.taken_is_enough;
  return std::find(enough.begin(), enough.end(), channel) != enough.end();
}

self_test self_test_book::failed(self_test test) {
  test.overdue = true;
  restore(test);
  return test;
}

std::optional<self_test> self_test_book::confirmed(const std::string& key, timestamp now) {
  return received(key, now);
}

std::vector<self_test> self_test_book::all() const {
  std::vector<self_test> out;
  for (const auto& [to, test] : newest_)
    out.push_back(test);
  return out;
}

} // namespace coldvigil
