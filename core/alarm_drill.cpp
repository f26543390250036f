#include "core/alarm_drill.hpp"

#include "core/alarm_book.hpp"
#include "core/notice_maker.hpp"
#include "core/unit_judge.hpp"

#include <algorithm>
#include <set>

namespace coldvigil {
namespace {

constexpr std::chrono::seconds interval{60};
constexpr limits range{2'000, 8'000};
constexpr milli_celsius within = 5'000, too_warm = 9'000;

/// A unit that nobody has. Its ids are nobody's either.
struct made_up_unit {
  customer_record customer;
  facility_record facility;
  unit_record unit;

  made_up_unit() {
    customer.name = "Coldvigil";
    facility.name = "self-test";
    unit.name = "test unit (not real)";
    unit.range = range;
    unit.interval = interval;
  }
};

failure lost_at(const std::string& step) {
  return {error_code::internal, "the self-test's breach was lost: " + step, "self-test", "see that alarms work at all"};
}

/// Two readings within the limits and one beyond, as a unit judges them when no score comes.
result<judged> judge_breach(const made_up_unit& place, const unit_limits& limits, timestamp now) {
  unit_judge judge(place.unit.id, place.unit.point, place.customer.id, "self-test", limits);
  std::vector<offered> readings(3);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    readings[i].reading.at = now - interval * (readings.size() - 1 - i);
    readings[i].reading.value = i + 1 == readings.size() ? too_warm : within;
    readings[i].reading.sensor = "self-test";
  }
  judge.offer(std::move(readings));
  if (!judge.run_due()) return lost_at("its readings were not taken");
  (void)judge.begin_run();
  auto out = judge.finish_unscored(score_state::no_model);
  if (!out) return lost_at("its readings were not judged");
  return std::move(*out);
}

result<alarm_transition> raise(const made_up_unit& place, judged readings, timestamp now) {
  rule_set rules = own_rules(range, 1);
  for (rule& each : rules.rules)
    each = fitted(std::move(each), interval);
  alarm_book book({place.customer.id, place.facility.id, place.unit.id},
                  std::make_shared<const rule_set>(std::move(rules)));
  auto said = book.apply(readings, now, [] { return uuid{}; });
  if (said.size() != 1 || said[0].kind != transition_kind::raised || said[0].after.rule != rule_kind::high_limit)
    return lost_at("no alarm was raised");
  return std::move(said[0]);
}

/// The person is called by this way alone, whoever is on duty.
std::shared_ptr<const contact_book> book_of(const callee& to, const person& reader) {
  auto out = std::make_shared<contact_book>();
  person& only = out->persons[to.person] = reader;
  only.ways = {{to.channel, to.address}};
  only.least = severity::warning;
  only.schedule.clear();
  escalation_policy& policy = out->policies["self-test"];
  policy.steps = {{millis{0}, {{to.person, "", to.channel}}}};
  policy.repeat = policy.quiet = millis{0};
  out->routes = {{std::nullopt, std::nullopt, severity::warning, "self-test"}};
  return out;
}

} // namespace

result<planned_call> drill(const self_test& test, const person& reader, timestamp now) {
  const made_up_unit place;
  const unit_limits limits;
  auto readings = judge_breach(place, limits, now);
  if (!readings) return readings.error();
  const auto raised = raise(place, std::move(*readings), now);
  if (!raised) return raised.error();
  const auto notice = notice_maker(0).make(*raised, {place.customer, place.facility, place.unit});
  if (!notice) return lost_at("no notice was made of its alarm");
  escalation_book calling({});
  calling.use(book_of(test.to, reader), now);
  calling.tell(*notice, now);
  call_plan plan = calling.plan(now, channel_room{1});
  if (plan.calls.size() != 1 || plan.calls[0].to != test.to) return lost_at("nobody was called about it");
  planned_call out = std::move(plan.calls[0]);
  out.kind = call_kind::test;
  out.key = test.key;
  return out;
}

std::vector<std::string> policies_that_reach(const contact_book& book, const callee& to) {
  std::set<std::string> in_use{policy_for(book, customer_id{}, "", severity::critical)};
  for (const alarm_route& route : book.routes)
    in_use.insert(route.policy);
  std::vector<std::string> out;
  for (const std::string& id : in_use) {
    const auto policy = book.policies.find(id);
    if (policy == book.policies.end()) continue;
    const auto called = reached_by(book, policy->second, severity::critical);
    if (std::binary_search(called.begin(), called.end(), to)) out.push_back(id);
  }
  return out;
}

} // namespace coldvigil
