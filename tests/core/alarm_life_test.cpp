#include "core/alarm_life.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <map>
#include <random>

namespace coldvigil {
namespace {

using stage = alarm_stage;
using kind = life_event_kind;

const timestamp noon = from_ms(1'700'000'000'000);

life_event event_of(kind what, timestamp at = noon) {
  life_event out{what, at, "anna", "because", std::nullopt};
  if (what == kind::shelve) out.until = at + std::chrono::hours{2};
  return out;
}

/// An alarm that came to the stage by the shortest way.
alarm_life in(stage wanted) {
  static const std::map<stage, std::vector<kind>> ways{
      {stage::unacknowledged, {}},
      {stage::acknowledged, {kind::acknowledge}},
      {stage::returned_unacknowledged, {kind::condition_over}},
      {stage::normal, {kind::acknowledge, kind::condition_over}},
      {stage::shelved, {kind::shelve}},
      {stage::suppressed, {kind::suppress}},
      {stage::out_of_service, {kind::take_out}},
      {stage::closed, {kind::acknowledge, kind::condition_over, kind::close}}};
  alarm_life life;
  for (const kind each : ways.at(wanted))
    life = live(life, event_of(each), {}).value();
  return life;
}

/// Where the event leads from the stage; nothing when it is refused.
using row = std::map<kind, std::optional<stage>>;
constexpr auto no = std::nullopt;

const std::map<stage, row>& table() {
  static const std::map<stage, row> out{{stage::unacknowledged,
                                         {{kind::acknowledge, stage::acknowledged},
                                          {kind::comment, stage::unacknowledged},
                                          {kind::assign, stage::unacknowledged},
                                          {kind::action, stage::unacknowledged},
                                          {kind::shelve, stage::shelved},
                                          {kind::unshelve, no},
                                          {kind::suppress, stage::suppressed},
                                          {kind::unsuppress, no},
                                          {kind::take_out, stage::out_of_service},
                                          {kind::put_back, no},
                                          {kind::close, no},
                                          {kind::condition_over, stage::returned_unacknowledged},
                                          {kind::condition_back, no},
                                          {kind::annul, stage::normal}}},
                                        {stage::acknowledged,
                                         {{kind::acknowledge, no},
                                          {kind::comment, stage::acknowledged},
                                          {kind::assign, stage::acknowledged},
                                          {kind::action, stage::acknowledged},
                                          {kind::shelve, stage::shelved},
                                          {kind::unshelve, no},
                                          {kind::suppress, stage::suppressed},
                                          {kind::unsuppress, no},
                                          {kind::take_out, stage::out_of_service},
                                          {kind::put_back, no},
                                          {kind::close, no},
                                          {kind::condition_over, stage::normal},
                                          {kind::condition_back, no},
                                          {kind::annul, stage::normal}}},
                                        {stage::returned_unacknowledged,
                                         {{kind::acknowledge, stage::normal},
                                          {kind::comment, stage::returned_unacknowledged},
                                          {kind::assign, stage::returned_unacknowledged},
                                          {kind::action, stage::returned_unacknowledged},
                                          {kind::shelve, stage::shelved},
                                          {kind::unshelve, no},
                                          {kind::suppress, stage::normal},
                                          {kind::unsuppress, no},
                                          {kind::take_out, stage::out_of_service},
                                          {kind::put_back, no},
                                          {kind::close, no},
                                          {kind::condition_over, no},
                                          {kind::condition_back, stage::unacknowledged},
                                          {kind::annul, stage::normal}}},
                                        {stage::normal,
                                         {{kind::acknowledge, no},
                                          {kind::comment, stage::normal},
                                          {kind::assign, stage::normal},
                                          {kind::action, stage::normal},
                                          {kind::shelve, stage::shelved},
                                          {kind::unshelve, no},
                                          {kind::suppress, stage::normal},
                                          {kind::unsuppress, no},
                                          {kind::take_out, stage::out_of_service},
                                          {kind::put_back, no},
                                          {kind::close, stage::closed},
                                          {kind::condition_over, no},
                                          {kind::condition_back, stage::unacknowledged},
                                          {kind::annul, stage::normal}}},
                                        {stage::shelved,
                                         {{kind::acknowledge, stage::shelved},
                                          {kind::comment, stage::shelved},
                                          {kind::assign, stage::shelved},
                                          {kind::action, stage::shelved},
                                          {kind::shelve, no},
                                          {kind::unshelve, stage::unacknowledged},
                                          {kind::suppress, stage::suppressed},
                                          {kind::unsuppress, no},
                                          {kind::take_out, stage::out_of_service},
                                          {kind::put_back, no},
                                          {kind::close, no},
                                          {kind::condition_over, stage::shelved},
                                          {kind::condition_back, no},
                                          {kind::annul, stage::shelved}}},
                                        {stage::suppressed,
                                         {{kind::acknowledge, stage::suppressed},
                                          {kind::comment, stage::suppressed},
                                          {kind::assign, stage::suppressed},
                                          {kind::action, stage::suppressed},
                                          {kind::shelve, stage::suppressed},
                                          {kind::unshelve, no},
                                          {kind::suppress, no},
                                          {kind::unsuppress, stage::unacknowledged},
                                          {kind::take_out, stage::out_of_service},
                                          {kind::put_back, no},
                                          {kind::close, no},
                                          {kind::condition_over, stage::normal},
                                          {kind::condition_back, no},
                                          {kind::annul, stage::normal}}},
                                        {stage::out_of_service,
                                         {{kind::acknowledge, stage::out_of_service},
                                          {kind::comment, stage::out_of_service},
                                          {kind::assign, stage::out_of_service},
                                          {kind::action, stage::out_of_service},
                                          {kind::shelve, stage::out_of_service},
                                          {kind::unshelve, no},
                                          {kind::suppress, stage::out_of_service},
                                          {kind::unsuppress, no},
                                          {kind::take_out, no},
                                          {kind::put_back, stage::unacknowledged},
                                          {kind::close, no},
                                          {kind::condition_over, stage::out_of_service},
                                          {kind::condition_back, no},
                                          {kind::annul, stage::out_of_service}}},
                                        {stage::closed,
                                         {{kind::acknowledge, no},
                                          {kind::comment, stage::closed},
                                          {kind::assign, no},
                                          {kind::action, no},
                                          {kind::shelve, no},
                                          {kind::unshelve, no},
                                          {kind::suppress, no},
                                          {kind::unsuppress, no},
                                          {kind::take_out, stage::closed},
                                          {kind::put_back, no},
                                          {kind::close, no},
                                          {kind::condition_over, no},
                                          {kind::condition_back, stage::unacknowledged},
                                          {kind::annul, stage::closed}}}};
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(alarm_lives)

BOOST_AUTO_TEST_CASE(every_event_in_every_stage) {
  for (std::size_t s = 0; s < alarm_stage_count; ++s) {
    const auto from = static_cast<stage>(s);
    BOOST_REQUIRE(in(from).stage() == from);
    BOOST_REQUIRE(table().at(from).size() == life_event_kind_count);
    for (const auto& [what, to] : table().at(from)) {
      const auto after = live(in(from), event_of(what), {});
      BOOST_TEST_CONTEXT(to_string(from) << " + " << to_string(what)) {
        BOOST_TEST(after.ok() == to.has_value());
        if (after && to) BOOST_TEST(to_string(after->stage()) == to_string(*to));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(acknowledging_wants_a_reason_where_the_rule_asks_for_it) {
  life_event silent = event_of(kind::acknowledge);
  silent.text.clear();
  BOOST_TEST(live({}, silent, {}).ok());
  const life_limits strict{.reason_required = true};
  const auto refused = live({}, silent, strict);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::invalid_argument));
  silent.text = " \t ";
  BOOST_TEST(!live({}, silent, strict).ok());
  BOOST_TEST(live({}, event_of(kind::acknowledge), strict).ok());
}

BOOST_AUTO_TEST_CASE(shelving_has_a_reason_an_end_and_a_longest_time) {
  const life_limits limits{.longest_shelving = std::chrono::hours{8}};
  life_event shelving = event_of(kind::shelve);
  shelving.until = noon + std::chrono::hours{8};
  BOOST_TEST(live({}, shelving, limits).ok());
  shelving.until = noon + std::chrono::hours{8} + millis{1};
  BOOST_TEST(!live({}, shelving, limits).ok());
  shelving.until = noon;
  BOOST_TEST(!live({}, shelving, limits).ok());
  shelving.until.reset();
  BOOST_TEST(!live({}, shelving, limits).ok());
  shelving = event_of(kind::shelve);
  shelving.text.clear();
  BOOST_TEST(!live({}, shelving, limits).ok());
}

BOOST_AUTO_TEST_CASE(shelving_ends_by_itself_and_not_before) {
  const alarm_life shelved = in(stage::shelved);
  BOOST_TEST(!as_of(shelved, shelved.shelved_until - millis{1}).calls());
  BOOST_TEST(as_of(shelved, shelved.shelved_until).calls());
}

BOOST_AUTO_TEST_CASE(what_happened_while_shelved_shows_afterwards) {
  alarm_life life = in(stage::shelved);
  life = live(life, event_of(kind::condition_over), {}).value();
  life = live(life, event_of(kind::unshelve), {}).value();
  BOOST_TEST((life.stage() == stage::returned_unacknowledged));
}

BOOST_AUTO_TEST_CASE(a_true_condition_is_never_closed_by_hand) {
  const auto refused = live(in(stage::acknowledged), event_of(kind::close), {});
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::conflict));
}

BOOST_AUTO_TEST_CASE(coming_back_asks_for_a_new_acknowledgement_and_is_counted) {
  const alarm_life life = live(in(stage::normal), event_of(kind::condition_back), {}).value();
  BOOST_TEST((life.stage() == stage::unacknowledged));
  BOOST_TEST(life.raised_again == 1U);
}

BOOST_AUTO_TEST_CASE(closed_it_still_follows_its_unit_and_its_shelving_can_be_ended) {
  alarm_life life = live(in(stage::closed), event_of(kind::take_out), {}).value();
  life = live(life, event_of(kind::condition_back), {}).value();
  BOOST_TEST((life.stage() == stage::out_of_service));
  life = in(stage::out_of_service);
  for (const kind each : {kind::acknowledge, kind::condition_over, kind::close, kind::put_back, kind::condition_back})
    life = live(life, event_of(each), {}).value();
  BOOST_TEST((life.stage() == stage::unacknowledged));
  life = in(stage::shelved);
  for (const kind each : {kind::acknowledge, kind::condition_over, kind::close, kind::unshelve})
    life = live(life, event_of(each), {}).value();
  BOOST_TEST(!life.shelved.has_value());
  BOOST_TEST((life.stage() == stage::closed));
}

BOOST_AUTO_TEST_CASE(what_is_over_while_it_was_suppressed_asks_for_nothing) {
  const alarm_life over = live(in(stage::suppressed), event_of(kind::condition_over), {}).value();
  BOOST_TEST((over.stage() == stage::normal));
  BOOST_TEST(!over.acknowledged.has_value());
  BOOST_TEST((live(over, event_of(kind::close), {}).value().stage() == stage::closed));
  // The cause that ends later does not make it ask.
  BOOST_TEST((live(over, event_of(kind::unsuppress), {}).error().code == error_code::conflict));
  const alarm_life back = live(over, event_of(kind::condition_back), {}).value();
  BOOST_TEST((back.stage() == stage::suppressed)); // until its cause is looked at again
  BOOST_TEST((live(back, event_of(kind::unsuppress), {}).value().stage() == stage::unacknowledged));
}

BOOST_AUTO_TEST_CASE(texts_are_bounded) {
  life_event comment = event_of(kind::comment);
  comment.text = std::string(2'000, 'x');
  BOOST_TEST(live({}, comment, {}).ok());
  comment.text += 'x';
  BOOST_TEST(!live({}, comment, {}).ok());
}

BOOST_AUTO_TEST_CASE(a_life_is_the_fold_of_its_events) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    alarm_life life;
    std::vector<life_event> accepted;
    timestamp at = noon;
    for (int i = 0; i < 40; ++i) {
      at += std::chrono::minutes{random() % 200};
      const life_event event = event_of(static_cast<kind>(random() % life_event_kind_count), at);
      auto next = live(as_of(life, at), event, {}); // as the desk does: it looks before it decides
      if (!next) continue;
      life = *next;
      accepted.push_back(event);
    }
    RC_ASSERT(life_of(accepted) == life);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(words_round_trip) {
  for (std::size_t i = 0; i < life_event_kind_count; ++i)
    BOOST_TEST((parse_life_event(to_string(static_cast<kind>(i))) == static_cast<kind>(i)));
  BOOST_TEST(!parse_life_event("explode").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
