#include "core/system_watch.hpp"

#include "core/plain_text.hpp"

#include <algorithm>
#include <set>

namespace coldvigil {

/// What goes wrong with a customer's polls is one cause, however the endpoint words it.
system_watch::key system_watch::key_of(const system_condition& condition) {
  const bool polls = condition.fault == system_fault::polls_refused;
  return {polls ? system_fault::polls_failing : condition.fault, number(condition.customer.value_or(customer_id{})),
          condition.subject};
}

void system_watch::keep(const system_alarm& cleared) {
  cleared_.push_back(cleared);
  if (cleared_.size() > limits_.kept) cleared_.erase(cleared_.begin());
}

void system_watch::restore(const std::vector<system_alarm>& stored) {
  for (auto each = stored.rbegin(); each != stored.rend(); ++each) // the oldest first
    if (each->open())
      machines_.insert_or_assign(key_of(each->what), machine{*each, true, true, millis{0}, false});
    else
      keep(*each);
}

void system_watch::note(const system_condition& condition, millis passed) {
  const key at = key_of(condition);
  auto found = machines_.find(at);
  if (found == machines_.end()) {
    if (machines_.size() >= limits_.most_open) {
      ++left_out_;
      return;
    }
    found = machines_.emplace(at, machine{}).first;
    passed = millis{0}; // nothing is known of the time before
  }
  machine& one = found->second;
  one.so = one.held ? one.so + passed : millis{0};
  one.held = true;
  one.spread = one.raised && (one.alarm.what.units != condition.units || one.alarm.what.fault != condition.fault);
  one.alarm.what = condition;
}

void system_watch::turn(machine& of, timestamp now, std::vector<system_event>& out) {
  const bool spread = std::exchange(of.spread, false);
  if (of.held && !of.raised && of.so >= on_delay_of(of.alarm.what)) {
    of.raised = true;
    of.alarm.id = fresh_();
    of.alarm.level = level_of(of.alarm.what.fault);
    of.alarm.raised_at = now;
    out.push_back({system_step::raised, of.alarm});
  } else if (!of.held && of.raised && of.so >= limits_.off_delay) {
    of.raised = false;
    of.alarm.cleared_at = now;
    out.push_back({system_step::cleared, of.alarm});
    keep(of.alarm);
  } else if (spread) {
    out.push_back({system_step::spread, of.alarm});
  }
}

std::vector<system_event> system_watch::look(const std::vector<system_condition>& holding, timestamp now) {
  const millis passed = looked_at_ ? std::max(now - *looked_at_, millis{0}) : millis{0};
  looked_at_ = now;
  std::set<key> there;
  for (const system_condition& each : holding) {
    there.insert(key_of(each));
    note(each, passed);
  }
  std::vector<system_event> out;
  for (auto at = machines_.begin(); at != machines_.end();) {
    machine& one = at->second;
    if (!there.contains(at->first)) {
      one.so = one.held ? millis{0} : one.so + passed;
      one.held = false;
    }
    turn(one, now, out);
    at = one.held || one.raised ? std::next(at) : machines_.erase(at);
  }
  return out;
}

result<system_alarm> system_watch::acknowledge(const uuid& alarm, std::optional<customer_id> scope,
                                               alarm_life::mark by) {
  const auto found = std::ranges::find_if(machines_, [&](const auto& each) {
    return each.second.raised && each.second.alarm.id == alarm && (!scope || each.second.alarm.what.customer == scope);
  });
  if (found == machines_.end())
    return failure{error_code::not_found, "there is no such open alarm", to_string(alarm), "ask for the list of them"};
  system_alarm& known = found->second.alarm;
  if (known.acknowledged && known.acknowledged->who == by.who && known.acknowledged->text == by.text) return known;
  if (known.acknowledged)
    return failure{error_code::conflict, "it is acknowledged already, by " + known.acknowledged->who, to_string(alarm)};
  if (const auto fault = fault_in_text(by.text, text_form::lines, limits_.longest_text))
    return failure{error_code::invalid_argument, "the text cannot be kept: " + *fault, to_string(alarm),
                   "write it anew"};
  known.acknowledged = std::move(by);
  return known;
}

std::vector<system_alarm> system_watch::alarms() const {
  std::vector<system_alarm> out;
  for (const auto& [at, one] : machines_)
    if (one.raised) out.push_back(one.alarm);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.raised_at > b.raised_at; });
  out.insert(out.end(), cleared_.rbegin(), cleared_.rend());
  return out;
}

std::vector<system_condition> system_watch::pending() const {
  std::vector<system_condition> out;
  for (const auto& [at, one] : machines_)
    if (one.held && !one.raised) out.push_back(one.alarm.what);
  return out;
}

} // namespace coldvigil
