#include "actors/desk.hpp"

#include "core/rule_check.hpp"
#include "core/rule_text.hpp"

#include <algorithm>
#include <map>
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

bool same_place(const scoped_rule& a, const scoped_rule& b) {
  if (a.customer != b.customer || a.scope != b.scope) return false;
  if (a.scope == rule_scope::kind) return a.kind == b.kind;
  if (a.scope == rule_scope::facility) return a.facility == b.facility;
  return a.scope == rule_scope::customer || a.unit == b.unit;
}

/// Rules that stand at the request's place, beside the one that it changes.
std::size_t neighbours(const std::vector<rule_record>& all, const scoped_rule& rule) {
  std::map<rule_id, bool> at_place;
  for (const rule_record& each : all)
    at_place[each.rule.what.id] = !each.removed && same_place(each.rule, rule) && each.rule.what.id != rule.what.id;
  return static_cast<std::size_t>(
      std::count_if(at_place.begin(), at_place.end(), [](const auto& entry) { return entry.second; }));
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
                                timestamp earliest, const desk_limits& limits) {
  if (const auto sound = check(request.rule.what); !sound) return sound.error();
  const auto all = durable.load_rules();
  if (!all) return all.error();
  const rule_id id = request.rule.what.id;
  const rule_record* before = id == rule_id{} ? nullptr : newest(*all, request.rule.customer, id);
  const bool there = before && !before->removed;
  if ((id != rule_id{} || request.removed) && !there)
    return failure{error_code::not_found, "the customer has no such rule",
                   std::to_string(static_cast<std::uint32_t>(id)), "ask for the list of rules"};
  if (!request.removed && neighbours(*all, request.rule) >= limits.rules_a_place)
    return failure{error_code::limit, "there are too many rules at this place already",
                   std::string(to_string(request.rule.scope)), "remove one that nobody needs"};
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
                        const desk_limits& limits) {
  auto reader = durable.make_reader();
  if (!reader) return reader.error();
  auto story = story_of(**reader, alarm, customer);
  if (!story) return story.error();
  if (story->said.size() >= limits.said)
    return failure{error_code::limit, "too much is said of this alarm already", to_string(alarm), "close it"};
  auto after = live(story->life, event, limits_of(story->alarm, limits.life));
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
