#include "actors/desk.hpp"

#include "core/plain_text.hpp"
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
  const std::string text = to_text(rule.what);
  return rule.off ? "off " + text : text;
}

audit_entry audit_of(const place_rules& wanted, const rule_record& change, const rule_record* before) {
  const rule& what = change.rule.what;
  audit_entry out;
  out.at = change.changed_at;
  out.customer = change.rule.customer;
  out.actor = wanted.who;
  out.action = change.removed ? "rule.removed" : before ? "rule.changed" : "rule.created";
  out.subject = wanted.place_name + ", rule " + std::to_string(static_cast<std::uint32_t>(what.id));
  if (before) out.old_value = shown(before->rule);
  if (!change.removed) out.new_value = shown(change.rule);
  out.reason = wanted.reason;
  return out;
}

/// The newest revision of each rule that stands at the place.
std::map<rule_id, rule_record> standing(const std::vector<rule_record>& all, const scoped_rule& place) {
  std::map<rule_id, rule_record> out;
  for (const rule_record& each : all) {
    if (each.rule.customer != place.customer) continue;
    out.erase(each.rule.what.id);
    if (!each.removed && same_place(each.rule, place)) out.emplace(each.rule.what.id, each);
  }
  return out;
}

/// The id of the next new rule: no other ever had it.
std::uint32_t unused_id(const std::vector<rule_record>& all) {
  auto out = static_cast<std::uint32_t>(first_stored_rule);
  for (const rule_record& each : all)
    out = std::max(out, static_cast<std::uint32_t>(each.rule.what.id) + 1);
  return out;
}

/// What has to change so that the place has the rules that are wanted.
class place_changes {
 public:
  place_changes(const place_rules& wanted, const std::vector<rule_record>& all, timestamp now, timestamp from)
      : wanted_(wanted), standing_(standing(all, wanted.place)), next_id_(unused_id(all)), now_(now), from_(from) {}

  result<std::vector<rule_change>> find() {
    for (std::size_t i = 0; i < wanted_.rules.size(); ++i)
      if (auto done = take(i); !done) return done.error();
    for (const auto& [id, record] : standing_) {
      rule_record gone = record;
      gone.removed = true;
      add(std::move(gone), &record);
    }
    return std::move(out_);
  }

 private:
  /// What is off says no more than which sort of rule that is.
  static place_rules::entry sort_of(const place_rules::entry& entry) {
    place_rules::entry out;
    out.what.id = entry.what.id;
    out.what.kind = entry.what.kind;
    out.what.level = entry.what.level;
    out.what.side = entry.what.side;
    out.off = true;
    return out;
  }
  status take(std::size_t number) {
    const place_rules::entry& entry = wanted_.rules[number];
    if (!entry.off)
      if (auto sound = check(entry.what); !sound) return sound;
    if (entry.what.id != rule_id{} && !standing_.contains(entry.what.id))
      return failure{error_code::not_found, "there is no such rule at this place",
                     "#/rules/" + std::to_string(number) + "/id", "leave the id out to make a new one"};
    want(entry.off ? sort_of(entry) : entry);
    return nothing{};
  }
  void want(const place_rules::entry& entry) {
    const auto known = entry.what.id == rule_id{} ? same_as(entry) : standing_.find(entry.what.id);
    rule_record change;
    change.rule = wanted_.place;
    change.rule.what = entry.what;
    change.rule.off = entry.off;
    if (known == standing_.end()) {
      change.rule.what.id = rule_id{next_id_++};
      add(std::move(change), nullptr);
      return;
    }
    change.rule.what.id = known->first;
    if (!judged_alike(change.rule, known->second.rule)) add(std::move(change), &known->second);
    standing_.erase(known);
  }
  static bool judged_alike(const scoped_rule& wanted, const scoped_rule& stands) {
    return as_judged(wanted.what) == as_judged(stands.what) && wanted.off == stands.off;
  }
  /// One that another entry names by its id is that one's.
  std::map<rule_id, rule_record>::iterator same_as(const place_rules::entry& entry) {
    const auto named = [&](rule_id id) {
      return std::any_of(wanted_.rules.begin(), wanted_.rules.end(), [id](const auto& e) { return e.what.id == id; });
    };
    scoped_rule alike;
    alike.what = entry.what;
    alike.off = entry.off;
    return std::find_if(standing_.begin(), standing_.end(), [&](const auto& each) {
      alike.what.id = each.first;
      return judged_alike(alike, each.second.rule) && !named(each.first);
    });
  }
  void add(rule_record change, const rule_record* before) {
    change.revision = 0;
    change.from = from_;
    change.changed_at = now_;
    const audit_entry audit = audit_of(wanted_, change, before);
    out_.push_back({std::move(change), audit});
  }

  const place_rules& wanted_;
  std::map<rule_id, rule_record> standing_;
  std::uint32_t next_id_;
  timestamp now_, from_;
  std::vector<rule_change> out_{};
};

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

result<std::vector<rule_record>> change_rules(store& durable, rule_board& board, const place_rules& wanted,
                                              timestamp now, timestamp earliest, const desk_limits& limits) {
  if (wanted.rules.size() > limits.rules_a_place)
    return failure{error_code::limit, "a place has at most " + std::to_string(limits.rules_a_place) + " rules",
                   std::string(to_string(wanted.place.scope)), "leave out those that nobody needs"};
  const auto all = durable.load_rules();
  if (!all) return all.error();
  if (const auto stands = revision_of(*all, wanted.place); wanted.expected && *wanted.expected != stands)
    return failure{error_code::conflict, "the rules of this place have changed meanwhile",
                   "revision " + std::to_string(stands), "read them again, and change those"};
  const auto changes = place_changes(wanted, *all, now, std::max(now, earliest)).find();
  if (!changes) return changes.error();
  if (changes->empty()) return std::vector<rule_record>{};
  auto stored = durable.change_rules(*changes);
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
  const auto service = from.service_changes(out.alarm.unit);
  if (!service) return service.error();
  out.transitions = std::move(*transitions);
  out.said = std::move(*said);
  out.life = life_of(out.transitions, with_service(out.transitions, out.said, *service));
  return out;
}

audit_entry audit_of(const alarm_record& alarm, const std::string& unit_code, const life_event& event,
                     alarm_stage before, alarm_stage after) {
  audit_entry out;
  out.at = event.at;
  out.customer = alarm.customer;
  out.actor = event.who;
  out.action = "alarm." + std::string(to_string(event.kind));
  out.subject = "unit " + unit_code + ", alarm " + to_string(alarm.public_id);
  out.old_value = to_string(before);
  out.new_value = to_string(after);
  out.reason = event.text;
  return out;
}

namespace {

/// What an alarm can do without; acknowledging, unshelving and closing are always taken.
bool can_be_too_much(life_event_kind kind) {
  return kind == life_event_kind::comment || kind == life_event_kind::action || kind == life_event_kind::assign ||
         kind == life_event_kind::shelve;
}

} // namespace

result<word_on_trial> try_word(store_reader& committed, const alarm_word& word, const desk_limits& limits) {
  const life_event& event = word.event;
  auto story = story_of(committed, word.alarm, word.customer);
  if (!story) return story.error();
  story->life = as_of(std::move(story->life), event.at);
  word_on_trial out{std::move(*story)};
  out.stands = stands_already(out.story, event);
  if (out.stands) return out;
  if (can_be_too_much(event.kind) && out.story.said.size() >= limits.said)
    out.after = failure{error_code::limit, "too much is said of this alarm already", to_string(word.alarm),
                        "acknowledge it, and close it when it is over"};
  else
    out.after = live(out.story.life, event, limits_of(out.story.alarm, limits.life));
  return out;
}

result<said> say(store& durable, store_reader& committed, const alarm_word& word, const unit_codes& code_of,
                 const desk_limits& limits) {
  const life_event& event = word.event;
  auto tried = try_word(committed, word, limits);
  if (!tried) return tried.error();
  auto& [story, stands, after] = *tried;
  if (stands) return said{std::move(story), false};
  if (!after) return after.error();
  const audit_entry audit = audit_of(story.alarm, code_of(story.alarm.unit), event, story.life.stage(), after->stage());
  if (auto done = durable.add_life_event(story.alarm.id, event, audit); !done) return done.error();
  story.said.push_back(event);
  story.life = std::move(*after);
  return said{std::move(story), true};
}

namespace {

std::size_t taken_out_since(const std::vector<service_change>& so_far, timestamp from) {
  return static_cast<std::size_t>(
      std::ranges::count_if(so_far, [&](const service_change& each) { return each.out && each.at > from; }));
}

} // namespace

result<bool> change_service(store& durable, store_reader& committed, const service_change& change,
                            const std::string& unit_code, const desk_limits& limits) {
  if (says_nothing(change.reason))
    return failure{error_code::invalid_argument, "this needs a reason", "text", "say why"};
  if (auto fault = fault_in_text(change.reason, text_form::lines, limits.life.longest_text))
    return failure{error_code::invalid_argument, "the reason cannot be kept: " + *fault, "text", "write it anew"};
  const auto so_far = committed.service_changes(change.unit);
  if (!so_far) return so_far.error();
  const bool is_out = !so_far->empty() && so_far->back().out;
  if (is_out == change.out) return false;
  if (change.out && taken_out_since(*so_far, change.at - std::chrono::hours{24}) >= limits.taken_out_a_day)
    return failure{error_code::limit, "this unit was taken out of service too often today", unit_code,
                   "let it stay in service, or change its rules"};
  audit_entry audit;
  audit.at = change.at;
  audit.customer = change.customer;
  audit.actor = change.who;
  audit.action = change.out ? "unit.out_of_service" : "unit.in_service";
  audit.subject = unit_code;
  audit.old_value = is_out ? "out of service" : "in service";
  audit.new_value = change.out ? "out of service" : "in service";
  audit.reason = change.reason;
  if (auto done = durable.add_service_change(change, audit); !done) return done.error();
  return true;
}

} // namespace coldvigil::actors
