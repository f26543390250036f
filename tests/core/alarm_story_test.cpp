#include "core/alarm_story.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

timestamp second(int n) {
  return from_ms(1'700'000'000'000 + 1'000 * n);
}

alarm_transition step(transition_kind kind, int decided, bool open) {
  alarm_transition out;
  out.kind = kind;
  out.decided_at = second(decided);
  if (!open) out.after.cleared_at = second(decided);
  out.after.annulled = kind == transition_kind::annulled;
  return out;
}
life_event said(life_event_kind kind, int at) {
  return {kind, second(at), "anna", "because", std::nullopt};
}

} // namespace

BOOST_AUTO_TEST_SUITE(alarm_stories)

BOOST_AUTO_TEST_CASE(people_and_the_condition_in_the_order_of_their_deciding) {
  const std::vector<alarm_transition> condition{step(transition_kind::raised, 0, true),
                                                step(transition_kind::cleared, 20, false)};
  const std::vector<life_event> early{said(life_event_kind::acknowledge, 10)};
  const std::vector<life_event> late{said(life_event_kind::acknowledge, 30), said(life_event_kind::close, 31)};
  BOOST_TEST((life_of(condition, {}).stage() == alarm_stage::returned_unacknowledged));
  BOOST_TEST((life_of(condition, early).stage() == alarm_stage::normal));
  BOOST_TEST((life_of(condition, late).stage() == alarm_stage::closed));
  BOOST_TEST((life_of(std::span(condition).first(1), early).stage() == alarm_stage::acknowledged));
}

BOOST_AUTO_TEST_CASE(a_revision_that_opens_a_closed_alarm_again_calls_again) {
  const std::vector<alarm_transition> condition{step(transition_kind::raised, 0, true),
                                                step(transition_kind::cleared, 20, false),
                                                step(transition_kind::revised, 40, true)};
  const std::vector<life_event> people{said(life_event_kind::acknowledge, 10), said(life_event_kind::close, 30)};
  const alarm_life life = life_of(condition, people);
  BOOST_TEST((life.stage() == alarm_stage::unacknowledged));
  BOOST_TEST(life.raised_again == 1U);
}

BOOST_AUTO_TEST_CASE(a_revision_that_changes_nothing_for_people_changes_nothing) {
  const std::vector<alarm_transition> condition{step(transition_kind::raised, 0, true),
                                                step(transition_kind::revised, 20, true)};
  const std::vector<life_event> people{said(life_event_kind::acknowledge, 10)};
  BOOST_TEST((life_of(condition, people).stage() == alarm_stage::acknowledged));
}

BOOST_AUTO_TEST_CASE(what_never_was_needs_nobody) {
  const std::vector<alarm_transition> condition{step(transition_kind::raised, 0, true),
                                                step(transition_kind::annulled, 20, true)};
  BOOST_TEST((life_of(condition, {}).stage() == alarm_stage::normal));
}

BOOST_AUTO_TEST_CASE(an_alarm_that_was_over_when_it_was_found) {
  const std::vector<alarm_transition> condition{step(transition_kind::raised, 0, false),
                                                step(transition_kind::cleared, 0, false)};
  BOOST_TEST((life_of(condition, {}).stage() == alarm_stage::returned_unacknowledged));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
