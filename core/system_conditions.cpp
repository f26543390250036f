#include "core/system_conditions.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace coldvigil {
namespace {

std::string in_seconds(millis span) {
  return std::to_string(span.count() / 1000) + " s";
}

void of_store(const system_state& now, const system_limits& limits, timestamp at, std::vector<system_condition>& out) {
  if (!now.store_trouble.empty()) out.push_back({system_fault::store_away, {}, "store", now.store_trouble, {}});
  if (now.slow_commit_ms && *now.slow_commit_ms > limits.slow_commit_ms)
    out.push_back({system_fault::store_slow,
                   {},
                   "store",
                   "a commit took " + std::to_string(static_cast<long>(*now.slow_commit_ms)) + " ms",
                   {}});
  // While the store is away everything waits: that is one cause.
  if (now.store_trouble.empty() && now.waiting_since && at - *now.waiting_since > limits.old_backlog)
    out.push_back(
        {system_fault::backlog_old, {}, "store", "the oldest waits for " + in_seconds(at - *now.waiting_since), {}});
  if (!now.disk_free || !now.disk_size) return;
  const double share =
      static_cast<double>(*now.disk_free) / static_cast<double>(std::max<std::uint64_t>(*now.disk_size, 1));
  if (share >= limits.disk_share && *now.disk_free >= limits.disk_bytes) return;
  char text[80];
  std::snprintf(text, sizeof text, "%.1f GiB are free, %.1f %%", static_cast<double>(*now.disk_free) / (1ull << 30),
                100 * share);
  out.push_back({system_fault::disk_low, {}, "store", text, {}});
}

void of_polls(const system_state& now, const system_limits& limits, timestamp at, std::vector<system_condition>& out) {
  for (const poll_state& each : now.polls) {
    if (each.failures < limits.poll_failures || (each.believed_until && at > *each.believed_until)) continue;
    const auto fault = each.refused ? system_fault::polls_refused : system_fault::polls_failing;
    out.push_back(
        {fault, each.customer, each.code, std::to_string(each.failures) + " polls in a row failed: " + each.error, {}});
  }
}

/// Each way is an alarm of its own, so that who has seen one hears of the next; a channel that fails for everybody is
/// no flood.
void of_lost_messages(const system_state& now, const system_limits& limits, std::vector<system_condition>& out) {
  const std::size_t named = std::min(now.undelivered.size(), limits.lost_ways);
  for (std::size_t i = 0; i < named; ++i)
    out.push_back({system_fault::notice_undelivered,
                   {},
                   now.undelivered[i],
                   "a message to this person by this channel was given up: see the deliveries",
                   {}});
  if (named < now.undelivered.size())
    out.push_back({system_fault::notice_undelivered,
                   {},
                   "other ways",
                   "messages by " + std::to_string(now.undelivered.size() - named) +
                       " more ways were given up: see the deliveries",
                   {}});
}

/// Who hears of it is called by the policy for Coldvigil itself, so somebody outside the chain that did not answer can
/// be. Each alarm is one of its own, for the next one may be of another team.
void of_unheard_alarms(const system_state& now, std::vector<system_condition>& out) {
  for (const unheard_alarm& each : now.unheard.named)
    out.push_back({system_fault::alarm_unheard,
                   each.customer,
                   each.words,
                   "raised " + format_utc(each.raised_at) +
                       ": everybody of its policy was called as often as that says, and nobody is called any more",
                   {}});
  if (now.unheard.more > 0)
    out.push_back({system_fault::alarm_unheard,
                   {},
                   "other alarms",
                   "of " + std::to_string(now.unheard.more) + " more alarms all rounds of calls are through",
                   {}});
}

/// Whoever hears of it is called by a channel that has room.
void of_shortage(const system_state& now, std::vector<system_condition>& out) {
  const notification_shortage& what = now.shortage;
  for (const std::string& channel : what.channels)
    out.push_back(
        {system_fault::notification_full,
         {},
         "channel " + channel,
         "as many messages waited for it within the last minute as may (notifications.max_waiting): whoever was "
         "to be called by it then was not. See in the deliveries why it takes none",
         {}});
  if (what.waiting == 0 && what.dropped == 0) return;
  std::string detail;
  if (what.waiting > 0)
    detail = "people are called about as many as may (notifications.max_cases): " + std::to_string(what.waiting) +
             " more wait until others are over";
  if (what.dropped > 0)
    detail += (detail.empty() ? "" : "; ") + std::to_string(what.dropped) +
              " steps of further alarms are told of after a restart alone";
  if (what.uncalled > 0)
    detail += ", and nobody is called about " + std::to_string(what.uncalled) + " of these alarms, which go on";
  out.push_back({system_fault::notification_full, {}, "alarms", detail, {}});
}

/// The units of one facility that reported ever, and those of them that are silent.
struct site {
  std::size_t reporting = 0;
  std::vector<unit_id> silent{};
};

bool is_silent(const unit_now& unit) {
  return std::any_of(unit.open.begin(), unit.open.end(),
                     [](const auto& alarm) { return alarm->rule == rule_kind::no_data; });
}

bool is_silent(const site& of, const system_limits& limits) {
  return of.reporting >= limits.site_units &&
         static_cast<double>(of.silent.size()) >= limits.site_share * static_cast<double>(of.reporting);
}

std::map<std::int64_t, site> sites_of(const customer_now& of) {
  std::map<std::int64_t, site> out;
  for (std::size_t i = 0; i < of.unit_count; ++i) {
    const unit_now& unit = of.unit(i);
    if (!unit.last_contact || unit.out_of_service) continue;
    site& at = out[number(unit.unit->facility)];
    ++at.reporting;
    if (is_silent(unit)) at.silent.push_back(unit.unit->id);
  }
  return out;
}

std::string count_of(const std::vector<unit_id>& silent, std::size_t all) {
  return "nothing is heard of " + std::to_string(silent.size()) + " of " + std::to_string(all) + " units";
}

} // namespace

std::vector<system_condition> conditions_of(const system_state& now, const system_limits& limits, timestamp at) {
  std::vector<system_condition> out;
  of_store(now, limits, at, out);
  of_polls(now, limits, at, out);
  if (now.clock_step)
    out.push_back({system_fault::clock_stepped,
                   {},
                   "clock",
                   "by " + std::to_string(now.clock_step->count()) + " ms; times of silence may be wrong",
                   {}});
  if (now.model_wanted && !now.model_there)
    out.push_back({system_fault::model_missing, {}, "model", "rules work alone", {}});
  for (const std::string& way : now.overdue_tests)
    out.push_back({system_fault::self_test_overdue, {}, way, "alarms may not reach this person this way", {}});
  of_lost_messages(now, limits, out);
  of_unheard_alarms(now, out);
  of_shortage(now, out);
  return out;
}

void keep_shown(const std::vector<system_alarm>& known, const system_limits& limits, timestamp at,
                std::vector<system_condition>& holding) {
  for (const system_alarm& each : known) {
    const bool moment =
        each.what.fault == system_fault::clock_stepped || each.what.fault == system_fault::notice_undelivered;
    if (!each.open() || !moment || at < each.raised_at || at - each.raised_at > limits.shown_for) continue;
    const bool there = std::any_of(holding.begin(), holding.end(), [&](const system_condition& other) {
      return other.fault == each.what.fault && other.subject == each.what.subject;
    });
    if (!there) holding.push_back(each.what);
  }
}

std::vector<system_condition> silent_places(const customer_now& of, const system_limits& limits,
                                            const std::set<std::string>& told) {
  const auto sites = sites_of(of);
  const customer_record& customer = *of.directory->customer;
  std::vector<system_condition> out;
  system_condition all{system_fault::customer_silent, customer.id, customer.code, {}, {}};
  std::size_t reporting = 0;
  for (const auto& facility : of.directory->facilities) {
    const auto found = sites.find(number(facility->id));
    if (found == sites.end()) continue;
    reporting += found->second.reporting;
    if (!is_silent(found->second, limits)) continue;
    const auto& silent = found->second.silent;
    all.units.insert(all.units.end(), silent.begin(), silent.end());
    out.push_back(
        {system_fault::site_silent, customer.id, facility->code, count_of(silent, found->second.reporting), silent});
  }
  if (out.size() < 2 || out.size() != sites.size()) return out;
  std::erase_if(out, [&](const system_condition& each) { return !told.contains(each.subject); });
  if (out.size() == sites.size()) return out;
  all.detail = count_of(all.units, reporting); // one cause, not one a site
  out.push_back(std::move(all));
  return out;
}

} // namespace coldvigil
