#include "actors/system_watcher.hpp"

#include "actors/supervision.hpp"
#include "core/alarm_shelf.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace coldvigil::actors {
namespace {

std::string subject_of(const system_alarm& alarm) {
  return std::string(to_string(alarm.what.fault)) + " " + alarm.what.subject + " " + to_string(alarm.id);
}

audit_entry audit_of(const system_alarm& alarm, const std::string& action, const alarm_life::mark& said) {
  audit_entry out;
  out.at = said.at;
  out.customer = alarm.what.customer;
  out.actor = said.who;
  out.action = action;
  out.subject = subject_of(alarm);
  out.reason = said.text;
  return out;
}

audit_entry audit_of(const system_event& event, timestamp now) {
  const system_condition& what = event.alarm.what;
  audit_entry out;
  out.at = now;
  out.customer = what.customer;
  out.actor = engine_name;
  out.action = event.step == system_step::raised ? "system_alarm.raised" : "system_alarm.cleared";
  out.subject = subject_of(event.alarm);
  out.new_value = what.detail;
  out.reason = words_of(what.fault);
  return out;
}

/// "Freezer 1, Freezer 2 and 7 more"
std::string names_of(const std::vector<unit_id>& units, const customer_now& customer) {
  constexpr std::size_t most = 50;
  std::string out;
  for (std::size_t i = 0; i < std::min(units.size(), most); ++i)
    if (const unit_now* unit = customer.find(units[i]))
      out += (out.empty() ? "" : ", ") + unit->unit->name.value_or(unit->unit->code);
  return units.size() > most ? out + " and " + std::to_string(units.size() - most) + " more" : out;
}

alarm_notice notice_of(const system_event& event, const now_board& board) {
  const system_condition& what = event.alarm.what;
  alarm_notice out;
  out.alarm = event.alarm.id;
  const bool raised = event.step == system_step::raised;
  out.transition = raised ? 1 : 2;
  out.state = raised ? notice_state::raised : notice_state::cleared;
  // That recording has stopped is told from memory while it lasts; when this can be stored, it is over.
  out.retroactive = what.fault == system_fault::store_away;
  out.level = event.alarm.level == alarm_level::critical ? severity::critical : severity::warning;
  out.customer_name = "Coldvigil";
  out.facility_name = what.subject;
  out.unit_name = what.units.empty() ? "Coldvigil" : std::to_string(what.units.size()) + " units";
  out.rule = words_of(what.fault);
  out.raised_at = event.alarm.raised_at;
  out.ended_at = event.alarm.cleared_at;
  out.explanation = what.detail;
  const auto customer = what.customer ? board.of(*what.customer) : nullptr;
  if (!customer || what.units.empty()) return out;
  // A common cause concerns those who look after the site, not those who look after Coldvigil.
  out.customer = *what.customer;
  out.customer_name = customer->directory->customer->name;
  out.codes.customer = customer->directory->customer->code;
  out.explanation += ": " + names_of(what.units, *customer);
  for (const auto& facility : customer->directory->facilities) {
    if (what.fault != system_fault::site_silent || facility->code != what.subject) continue;
    out.facility = facility->id;
    out.facility_name = facility->name.value_or(facility->code);
    out.codes.facility = facility->code;
  }
  return out;
}

} // namespace

double system_watcher_state::slowest_commit() {
  double out = 0;
  const auto& bounds = latency_histogram::bounds_ms;
  for (std::size_t i = 0; i < commits_by_time.size(); ++i) {
    const std::uint64_t count = context->metrics.commit_time.count(i);
    if (count != std::exchange(commits_by_time[i], count)) out = i < bounds.size() ? bounds[i] : 2 * bounds.back();
  }
  return out;
}

system_state system_watcher_state::measure(timestamp now) {
  system_state out = tools.measure ? tools.measure(now) : system_state{};
  out.store_trouble = tools.health->trouble();
  out.slow_commit_ms = slowest_commit();
  const std::uint64_t so_far = context->metrics.commits.load();
  if (so_far != std::exchange(commits, so_far) || context->gate.in_flight() == 0)
    waiting_since.reset();
  else if (!waiting_since)
    waiting_since = now;
  out.waiting_since = waiting_since;
  out.polls = context->system->polls();
  for (poll_state& each : out.polls)
    if (const auto customer = context->board.of(each.customer)) each.code = customer->directory->customer->code;
  return out;
}

std::vector<system_condition> system_watcher_state::conditions(timestamp now) {
  const system_limits& limits = context->limits.system;
  auto out = conditions_of(measure(now), limits, now);
  keep_shown(*context->system->alarms(), limits, now, out);
  std::map<customer_id, std::set<std::string>> told;
  for (const system_alarm& each : *context->system->alarms())
    if (each.open() && each.what.fault == system_fault::site_silent)
      told[*each.what.customer].insert(each.what.subject);
  for (const auto& customer : context->board.all().customers)
    for (system_condition& each : silent_places(*customer, limits, told[customer->directory->customer->id]))
      out.push_back(std::move(each));
  return out;
}

/// One cause is one alarm: those of its units are suppressed by design while it lasts. After a restart a cause may be
/// known by its condition alone for a while: then they stay as they are.
void system_watcher_state::follow_causes() const {
  std::map<std::int64_t, std::string> cause_of;
  for (const system_alarm& each : *context->system->alarms())
    if (!each.cleared_at)
      for (const unit_id unit : each.what.units)
        cause_of[number(unit)] = std::string(words_of(each.what.fault)) + ": " + each.what.subject;
  std::set<std::int64_t> perhaps;
  for (const system_condition& each : watch->pending())
    for (const unit_id unit : each.units)
      perhaps.insert(number(unit));
  std::size_t left = context->limits.suppressions_a_tick;
  for (const auto& customer : context->board.all().customers)
    for (std::size_t i = 0; i < customer->unit_count && left > 0; ++i) {
      const unit_now& unit = customer->unit(i);
      const auto cause = cause_of.find(number(unit.unit->id));
      for (const auto& alarm : unit.open) {
        if (alarm->rule != rule_kind::no_data || left == 0) continue;
        const auto& suppressed = unit.life_of(*alarm).suppressed;
        if ((cause != cause_of.end()) == suppressed.has_value()) continue;
        if (suppressed && perhaps.contains(number(unit.unit->id))) continue;
        alarm_said what;
        what.word.alarm = alarm->public_id;
        what.word.event.kind = suppressed ? life_event_kind::unsuppress : life_event_kind::suppress;
        what.word.event.who = engine_name;
        what.word.event.text = suppressed ? "the common cause is over" : cause->second;
        what.done = [](const result<alarm_story>&) {}; // looked at again with the next tick
        caf::anon_send(tools.writer, std::move(what));
        --left;
      }
    }
}

void system_watcher_state::publish() {
  auto alarms = watch->alarms();
  std::array<std::uint64_t, system_fault_count> open{};
  for (const system_alarm& each : alarms)
    if (each.open()) ++open[static_cast<std::size_t>(each.what.fault)];
  for (std::size_t i = 0; i < open.size(); ++i)
    context->metrics.system_alarms[i] = open[i];
  context->system->publish(std::move(alarms));
}

void system_watcher_state::restore() {
  watch = std::make_unique<system_watch>(context->limits.system_watch, context->fresh_uuid);
  watch->restore(*context->system->alarms());
  publish();
}

void system_watcher_state::look() {
  const timestamp now = context->time.now();
  const auto events = watch->look(conditions(now), now);
  publish(); // before the commit: that the store is away could not be told after it
  system_news news;
  for (const system_event& each : events) {
    news.alarms.push_back(each.alarm);
    if (each.step == system_step::spread) continue;
    news.audits.push_back(audit_of(each, now));
    news.notices.push_back(notice_of(each, context->board));
    if (tools.log) tools.log(news.audits.back().action, news.audits.back().subject + ": " + each.alarm.what.detail);
  }
  if (!events.empty()) caf::anon_send(tools.writer, std::move(news)); // the cause before what follows from it
  follow_causes();
}

/// Counts at once, whatever becomes of the commit. Every answer comes from the writer, in the order of what it records.
void system_watcher_state::seen(const system_alarm_seen& what) {
  const timestamp now = context->time.now();
  const alarm_life::mark said{now, what.who, what.reason};
  const auto known = watch->acknowledge(what.alarm, what.customer, said);
  system_news news;
  if (known) {
    publish();
    news.alarms.push_back(*known);
    news.audits.push_back(audit_of(*known, "system_alarm.acknowledged", *known->acknowledged));
  } else if (what.keep_reason && known.error().code == error_code::conflict && !says_nothing(what.reason)) {
    for (const system_alarm& each : *context->system->alarms())
      if (each.id == what.alarm) news.audits.push_back(audit_of(each, "system_alarm.commented", said));
  }
  news.done = [known, recorded = !news.audits.empty(), done = what.done](const status& stored) {
    if (recorded && !stored) return done(stored.error());
    done(known);
  };
  caf::anon_send(tools.writer, std::move(news));
}

system_watcher_actor::behavior_type system_watcher(system_watcher_actor::stateful_pointer<system_watcher_state> self,
                                                   const engine_context* context, system_watcher_tools tools) {
  stop_all_on_fault(self, *context, "system watcher");
  self->state.context = context;
  self->state.tools = std::move(tools);
  self->state.restore();
  self->delayed_send(self, context->limits.system_tick, tick{});
  return {
      [self](tick) {
        self->state.look();
        self->delayed_send(self, self->state.context->limits.system_tick, tick{});
      },
      [self](const system_alarm_seen& what) { self->state.seen(what); },
  };
}

} // namespace coldvigil::actors
