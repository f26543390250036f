#include "actors/desk.hpp"

#include "core/rule_check.hpp"
#include "core/rule_text.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil::actors {
namespace {

failure no_alarm(const uuid& alarm) {
  return {error_code::not_found, "there is no such alarm", to_string(alarm), "ask for the list of alarms"};
}

std::string shown(const scoped_rule& rule) {
  std::string out = std::string(to_string(rule.scope)) + ": " + to_text(rule.what);
  return rule.off ? out + " (off)" : out;
}

/// The newest revision of the rule; nothing when the customer has none of this id.
const rule_record* newest(const std::vector<rule_record>& all, customer_id customer, rule_id id) {
  const rule_record* out = nullptr;
  for (const rule_record& each : all)
    if (each.rule.customer == customer && each.rule.what.id == id) out = &each;
  return out;
}

audit_entry audit_of(const rule_request& request, const rule_record* before, timestamp now) {
  audit_entry out;
  out.at = now;
  out.customer = request.rule.customer;
  out.actor = request.who;
  out.action = request.removed ? "rule.removed" : before ? "rule.changed" : "rule.created";
  out.subject =
      request.rule.what.name.empty() ? std::string(to_string(request.rule.what.kind)) : request.rule.what.name;
  if (before) out.old_value = shown(before->rule);
  if (!request.removed) out.new_value = shown(request.rule);
  out.reason = request.reason;
  return out;
}

} // namespace

status publish_rules(store& durable, rule_board& board) {
  auto all = durable.load_rules();
  if (!all) return all.error();
  auto history = std::make_shared<rule_history>();
  for (rule_record& each : *all)
    history->add(std::move(each));
  board.publish(std::move(history));
  return nothing{};
}

result<rule_record> change_rule(store& durable, rule_board& board, const rule_request& request, timestamp now,
                                timestamp earliest) {
  if (const auto sound = check(request.rule.what); !sound) return sound.error();
  const auto all = durable.load_rules();
  if (!all) return all.error();
  const rule_id id = request.rule.what.id;
  const rule_record* before = id == rule_id{} ? nullptr : newest(*all, request.rule.customer, id);
  const bool there = before && !before->removed;
  if ((id != rule_id{} || request.removed) && !there)
    return failure{error_code::not_found, "the customer has no such rule",
                   std::to_string(static_cast<std::uint32_t>(id)), "ask for the list of rules"};
  rule_record change;
  change.rule = request.rule;
  change.removed = request.removed;
  change.from = std::max(now, earliest);
  change.changed_at = now;
  auto stored = durable.change_rule(change, audit_of(request, before, now));
  if (!stored) return stored.error();
  if (auto done = publish_rules(durable, board); !done) return done.error();
  return stored;
}

result<alarm_story> story_of(store_reader& from, const uuid& alarm, std::optional<customer_id> customer) {
  alarm_query query;
  query.public_id = alarm;
  query.customer = customer;
  query.with_annulled = true;
  query.limit = 1;
  auto found = from.alarms(query);
  if (!found) return found.error();
  if (found->items.empty()) return no_alarm(alarm);
  alarm_story out;
  out.alarm = std::move(found->items.front());
  auto transitions = from.transitions(out.alarm.id);
  if (!transitions) return transitions.error();
  auto said = from.life_events(out.alarm.id);
  if (!said) return said.error();
  out.transitions = std::move(*transitions);
  out.said = std::move(*said);
  out.life = life_of(out.transitions, out.said);
  return out;
}

result<alarm_story> say(store& durable, const uuid& alarm, std::optional<customer_id> customer, const life_event& event,
                        const life_limits& limits) {
  auto reader = durable.make_reader();
  if (!reader) return reader.error();
  auto story = story_of(**reader, alarm, customer);
  if (!story) return story.error();
  auto after = live(story->life, event, limits_of(story->alarm, limits));
  if (!after) return after.error();
  audit_entry audit;
  audit.at = event.at;
  audit.customer = story->alarm.customer;
  audit.actor = event.who;
  audit.action = "alarm." + std::string(to_string(event.kind));
  audit.subject = to_string(alarm);
  audit.old_value = to_string(story->life.stage());
  audit.new_value = to_string(after->stage());
  audit.reason = event.text;
  if (auto done = durable.add_life_event(story->alarm.id, event, audit); !done) return done.error();
  story->said.push_back(event);
  story->life = std::move(*after);
  return story;
}

} // namespace coldvigil::actors
