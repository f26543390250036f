#include "core/now_keeper.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

struct fixture {
  now_board board;
  now_keeper keeper{board, 3, {{customer_id{1}, 100}, {customer_id{0}, 500}}};
  fixture() {
    for (const std::int64_t c : {1, 2}) {
      customer_record customer;
      customer.id = customer_id{c};
      keeper.add_customer(customer);
      for (std::int64_t i = 0; i < 100; ++i) {
        unit_record unit;
        unit.id = unit_id{c * 1000 + i};
        unit.point = point_id{c * 1000 + i};
        unit.customer = customer.id;
        unit.code = "u" + std::to_string(i);
        keeper.add_unit(unit);
      }
    }
    keeper.publish();
  }
  static unit_run run(std::int64_t unit, std::int64_t ms, bool history = false) {
    unit_run out;
    out.customer = customer_id{unit / 1000};
    out.unit = unit_id{unit};
    out.point = point_id{unit};
    judged_reading r;
    r.at = from_ms(ms);
    r.value = -20'000;
    r.history = history;
    out.readings.push_back(r);
    return out;
  }
  /// Of u0 of customer 1, open.
  static alarm_record alarm_of_u0() {
    alarm_record out;
    out.id = alarm_id{1};
    out.customer = customer_id{1};
    out.unit = unit_id{1000};
    out.rule = rule_kind::high_limit;
    return out;
  }
  static alarm_transition step(transition_kind kind, const alarm_record& after, std::int64_t ms) {
    return {after, kind, from_ms(ms), from_ms(ms)};
  }
  std::vector<std::shared_ptr<feed_frame>> commit(commit_batch batch) {
    auto frames = keeper.number_frames(batch);
    keeper.committed(batch);
    return frames;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(keeper, fixture)

BOOST_AUTO_TEST_CASE(numbers_are_contiguous_per_customer_and_over_all) {
  commit_batch batch;
  batch.runs = {run(1000, 1), run(2000, 1), run(1001, 1)};
  for (const auto& frame : commit(batch)) {
    const std::uint64_t expected = frame->scope == customer_id{1} ? 101 : frame->scope == customer_id{2} ? 1 : 501;
    BOOST_TEST(frame->first == expected);
  }
  BOOST_TEST(board.of(customer_id{1})->feed_last == 102U);
  BOOST_TEST(board.all().feed_last == 503U);
}

BOOST_AUTO_TEST_CASE(back_fill_is_not_news_but_shows_as_the_last_value) {
  commit_batch batch;
  batch.runs = {run(1000, 1, true)};
  BOOST_TEST(commit(batch).empty());
  BOOST_TEST((board.of(customer_id{1})->find("u0")->last->at == from_ms(1)));
}

BOOST_AUTO_TEST_CASE(the_latest_value_never_moves_back) {
  commit_batch newer;
  newer.runs = {run(1000, 50)};
  commit(newer);
  commit_batch older;
  older.runs = {run(1000, 20)};
  commit(older);
  BOOST_TEST((board.of(customer_id{1})->find("u0")->last->at == from_ms(50)));
}

BOOST_AUTO_TEST_CASE(the_latest_value_names_its_sensor_also_after_a_restart) {
  const auto last_sensor = [&](const char* unit) { return board.of(customer_id{1})->find(unit)->last_sensor(); };
  commit_batch batch;
  batch.runs = {run(1000, 1), run(1000, 2)};
  batch.runs[0].readings.back().sensor = 1;
  batch.runs[0].new_sensors = {{std::uint8_t{1}, "upper"}};
  batch.runs[1].readings.back().sensor = 2;
  batch.runs[1].new_sensors = {{std::uint8_t{2}, "lower"}};
  commit(batch);
  BOOST_TEST(last_sensor("u0") == "lower");
  commit_batch again;
  again.runs = {run(1000, 3)};
  again.runs[0].readings.back().sensor = 1;
  commit(again);
  BOOST_TEST(last_sensor("u0") == "upper");
  BOOST_TEST(last_sensor("u1").empty());

  unit_snapshot stood;
  stood.unit = unit_id{1001};
  stood.sensors = {"probe"};
  stood.tail = again.runs[0].readings;
  keeper.restore_unit(stood);
  keeper.publish();
  BOOST_TEST(last_sensor("u1") == "probe");
}

BOOST_AUTO_TEST_CASE(a_snapshot_once_taken_does_not_change) {
  const auto before = board.of(customer_id{1});
  commit_batch batch;
  batch.runs = {run(1000, 50), run(1099, 50)};
  commit(batch);
  BOOST_TEST(!before->find("u0")->last.has_value());
  BOOST_TEST(board.of(customer_id{1})->find("u99")->last.has_value());
}

BOOST_AUTO_TEST_CASE(open_alarms_come_and_go) {
  alarm_record alarm = alarm_of_u0();
  commit_batch raised;
  raised.transitions = {step(transition_kind::raised, alarm, 1)};
  commit(raised);
  BOOST_TEST(board.of(customer_id{1})->open_alarms().size() == 1U);
  BOOST_TEST(board.of(customer_id{1})->find("u0")->open.size() == 1U);
  alarm.cleared_at = from_ms(2);
  commit_batch cleared;
  cleared.transitions = {step(transition_kind::cleared, alarm, 2)};
  commit(cleared);
  BOOST_TEST(board.of(customer_id{1})->open_alarms().empty());
  BOOST_TEST(board.of(customer_id{1})->find("u0")->open.empty());
}

BOOST_AUTO_TEST_CASE(the_end_of_an_alarm_is_told_with_what_people_said_of_it) {
  alarm_record alarm = alarm_of_u0();
  commit_batch raised;
  raised.transitions = {step(transition_kind::raised, alarm, 1)};
  const auto told_of = [](const std::vector<std::shared_ptr<feed_frame>>& frames) {
    return std::get<std::shared_ptr<const feed_alarm>>(frames.at(0)->items.at(0));
  };
  BOOST_TEST(!told_of(commit(raised))->life_at_end); // it is open: the board has its life
  alarm_life life;
  life.acknowledged = {from_ms(2), "Anna", "seen"};
  keeper.restore_life(alarm, life);
  keeper.publish();

  alarm.cleared_at = from_ms(3);
  commit_batch cleared;
  cleared.transitions = {step(transition_kind::cleared, alarm, 3)};
  const auto told = told_of(commit(cleared));
  BOOST_REQUIRE(told->life_at_end);
  BOOST_TEST(told->life_at_end->acknowledged->who == "Anna");
  BOOST_TEST(to_string(told->life_at_end->stage()) == "normal");
}

BOOST_AUTO_TEST_CASE(an_alarm_that_ends_in_the_commit_of_its_raising_was_seen_by_nobody) {
  alarm_record alarm = alarm_of_u0();
  commit_batch both;
  both.transitions = {step(transition_kind::raised, alarm, 1)};
  alarm.cleared_at = from_ms(2);
  both.transitions.push_back(step(transition_kind::cleared, alarm, 2));
  for (const auto& frame : commit(both)) {
    const auto& last = std::get<std::shared_ptr<const feed_alarm>>(frame->items.at(1));
    BOOST_REQUIRE(last->life_at_end);
    BOOST_TEST(to_string(last->life_at_end->stage()) == "returned_unacknowledged");
  }
}

BOOST_AUTO_TEST_CASE(a_null_is_a_contact_and_no_value) {
  rejected_reading null_reading;
  null_reading.customer = customer_id{1};
  null_reading.point = point_id{1000};
  null_reading.at = from_ms(77);
  null_reading.reason = reject_reason::null_value;
  commit_batch batch;
  batch.rejects = {null_reading};
  commit(batch);
  BOOST_TEST((board.of(customer_id{1})->find("u0")->last_contact == from_ms(77)));
  BOOST_TEST(!board.of(customer_id{1})->find("u0")->last.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
