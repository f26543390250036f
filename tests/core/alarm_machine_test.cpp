#include "core/alarm_machine.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

struct fixture {
  rule_set rules = own_rules({2'000, 8'000}, 3);
  machine_state state;
  int at = 0;
  enum class said { nothing, raised, cleared };

  said tell(const rule& by, const judged_reading& reading) {
    const auto event = step(by, state, reading);
    return !event ? said::nothing : event->raised ? said::raised : said::cleared;
  }
  said value(rule_kind kind, milli_celsius v) {
    judged_reading r;
    r.at = from_ms(60'000 * ++at);
    r.value = v;
    return tell(rules.rules[static_cast<std::size_t>(kind)], r);
  }
  said score(float s, score_state how = score_state::scored) {
    judged_reading r;
    r.at = from_ms(60'000 * ++at);
    r.value = 5'000;
    r.state = how;
    if (how == score_state::scored) r.score = s;
    return tell(rules.rules[2], r);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(machines, fixture)

BOOST_AUTO_TEST_CASE(limits_are_strict) {
  BOOST_TEST((value(rule_kind::high_limit, 8'000) == said::nothing));
  BOOST_TEST((value(rule_kind::high_limit, 8'001) == said::raised));
  BOOST_TEST((value(rule_kind::high_limit, 9'000) == said::nothing));
  BOOST_TEST(state.now->extreme == 9'000);
  BOOST_TEST((value(rule_kind::high_limit, 8'000) == said::cleared));
}

BOOST_AUTO_TEST_CASE(low_and_high_are_independent) {
  BOOST_TEST((value(rule_kind::low_limit, 9'000) == said::nothing));
  BOOST_TEST((value(rule_kind::low_limit, 1'999) == said::raised));
}

BOOST_AUTO_TEST_CASE(persistence_needs_n_in_a_row) {
  BOOST_TEST((score(1.5F) == said::nothing));
  BOOST_TEST((score(1.5F) == said::nothing));
  BOOST_TEST((score(0.5F) == said::nothing));
  BOOST_TEST((score(1.5F) == said::nothing));
  BOOST_TEST((score(1.5F) == said::nothing));
  BOOST_TEST((score(1.5F) == said::raised));
}

BOOST_AUTO_TEST_CASE(an_alarm_is_explained_by_what_raised_it_and_not_by_its_recovery) {
  const auto driven = [&](float s, float departure_k) {
    judged_reading r;
    r.at = from_ms(60'000 * ++at);
    r.state = score_state::scored;
    r.score = s;
    r.why.driver = {2, departure_k, 0, 0};
    tell(rules.rules[2], r);
  };
  driven(1.2F, 2);
  driven(1.5F, 3);
  driven(1.4F, 2.5F); // raises
  driven(9, -4);      // the recovery overshoots
  BOOST_REQUIRE(state.now->active);
  BOOST_TEST(state.now->peak_score == 9);
  BOOST_TEST(state.now->driver.departure_k == 3);
}

BOOST_AUTO_TEST_CASE(a_score_that_flickers_is_one_alarm) {
  rules = own_rules({2'000, 8'000}, 1);
  BOOST_TEST((score(1.5F) == said::raised));
  BOOST_TEST((score(0.8F) == said::nothing)); // below the limit, but not inside
  for (int i = 0; i < 10; ++i)
    BOOST_TEST((score(0.1F) == said::nothing));
  BOOST_TEST((score(0.75F) == said::nothing)); // not inside any more: the off-delay begins anew
  for (int i = 0; i < 10; ++i)
    BOOST_TEST((score(0.6F) == said::nothing));
  BOOST_TEST((score(0.6F) == said::cleared));
}

BOOST_AUTO_TEST_CASE(the_first_reading_alone_is_never_persistent) {
  BOOST_TEST((score(100.0F) == said::nothing));
}

BOOST_AUTO_TEST_CASE(a_reading_without_score_neither_counts_nor_resets) {
  score(1.5F);
  score(1.5F);
  BOOST_TEST((score(0, score_state::timeout) == said::nothing));
  BOOST_TEST((score(1.5F) == said::raised));
  BOOST_TEST((score(0, score_state::warming) == said::nothing));
  BOOST_TEST(state.now->active);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
