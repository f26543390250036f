#include "core/alarm_shelf.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

const timestamp noon = from_ms(1'700'000'000'000);
using std::chrono::hours;
using std::chrono::minutes;

alarm_record alarm(std::uint32_t rule, alarm_level level = alarm_level::critical, std::int64_t unit = 7) {
  alarm_record out;
  out.unit = unit_id{unit};
  out.rule = rule_kind::high_limit;
  out.by.id = rule_id{rule};
  out.by.level = level;
  return out;
}
life_event word(life_event_kind kind, timestamp at, const std::string& who = "token:anna") {
  life_event out{kind, at, who, "the probe is loose", std::nullopt};
  if (kind == life_event_kind::shelve) out.until = at + hours{4};
  return out;
}

struct shelved {
  alarm_shelf shelf;
  shelved() { shelf.note(alarm(100), word(life_event_kind::shelve, noon)); }
  [[nodiscard]] bool carried(const alarm_record& to, timestamp at) const {
    return shelf.carried_to(to, at).has_value();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(alarm_shelves, shelved)

BOOST_AUTO_TEST_CASE(the_next_alarm_of_a_shelved_rule_is_shelved_as_long_by_the_engine_in_the_words_of_who_shelved_it) {
  const auto carried_on = shelf.carried_to(alarm(100), noon + hours{1});
  BOOST_REQUIRE(carried_on.has_value());
  BOOST_TEST((carried_on->kind == life_event_kind::shelve));
  BOOST_TEST((carried_on->at == noon + hours{1}));
  BOOST_TEST((carried_on->until == noon + hours{4}));
  BOOST_TEST(carried_on->who == "system");
  BOOST_TEST(carried_on->text == "as token:anna shelved it: the probe is loose");
}

BOOST_AUTO_TEST_CASE(a_shelving_is_of_one_rule_of_one_unit) {
  BOOST_TEST(!carried(alarm(101), noon));
  BOOST_TEST(!carried(alarm(100, alarm_level::critical, 8), noon));
  alarm_record of_another_kind = alarm(100);
  of_another_kind.rule = rule_kind::low_limit;
  BOOST_TEST(!carried(of_another_kind, noon));
}

BOOST_AUTO_TEST_CASE(it_ends_by_itself_at_its_time) {
  BOOST_TEST(carried(alarm(100), noon + hours{4} - millis{1}));
  BOOST_TEST(!carried(alarm(100), noon + hours{4}));
}

BOOST_AUTO_TEST_CASE(an_alarm_graver_than_the_one_that_was_shelved_is_not) {
  shelf.note(alarm(100, alarm_level::warning), word(life_event_kind::shelve, noon));
  BOOST_TEST(carried(alarm(100, alarm_level::warning), noon));
  BOOST_TEST(!carried(alarm(100), noon));
}

BOOST_AUTO_TEST_CASE(unshelving_ends_it_and_what_the_engine_says_moves_nothing) {
  shelf.note(alarm(100), word(life_event_kind::shelve, noon + hours{3}, "system"));
  BOOST_TEST(!carried(alarm(100), noon + hours{4}));
  shelf.note(alarm(100), word(life_event_kind::acknowledge, noon + hours{1}));
  BOOST_TEST(carried(alarm(100), noon + hours{1}));
  shelf.note(alarm(100), word(life_event_kind::unshelve, noon + hours{1}));
  BOOST_TEST(!carried(alarm(100), noon + hours{1}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
