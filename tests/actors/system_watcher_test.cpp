// Coldvigil looks at itself and at common causes while the engine runs, on virtual time.
#include "core/rule_text.hpp"
#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  running now{storage};

  void go_on(millis length) {
    for (millis passed{0}; passed < length; passed += seconds{15})
      now.advance(seconds{15});
  }
  [[nodiscard]] std::vector<system_alarm> open() const {
    std::vector<system_alarm> out;
    for (const system_alarm& each : *now.context.system->alarms())
      if (!each.cleared_at) out.push_back(each);
    return out;
  }
  [[nodiscard]] std::size_t audited(const std::string& action) const {
    std::size_t out = 0;
    for (const commit_batch& batch : storage->commits)
      for (const audit_entry& each : batch.audits)
        if (each.action == action) ++out;
    return out;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(system_watcher, fixture)

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_told_from_memory_and_recorded_afterwards) {
  now.register_unit("u1");
  storage->failing_commits = 1'000'000;
  now.post("u1", {{now.time.now(), -20'000}});
  go_on(minutes{2});
  BOOST_REQUIRE(!open().empty());
  const auto told = open();
  BOOST_TEST(std::ranges::any_of(told, [](const auto& each) { return each.what.fault == system_fault::store_away; }));
  BOOST_TEST(audited("system_alarm.raised") == 0U);
  storage->failing_commits = 0;
  go_on(minutes{4});
  BOOST_TEST(open().empty());
  BOOST_TEST(audited("system_alarm.raised") >= 1U);
  BOOST_TEST(audited("system_alarm.cleared") >= 1U);
}

BOOST_AUTO_TEST_CASE(a_silent_site_is_one_alarm_of_the_engine_with_its_units) {
  std::vector<std::string> codes{"u1", "u2", "u3"};
  for (const std::string& code : codes)
    now.register_unit(code);
  place_rules rules;
  rules.place.customer = customer_id{1};
  rules.who = "anna";
  rules.rules.push_back({parse_rule_text("kind=no_data silent_after=600000").value(), false});
  now.engine->front().change_rules(std::move(rules),
                                   [](const result<std::vector<rule_record>>& done) { BOOST_TEST(done.ok()); });
  go_on(minutes{6}); // the rule counts
  for (const std::string& code : codes)
    now.post(code, {{now.time.now(), -20'000}});
  go_on(minutes{5});
  BOOST_TEST(open().empty());
  go_on(minutes{10});
  BOOST_REQUIRE(open().size() == 1U);
  const system_alarm site = open()[0];
  BOOST_TEST((site.what.fault == system_fault::site_silent));
  BOOST_TEST(site.what.units.size() == 3U);
  go_on(minutes{1});
  const auto held = now.board.of(customer_id{1});
  for (const auto& alarm : held->open_alarms())
    BOOST_TEST((held->find(alarm->unit)->life_of(*alarm).stage() == alarm_stage::suppressed));
  BOOST_TEST(held->open_alarms().size() == 3U);
  for (const std::string& code : codes)
    now.post(code, {{now.time.now(), -20'000}});
  go_on(minutes{4});
  BOOST_TEST(open().empty());
  BOOST_TEST(audited("system_alarm.raised") == 1U);
  BOOST_TEST(audited("system_alarm.cleared") == 1U);
}

BOOST_AUTO_TEST_CASE(polls_that_fail_in_a_row_are_an_alarm_of_their_customer) {
  poll_record poll;
  poll.customer = customer_id{1};
  poll.status = poll_status::failure;
  poll.error = "the endpoint answered 401 Unauthorized";
  for (int i = 0; i < 3; ++i)
    caf::anon_send(now.engine->writer(), poll);
  go_on(minutes{1});
  BOOST_REQUIRE(open().size() == 1U);
  BOOST_TEST((open()[0].what.fault == system_fault::polls_refused));
  BOOST_TEST((open()[0].what.customer == customer_id{1}));
  BOOST_TEST(open()[0].what.subject == "A");
  poll.status = poll_status::success;
  poll.error.clear();
  caf::anon_send(now.engine->writer(), poll);
  go_on(minutes{4});
  BOOST_TEST(open().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
