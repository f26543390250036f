#include "actors/system_watcher.hpp"

#include "actors/supervision.hpp"

#include <algorithm>
#include <map>

namespace coldvigil::actors {
namespace {

audit_entry audit_of(const system_event& event, timestamp now) {
  const system_condition& what = event.alarm.what;
  audit_entry out;
  out.at = now;
  out.customer = what.customer;
  out.actor = "system";
  out.action = event.raised ? "system_alarm.raised" : "system_alarm.cleared";
  out.subject = std::string(to_string(what.fault)) + " " + what.subject;
  out.new_value = what.detail;
  out.reason = words_of(what.fault);
  return out;
}

alarm_notice notice_of(const system_event& event, const now_board& board, timestamp now) {
  const system_condition& what = event.alarm.what;
  alarm_notice out;
  out.alarm = event.alarm.id;
  out.transition = static_cast<std::uint64_t>(to_ms(now)); // rises: it is cleared after it was raised
  out.state = event.raised ? notice_state::raised : notice_state::cleared;
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
  for (const auto& facility : customer->directory->facilities)
    if (what.fault == system_fault::site_silent && facility->code == what.subject) out.facility = facility->id;
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
  for (const auto& customer : context->board.all().customers)
    for (system_condition& each : silent_places(*customer, limits))
      out.push_back(std::move(each));
  return out;
}

/// One cause is one alarm: those of its units are suppressed by design while it lasts.
void system_watcher_state::follow_causes() const {
  std::map<std::int64_t, std::string> cause_of;
  for (const system_alarm& each : *context->system->alarms())
    if (!each.cleared_at)
      for (const unit_id unit : each.what.units)
        cause_of[number(unit)] = std::string(words_of(each.what.fault)) + ": " + each.what.subject;
  std::size_t left = context->limits.suppressions_a_tick;
  for (const auto& customer : context->board.all().customers)
    for (std::size_t i = 0; i < customer->unit_count && left > 0; ++i) {
      const unit_now& unit = customer->unit(i);
      const auto cause = cause_of.find(number(unit.unit->id));
      for (const auto& alarm : unit.open) {
        if (alarm->rule != rule_kind::no_data || left == 0) continue;
        const auto& suppressed = unit.life_of(*alarm).suppressed;
        if ((cause != cause_of.end()) == suppressed.has_value()) continue;
        alarm_said what;
        what.word.alarm = alarm->public_id;
        what.word.event.kind = suppressed ? life_event_kind::unsuppress : life_event_kind::suppress;
        what.word.event.who = "system";
        what.word.event.text = suppressed ? "the common cause is over" : cause->second;
        what.done = [](const result<alarm_story>&) {}; // looked at again with the next tick
        caf::anon_send(tools.writer, std::move(what));
        --left;
      }
    }
}

void system_watcher_state::look() {
  const timestamp now = context->time.now();
  const auto events = watch->look(conditions(now), now);
  auto alarms = watch->alarms();
  std::array<std::uint64_t, system_fault_count> open{};
  for (const system_alarm& each : alarms)
    if (!each.cleared_at) ++open[static_cast<std::size_t>(each.what.fault)];
  for (std::size_t i = 0; i < open.size(); ++i)
    context->metrics.system_alarms[i] = open[i];
  // Before the commit: that the store is away could not be told after it.
  context->system->publish(std::move(alarms));
  follow_causes();
  if (events.empty()) return;
  system_news news;
  for (const system_event& each : events) {
    news.audits.push_back(audit_of(each, now));
    news.notices.push_back(notice_of(each, context->board, now));
    if (tools.log) tools.log(news.audits.back().action, news.audits.back().subject + ": " + each.alarm.what.detail);
  }
  caf::anon_send(tools.writer, std::move(news));
}

system_watcher_actor::behavior_type system_watcher(system_watcher_actor::stateful_pointer<system_watcher_state> self,
                                                   const engine_context* context, system_watcher_tools tools) {
  stop_all_on_fault(self, *context, "system watcher");
  self->state.context = context;
  self->state.tools = std::move(tools);
  self->state.watch = std::make_unique<system_watch>(context->limits.system_watch, context->fresh_uuid);
  self->delayed_send(self, context->limits.system_tick, tick{});
  return {
      [self](tick) {
        self->state.look();
        self->delayed_send(self, self->state.context->limits.system_tick, tick{});
      },
  };
}

} // namespace coldvigil::actors
