#include "tests/core/judge_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

struct fixture {
  driven_unit unit;
  item_result told{};
  std::function<void(item_result)> hear() {
    return [this](item_result r) { told = r; };
  }
  void steady(int from, int to) {
    for (int i = from; i < to; ++i) {
      unit.offer(minute(i), -20'000 + (i % 3) * 100);
      unit.run();
    }
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(unit_judging, fixture)

BOOST_AUTO_TEST_CASE(a_reading_is_settled_when_its_run_is_committed_and_not_before) {
  unit.offer(minute(0), -20'000, hear());
  const auto request = unit.judge_.begin_run();
  BOOST_TEST((told.outcome == item_outcome::pending));
  unit.finish(mean_detector::step(request));
  BOOST_TEST((told.outcome == item_outcome::stored));
}

BOOST_AUTO_TEST_CASE(a_duplicate_of_a_reading_on_its_way_is_settled_with_it) {
  unit.offer(minute(0), -20'000);
  const auto request = unit.judge_.begin_run();
  unit.offer(minute(0), -20'000, hear());
  BOOST_TEST((told.outcome == item_outcome::pending));
  unit.finish(mean_detector::step(request));
  BOOST_TEST((told.outcome == item_outcome::duplicate));
}

BOOST_AUTO_TEST_CASE(another_value_at_the_same_time_is_a_conflict_and_the_first_stands) {
  steady(0, 5);
  unit.offer(minute(3), -1'000, hear());
  BOOST_TEST((told.outcome == item_outcome::rejected));
  BOOST_TEST((told.reason == reject_reason::conflict));
  BOOST_TEST(unit.store_.readings.at(minute(3)).value == -20'000);
}

BOOST_AUTO_TEST_CASE(older_than_two_hours_is_late_and_just_inside_is_judged) {
  for (int i = 0; i <= 300; i += 10) {
    unit.offer(minute(i), -20'000);
    unit.run();
  }
  unit.offer(minute(300 - 121), -20'000, hear());
  BOOST_TEST((told.reason == reject_reason::late_not_judged));
  unit.offer(minute(300 - 119), -20'000, hear());
  unit.run();
  BOOST_TEST((told.outcome == item_outcome::stored));
}

BOOST_AUTO_TEST_CASE(what_arrives_together_may_be_listed_newest_first) {
  std::vector<std::pair<timestamp, milli_celsius>> listed;
  for (int i = 500; i > 0; --i)
    listed.emplace_back(minute(i), -20'000);
  listed[7] = {listed[6].first, -1'000};
  std::vector<item_result> fates;
  unit.offer_together(listed, fates);
  unit.run();
  std::vector<item_result> expected(500, item_result{item_outcome::stored});
  expected[7] = {item_outcome::rejected, reject_reason::conflict};
  BOOST_TEST((fates == expected));
}

BOOST_AUTO_TEST_CASE(behind_128_newer_readings_is_late) {
  for (int i = 0; i < 400; ++i) {
    unit.offer(minute(0) + std::chrono::seconds{10 * i}, -20'000);
    unit.run();
  }
  const auto place = [](int newer) { return minute(0) + std::chrono::seconds{10 * (399 - newer) + 5}; };
  unit.offer(place(128), -20'000, hear());
  BOOST_TEST((told.reason == reject_reason::late_not_judged));
  unit.offer(place(127), -20'000, hear());
  unit.run();
  BOOST_TEST((told.outcome == item_outcome::stored));
}

BOOST_AUTO_TEST_CASE(what_arrives_together_finds_room_together_or_not_at_all) {
  unit_limits small;
  small.waiting = 3;
  driven_unit busy{small};
  const auto from = [](int first, int count) {
    std::vector<std::pair<timestamp, milli_celsius>> out;
    for (int i = 0; i < count; ++i)
      out.emplace_back(minute(first + i), -20'000);
    return out;
  };
  std::vector<item_result> few, many, none, later;
  busy.offer_together(from(0, 2), few);
  busy.offer_together(from(10, 400), many);
  BOOST_TEST(busy.judge_.waiting() == 402U);
  busy.offer_together(from(500, 2), none);
  BOOST_TEST((none == std::vector(2, item_result{item_outcome::rejected, reject_reason::queue_full})));
  busy.run();
  BOOST_TEST((few == std::vector(2, item_result{item_outcome::stored})));
  BOOST_TEST((many == std::vector(400, item_result{item_outcome::stored})));
  busy.offer_together(from(500, 2), later);
  busy.run();
  BOOST_TEST((later == std::vector(2, item_result{item_outcome::stored})));
}

BOOST_AUTO_TEST_CASE(a_late_reading_settles_through_the_store_which_may_know_it) {
  steady(0, 300);
  offered late;
  late.reading.at = minute(1);
  late.reading.value = -20'000;
  unit.judge_.offer({std::move(late)});
  const auto settled = unit.judge_.take_settled();
  BOOST_REQUIRE(settled.size() == 1U);
  BOOST_TEST(settled[0].maybe_sealed);
}

BOOST_AUTO_TEST_CASE(the_waiting_room_is_bounded) {
  unit.limits_.waiting = 10;
  for (int i = 0; i < 10; ++i)
    unit.offer(minute(i), -20'000);
  unit.offer(minute(10), -20'000, hear());
  BOOST_TEST((told.reason == reject_reason::queue_full));
  unit.run();
  unit.offer(minute(10), -20'000, hear());
  unit.run();
  BOOST_TEST((told.outcome == item_outcome::stored));
}

BOOST_AUTO_TEST_CASE(without_an_answer_the_run_is_judged_by_limits_alone) {
  steady(0, 5);
  unit.offer(minute(5), -5'000);
  unit.run_unscored();
  BOOST_TEST((unit.store_.readings.at(minute(5)).state == score_state::timeout));
  const auto alarms = unit.store_.standing();
  BOOST_REQUIRE(alarms.size() == 1U);
  BOOST_TEST((alarms[0].rule == rule_kind::high_limit));
  unit.offer(minute(6), -20'000);
  unit.run();
  BOOST_TEST((unit.store_.readings.at(minute(6)).state == score_state::scored));
}

BOOST_AUTO_TEST_CASE(what_the_detector_missed_it_catches_up_before_the_next_score) {
  driven_unit undisturbed;
  for (int i = 0; i < 8; ++i) {
    undisturbed.offer(minute(i), -20'000 + i * 300);
    undisturbed.run();
    unit.offer(minute(i), -20'000 + i * 300);
    if (i == 4)
      unit.run_unscored();
    else
      unit.run();
  }
  BOOST_TEST(unit.store_.readings.at(minute(7)).score == undisturbed.store_.readings.at(minute(7)).score);
}

BOOST_AUTO_TEST_CASE(a_late_reading_moves_an_alarm) {
  steady(0, 10);
  unit.offer(minute(20), -5'000);
  unit.run();
  BOOST_REQUIRE(unit.store_.standing().size() >= 1U);
  unit.offer(minute(15), -5'000);
  unit.run();
  const auto alarms = unit.store_.standing();
  BOOST_TEST((alarms[0].rule == rule_kind::high_limit));
  BOOST_TEST((alarms[0].raised_at == minute(15)));
  BOOST_TEST(unit.store_.alarms.size() == alarms.size());
}

BOOST_AUTO_TEST_CASE(a_quiet_unit_is_saved_once) {
  steady(0, 10);
  BOOST_TEST(!unit.judge_.save_quiet(minute(10)));
  const auto saved = unit.judge_.save_quiet(minute(60 * 7));
  BOOST_REQUIRE(saved.has_value());
  BOOST_TEST(saved->snapshot->tail.size() == 10U);
  BOOST_TEST(!unit.judge_.save_quiet(minute(60 * 8)));
}

BOOST_AUTO_TEST_CASE(sealed_readings_and_the_window_together_are_everything_once) {
  std::vector<judged_reading> sealed;
  for (int i = 0; i < 1000; ++i) {
    unit.offer(minute(i), -20'000);
    while (unit.judge_.run_due()) {
      auto done = unit.judge_.finish_run(mean_detector::step(unit.judge_.begin_run()));
      if (done && done->sealed)
        sealed.insert(sealed.end(), done->sealed->readings.begin(), done->sealed->readings.end());
    }
  }
  for (const auto& reading : unit.judge_.window().from(0))
    sealed.push_back(reading);
  BOOST_REQUIRE(sealed.size() == 1000U);
  for (int i = 0; i < 1000; ++i)
    BOOST_TEST((sealed[static_cast<std::size_t>(i)].at == minute(i)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
