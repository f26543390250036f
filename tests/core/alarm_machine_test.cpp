#include "core/alarm_machine.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

struct fixture {
  rule_set rules{1, {2'000, 8'000}, 3};
  machine_state state;
  int at = 0;
  std::optional<machine_event> value(rule_kind rule, milli_celsius v) {
    judged_reading r;
    r.at = from_ms(60'000 * ++at);
    r.value = v;
    return step(rule, rules, state, r);
  }
  std::optional<machine_event> score(float s, score_state how = score_state::scored) {
    judged_reading r;
    r.at = from_ms(60'000 * ++at);
    r.value = 5'000;
    r.state = how;
    if (how == score_state::scored) r.score = s;
    return step(rule_kind::model_persistence, rules, state, r);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(machines, fixture)

BOOST_AUTO_TEST_CASE(limits_are_strict) {
  BOOST_TEST(!value(rule_kind::high_limit, 8'000));
  BOOST_TEST((value(rule_kind::high_limit, 8'001) == machine_event::raised));
  BOOST_TEST(!value(rule_kind::high_limit, 9'000));
  BOOST_TEST(state.extreme == 9'000);
  BOOST_TEST((value(rule_kind::high_limit, 8'000) == machine_event::cleared));
}

BOOST_AUTO_TEST_CASE(low_and_high_are_independent) {
  BOOST_TEST(!value(rule_kind::low_limit, 9'000));
  BOOST_TEST((value(rule_kind::low_limit, 1'999) == machine_event::raised));
}

BOOST_AUTO_TEST_CASE(persistence_needs_n_in_a_row) {
  BOOST_TEST(!score(1.5F));
  BOOST_TEST(!score(1.5F));
  BOOST_TEST(!score(0.5F));
  BOOST_TEST(!score(1.5F));
  BOOST_TEST(!score(1.5F));
  BOOST_TEST((score(1.5F) == machine_event::raised));
  BOOST_TEST((score(1.0F) == machine_event::cleared));
}

BOOST_AUTO_TEST_CASE(the_first_reading_alone_is_never_persistent) {
  BOOST_TEST(!score(100.0F));
}

BOOST_AUTO_TEST_CASE(a_reading_without_score_neither_counts_nor_resets) {
  score(1.5F);
  score(1.5F);
  BOOST_TEST(!score(0, score_state::timeout));
  BOOST_TEST((score(1.5F) == machine_event::raised));
  BOOST_TEST(!score(0, score_state::warming));
  BOOST_TEST(state.active);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
