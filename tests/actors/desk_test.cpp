// What people decide: checked, committed with an audit entry, and in force from its time on.
#include "actors/desk.hpp"
#include "core/rule_text.hpp"
#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  std::unique_ptr<running> now = std::make_unique<running>(storage);
  memory_store durable{storage};
  actors::desk_limits limits;

  fixture() { now->register_unit("u1"); }

  result<rule_record> rule(const char* text, bool removed = false, std::uint32_t id = 0) {
    actors::rule_request request;
    request.rule.customer = customer_id{1};
    request.rule.what = parse_rule_text(text).value();
    request.rule.what.id = rule_id{id};
    request.removed = removed;
    request.who = "anna";
    return actors::change_rule(durable, *now->context.rules, request, now->time.now(), now->time.now() + minutes{5},
                               limits);
  }
  void measure(milli_celsius value) {
    now->post("u1", {{now->time.now(), value}});
    now->advance(minutes{1});
  }
  [[nodiscard]] auto open() { return now->board.of(customer_id{1})->open_alarms(); }
  life_event said(life_event_kind kind, const std::string& text) {
    return {kind, now->time.now(), "anna", text, std::nullopt};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(desk, fixture)

BOOST_AUTO_TEST_CASE(a_rule_counts_from_its_time_on_and_after_a_restart) {
  measure(-18'000);
  const auto made = rule("kind=high_limit limit=-20000");
  BOOST_REQUIRE(made.ok());
  BOOST_TEST((made->from == made->changed_at + minutes{5}));
  measure(-18'000);
  BOOST_TEST(open().empty());
  const timestamp at = now->time.now();
  now.reset();
  now = std::make_unique<running>(storage);
  now->time.advance(at + minutes{5} - now->time.now());
  measure(-18'000);
  BOOST_REQUIRE(open().size() == 1U);
  BOOST_TEST((open()[0]->by.id == made->rule.what.id));
}

BOOST_AUTO_TEST_CASE(an_alarm_goes_on_after_a_restart_under_the_rule_that_raised_it) {
  BOOST_REQUIRE(rule("kind=high_limit limit=-20000 off_delay=600000 max_gap=3600000").ok());
  now->advance(minutes{6});
  measure(-18'000);
  measure(-30'000); // begins to clear
  const auto before = open();
  BOOST_REQUIRE(before.size() == 2U); // and is too cold
  const timestamp at = now->time.now();
  now.reset();
  now = std::make_unique<running>(storage);
  now->time.advance(at + minutes{20} - now->time.now());
  measure(-21'000);
  BOOST_TEST(open().empty());
}

BOOST_AUTO_TEST_CASE(rules_that_cannot_be_meant_or_are_not_there_are_refused) {
  BOOST_TEST((rule("kind=high_limit limit=-20000 consecutive=0").error().code == error_code::invalid_argument));
  BOOST_TEST((rule("kind=high_limit limit=-20000", false, 4'711).error().code == error_code::not_found));
  BOOST_TEST((rule("kind=high_limit limit=-20000", true).error().code == error_code::not_found));
  const auto made = rule("kind=high_limit limit=-20000");
  BOOST_TEST(rule("kind=high_limit limit=-20000", true, static_cast<std::uint32_t>(made->rule.what.id)).ok());
  BOOST_TEST(!rule("kind=high_limit limit=-20000", true, static_cast<std::uint32_t>(made->rule.what.id)).ok());
  BOOST_TEST(storage->rules.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_alarm_is_acknowledged_once_and_closed_when_it_is_over) {
  measure(-5'000);
  BOOST_REQUIRE(!open().empty());
  const uuid alarm = open()[0]->public_id;
  const auto speak = [&](life_event_kind kind, const std::string& text) {
    return actors::say(durable, alarm, customer_id{1}, said(kind, text), limits);
  };
  BOOST_TEST((speak(life_event_kind::acknowledge, "on my way")->life.stage() == alarm_stage::acknowledged));
  BOOST_TEST((speak(life_event_kind::acknowledge, "me too").error().code == error_code::conflict));
  BOOST_TEST((speak(life_event_kind::close, "").error().code == error_code::conflict));
  measure(-20'000);
  now->advance(minutes{1});
  const auto closed = speak(life_event_kind::close, "door was open");
  BOOST_REQUIRE(closed.ok());
  BOOST_TEST((closed->life.stage() == alarm_stage::closed));
  BOOST_TEST(closed->transitions.size() == 2U);
  BOOST_TEST(closed->said.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_place_has_so_many_rules_and_no_more) {
  limits.rules_a_place = 3;
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(rule("kind=high_limit limit=-20000").ok());
  const auto refused = rule("kind=high_limit limit=-20000");
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::limit));
  const auto one = static_cast<std::uint32_t>(storage->rules.front().rule.what.id);
  BOOST_TEST(rule("kind=high_limit limit=-21000", false, one).ok()); // a revision is no further rule
  BOOST_TEST(rule("kind=high_limit limit=-21000", true, one).ok());
  BOOST_TEST(rule("kind=high_limit limit=-22000").ok());
}

BOOST_AUTO_TEST_CASE(so_much_is_said_of_an_alarm_and_no_more) {
  limits.said = 2;
  measure(-5'000);
  const uuid alarm = open()[0]->public_id;
  const auto comment = [&] {
    return actors::say(durable, alarm, std::nullopt, said(life_event_kind::comment, "still warm"), limits);
  };
  BOOST_TEST(comment().ok());
  BOOST_TEST(comment().ok());
  BOOST_TEST((comment().error().code == error_code::limit));
}

BOOST_AUTO_TEST_CASE(anothers_alarm_is_not_there) {
  measure(-5'000);
  const uuid alarm = open()[0]->public_id;
  const auto refused = actors::say(durable, alarm, customer_id{2}, said(life_event_kind::comment, "hello"), limits);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::not_found));
  BOOST_TEST(storage->life_events.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
