#include "core/system_watch.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace coldvigil {
namespace {

struct fault_words {
  std::string_view name;
  std::string_view words;
  alarm_level level;
};
constexpr std::array<fault_words, system_fault_count> faults{{
    {"store_away", "the store cannot be written to", alarm_level::critical},
    {"store_slow", "the store is slow", alarm_level::warning},
    {"disk_low", "the disk of the store is nearly full", alarm_level::critical},
    {"clock_stepped", "the clock of this machine was set", alarm_level::warning},
    {"backlog_old", "readings wait too long to be recorded", alarm_level::critical},
    {"polls_failing", "a customer's endpoint gives nothing usable", alarm_level::warning},
    {"polls_refused", "a customer's endpoint refuses the credentials", alarm_level::warning},
    {"model_missing", "the model does not score", alarm_level::warning},
    {"self_test_overdue", "a self-test of notification is not confirmed", alarm_level::warning},
    {"notice_undelivered", "a message to a person could not be delivered", alarm_level::critical},
    {"site_silent", "nothing is heard of a whole site", alarm_level::critical},
    {"customer_silent", "nothing is heard of any site of a customer", alarm_level::critical},
}};

const fault_words& of(system_fault fault) {
  return faults[static_cast<std::size_t>(fault)];
}

} // namespace

std::string_view to_string(system_fault fault) {
  return of(fault).name;
}
std::string_view words_of(system_fault fault) {
  return of(fault).words;
}
alarm_level level_of(system_fault fault) {
  return of(fault).level;
}

void system_watch::note(const system_condition& condition, millis passed) {
  const key at{condition.fault, number(condition.customer.value_or(customer_id{})), condition.subject};
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
  one.alarm.what = condition;
}

void system_watch::turn(machine& of, timestamp now, std::vector<system_event>& out) {
  if (of.held && !of.raised && of.so >= limits_.on_delay) {
    of.raised = true;
    of.alarm.id = fresh_();
    of.alarm.level = level_of(of.alarm.what.fault);
    of.alarm.raised_at = now;
    out.push_back({true, of.alarm});
  } else if (!of.held && of.raised && of.so >= limits_.off_delay) {
    of.raised = false;
    of.alarm.cleared_at = now;
    out.push_back({false, of.alarm});
    cleared_.push_back(of.alarm);
    if (cleared_.size() > limits_.kept) cleared_.erase(cleared_.begin());
  }
}

std::vector<system_event> system_watch::look(const std::vector<system_condition>& holding, timestamp now) {
  const millis passed = looked_at_ ? std::max(now - *looked_at_, millis{0}) : millis{0};
  looked_at_ = now;
  std::set<key> there;
  for (const system_condition& each : holding) {
    there.emplace(each.fault, number(each.customer.value_or(customer_id{})), each.subject);
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

std::vector<system_alarm> system_watch::alarms() const {
  std::vector<system_alarm> out;
  for (const auto& [at, one] : machines_)
    if (one.raised) out.push_back(one.alarm);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.raised_at > b.raised_at; });
  out.insert(out.end(), cleared_.rbegin(), cleared_.rend());
  return out;
}

} // namespace coldvigil
