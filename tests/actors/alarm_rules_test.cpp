// Rules in the running engine: silence by the clock, and changes of rules from their time on.
#include "actors/alarm.hpp"
#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  std::unique_ptr<running> now = std::make_unique<running>(storage);

  fixture() { now->register_unit("u1"); }

  void rule_from(timestamp from, const char* text) { now->rule_from(from, text); }
  void measure(milli_celsius value) { now->post("u1", {{now->time.now(), value}}); }
  [[nodiscard]] std::vector<rule_kind> open() const {
    std::vector<rule_kind> out;
    for (const auto& alarm : now->board.of(customer_id{1})->open_alarms())
      out.push_back(alarm->rule);
    return out;
  }
};
using kinds = std::vector<rule_kind>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(rules_in_the_engine, fixture)

BOOST_AUTO_TEST_CASE(silence_is_told_within_the_time_and_a_tick_and_ends_with_the_next_reading) {
  rule_from(now->time.now(), "id=100 kind=no_data level=warning silent_after=600000");
  measure(-20'000);
  now->advance(minutes{9});
  BOOST_TEST(open().empty());
  for (int i = 0; i < 6; ++i)
    now->advance(now->context.limits.silence_tick);
  now->finish();
  BOOST_TEST((open() == kinds{rule_kind::no_data}));
  measure(-20'000);
  now->advance(now->context.limits.silence_tick);
  now->finish();
  BOOST_TEST(open().empty());
}

BOOST_AUTO_TEST_CASE(a_unit_that_was_never_heard_is_silent_too) {
  rule_from(now->time.now(), "id=100 kind=no_data level=warning silent_after=600000");
  for (int i = 0; i < 50; ++i)
    now->advance(now->context.limits.silence_tick);
  now->finish();
  BOOST_TEST((open() == kinds{rule_kind::no_data}));
}

BOOST_AUTO_TEST_CASE(a_change_of_rules_counts_from_its_time_on) {
  measure(-18'000);
  rule_from(now->time.now() + minutes{5}, "id=100 kind=high_limit limit=-20000");
  now->advance(minutes{1});
  measure(-18'000);
  BOOST_TEST(open().empty());
  now->advance(minutes{5});
  measure(-18'000);
  BOOST_REQUIRE(open() == kinds{rule_kind::high_limit});
  BOOST_TEST(now->board.of(customer_id{1})->open_alarms()[0]->by.limit == -20'000);
  BOOST_TEST(now->board.of(customer_id{1})->open_alarms()[0]->rules.version == 2U);
}

BOOST_AUTO_TEST_CASE(a_revert_before_its_time_undoes_a_planned_change) {
  measure(-18'000);
  rule_from(now->time.now() + minutes{5}, "id=100 kind=high_limit limit=-20000");
  now->advance(minutes{1});
  measure(-18'000);
  rule_from(now->time.now() + minutes{2}, "id=100 kind=high_limit limit=-15000");
  now->advance(minutes{10});
  measure(-18'000);
  BOOST_TEST(open().empty());
}

BOOST_AUTO_TEST_CASE(readings_of_a_unit_that_was_never_heard_are_judged_by_the_rules_of_their_time) {
  const timestamp start = now->time.now();
  rule_from(start, "id=99 kind=no_data level=warning silent_after=864000000"); // its silence is another matter
  rule_from(start, "id=100 kind=high_limit limit=-20000");
  rule_from(start + minutes{60}, "id=100 kind=high_limit limit=-10000");
  now->advance(minutes{110});
  now->post("u1", {{start + minutes{50}, -18'000}, {start + minutes{55}, -18'000}});
  BOOST_TEST((open() == kinds{rule_kind::high_limit}));
  now->post("u1", {{start + minutes{10}, -18'000}}); // inside the horizon of the first one
  BOOST_REQUIRE(open() == kinds{rule_kind::high_limit});
  BOOST_TEST((now->board.of(customer_id{1})->open_alarms()[0]->raised_at == start + minutes{10}));
  const auto rules = now->context.rules->current();
  now =
      std::make_unique<running>(storage, actors::engine_limits{}, 1000, running::parts_change{}, start + minutes{111});
  now->context.rules->publish(rules);
  measure(-18'000);
  BOOST_TEST(open().empty());
}

BOOST_AUTO_TEST_CASE(a_unit_of_which_nothing_is_heard_keeps_none_of_the_changes_that_came_and_went) {
  rule_from(now->time.now(), "id=99 kind=no_data level=warning silent_after=864000000");
  actors::unit_arrival arrival;
  arrival.unit.id = unit_id{7};
  arrival.unit.customer = customer_id{1};
  actors::alarm_state alarms;
  alarms.context = &now->context;
  alarms.add(arrival);
  const actors::alarm_state::entry& silent = alarms.books.at(7);
  const std::size_t at_first = silent.book.heap_bytes();
  for (int i = 0; i < 300; ++i) {
    rule_from(now->time.now(), ("id=100 kind=high_limit limit=" + std::to_string(1'000 + i)).c_str());
    now->advance(minutes{1});
    (void)alarms.judge_silence();
  }
  BOOST_TEST(silent.book.heap_bytes() == at_first);
  BOOST_TEST(alarms.rule_sets.size() == 1U);
  judged first;
  first.unit = unit_id{7};
  first.readings.emplace_back().at = now->time.now();
  (void)alarms.decide(first);
  BOOST_TEST(silent.book.rules().rules.back().limit == 1'299);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
