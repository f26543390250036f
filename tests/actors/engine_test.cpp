#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  std::unique_ptr<running> run = std::make_unique<running>(storage);
  timestamp begin = run->time.now();
  fixture() { run->register_unit("u1"); }
  [[nodiscard]] timestamp minute(int n) const { return begin + std::chrono::minutes{n}; }
  void restart() {
    run.reset();
    run = std::make_unique<running>(storage);
  }
  /// Alarms that stand, as (rule, raised minute).
  [[nodiscard]] std::vector<alarm_record> standing() const {
    std::vector<alarm_record> out;
    for (const auto& [id, alarm] : storage->alarms)
      if (!alarm.annulled) out.push_back(alarm);
    return out;
  }
};

struct recording_listener final : feed_listener {
  std::vector<bool> subscribed;
  std::vector<std::uint64_t> numbers;
  void on_subscribed(bool resumed) override { subscribed.push_back(resumed); }
  void on_frame(std::shared_ptr<const feed_frame> frame) override {
    for (std::uint64_t n = frame->first; n <= frame->last(); ++n)
      numbers.push_back(n);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(engine, fixture)

BOOST_AUTO_TEST_CASE(a_reading_is_scored_judged_committed_and_shown) {
  const auto told = run->post("u1", {{minute(0), -20'000}});
  BOOST_REQUIRE(told.size() == 1U);
  BOOST_TEST((told[0].outcome == item_outcome::stored));
  BOOST_TEST(storage->readings[1].size() == 1U);
  BOOST_TEST((run->unit("u1").last->state == score_state::scored));
  BOOST_TEST(run->gate.in_flight() == 0U);
}

BOOST_AUTO_TEST_CASE(under_overload_the_reconstruction_errors_go_first_and_every_one_is_counted) {
  run.reset();
  actors::engine_limits limits;
  limits.errors_up_to = 4;
  run = std::make_unique<running>(storage, limits);
  run->post("u1", {{minute(0), -20'000}, {minute(1), -20'000}, {minute(2), -20'000}, {minute(3), -20'000}});
  BOOST_TEST(run->unit("u1").last->error == 0.5F);
  BOOST_TEST(run->metrics.errors_left_out.load() == 0U);
  run->post(
      "u1",
      {{minute(4), -20'000}, {minute(5), -20'000}, {minute(6), -20'000}, {minute(7), -20'000}, {minute(8), -20'000}});
  BOOST_TEST(std::isnan(run->unit("u1").last->error));
  BOOST_TEST((run->unit("u1").last->state == score_state::scored));
  BOOST_TEST(run->metrics.errors_left_out.load() == 5U);
  run->post("u1", {{minute(9), -20'000}});
  BOOST_TEST(run->unit("u1").last->error == 0.5F);
}

BOOST_AUTO_TEST_CASE(an_excursion_raises_and_clears) {
  run->post("u1", {{minute(0), -20'000}, {minute(1), -10'000}});
  BOOST_TEST(run->board.of(customer_id{1})->open_alarms().size() == 1U);
  run->post("u1", {{minute(2), -20'000}});
  BOOST_TEST(run->board.of(customer_id{1})->open_alarms().empty());
  BOOST_REQUIRE(standing().size() == 1U);
  BOOST_TEST((standing()[0].raised_at == minute(1)));
  BOOST_TEST((standing()[0].cleared_at == minute(2)));
  std::uint64_t measured = 0; // from the receipt of a reading to the commit of the alarm that it raised
  for (std::size_t i = 0; i <= latency_histogram::bounds_ms.size(); ++i)
    measured += run->metrics.receipt_to_alarm.count(i);
  BOOST_TEST(measured == 1U);
}

BOOST_AUTO_TEST_CASE(an_alarm_and_a_pending_count_survive_a_crash) {
  run->post("u1", {{minute(0), -20'000}, {minute(1), -14'000}, {minute(2), -14'000}});
  restart();
  BOOST_TEST(run->board.of(customer_id{1})->open_alarms().size() == 1U);
  run->post("u1", {{minute(3), -14'000}});
  BOOST_REQUIRE(standing().size() == 2U);
  BOOST_TEST((standing()[1].rule == rule_kind::model_persistence));
  BOOST_TEST((standing()[1].raised_at == minute(3)));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_before_the_commit_and_a_store_that_is_away_loses_nothing) {
  storage->failing_commits = 3;
  auto told = run->post("u1", {{minute(0), -20'000}});
  BOOST_TEST(told.empty());
  BOOST_TEST(!run->unit("u1").last.has_value());
  BOOST_TEST(!run->engine->front().health().store_ok);
  std::vector<item_result> late;
  for (int i = 0; i < 4; ++i)
    run->advance(run->context.limits.commit_retry);
  BOOST_TEST(run->unit("u1").last.has_value());
  BOOST_TEST(run->engine->front().health().store_ok);
  BOOST_TEST(run->gate.in_flight() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_beyond_its_bound_is_forgotten_with_every_commit_until_nothing_is) {
  run->advance(run->context.limits.trim);
  storage->beyond_bounds = 2;
  run->post("u1", {{minute(0), -20'000}});
  BOOST_TEST(storage->beyond_bounds == 1U);
  run->post("u1", {{minute(1), -20'000}});
  BOOST_TEST(storage->beyond_bounds == 0U);
  storage->beyond_bounds = 1;
  run->post("u1", {{minute(2), -20'000}}); // it is looked for again in a while
  BOOST_TEST(storage->beyond_bounds == 1U);
  run->advance(run->context.limits.trim);
  run->post("u1", {{minute(3), -20'000}});
  BOOST_TEST(storage->beyond_bounds == 0U);
  BOOST_TEST(run->metrics.rows_forgotten[static_cast<std::size_t>(forgettable::polls)].load() == 3U);
}

BOOST_AUTO_TEST_CASE(a_full_engine_takes_nothing) {
  run.reset();
  run = std::make_unique<running>(storage, actors::engine_limits{}, 2);
  storage->failing_commits = 100;
  run->post("u1", {{minute(0), -20'000}, {minute(1), -20'000}});
  BOOST_TEST(run->admitted);
  run->post("u1", {{minute(2), -20'000}});
  BOOST_TEST(!run->admitted);
  BOOST_TEST(run->gate.refused() == 1U);
}

BOOST_AUTO_TEST_CASE(a_large_submission_of_one_unit_is_taken_whole_in_any_order) {
  std::vector<std::pair<timestamp, milli_celsius>> newest_first;
  for (int i = 10'000; i > 0; --i)
    newest_first.emplace_back(minute(i), -20'000 - i % 7);
  const auto told = run->post("u1", newest_first);
  BOOST_TEST((told == std::vector(10'000, item_result{item_outcome::stored})));
  BOOST_TEST(storage->readings[1].size() == 10'000U);
  BOOST_TEST(storage->readings[1].begin()->second.value == -20'001);
}

BOOST_AUTO_TEST_CASE(a_late_duplicate_is_told_from_a_late_reading) {
  std::vector<std::pair<timestamp, milli_celsius>> day;
  for (int i = 0; i < 400; ++i)
    day.emplace_back(minute(i), -20'000);
  run->post("u1", day);
  const auto duplicate = run->post("u1", {{minute(5), -20'000}});
  BOOST_TEST((duplicate[0].outcome == item_outcome::duplicate));
  const auto conflict = run->post("u1", {{minute(5), -19'000}});
  BOOST_TEST((conflict[0].reason == reject_reason::conflict));
  const auto late = run->post("u1", {{minute(5) + millis{1}, -19'000}});
  BOOST_TEST((late[0].reason == reject_reason::late_not_judged));
  BOOST_TEST(storage->rejects.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_duplicate_of_what_is_sealed_in_the_same_commit_is_a_duplicate) {
  std::vector<std::pair<timestamp, milli_celsius>> twice;
  for (int i = 0; i < 400; ++i)
    twice.emplace_back(minute(i), -20'000);
  twice.emplace_back(minute(5), -20'000);
  twice.emplace_back(minute(6), -19'000);
  storage->failing_commits = 1; // everything gathers into one commit
  run->post("u1", twice);
  run->advance(run->context.limits.commit_retry);
  run->finish();
  BOOST_TEST(run->metrics.readings_duplicate == 1U);
  BOOST_TEST(run->metrics.readings_rejected[static_cast<std::size_t>(reject_reason::conflict)] == 1U);
  BOOST_TEST(run->metrics.readings_rejected[static_cast<std::size_t>(reject_reason::late_not_judged)] == 0U);
}

BOOST_AUTO_TEST_CASE(a_commit_that_is_refused_for_good_ends_the_process) {
  storage->failing_commits = 1;
  storage->failing_with = error_code::conflict;
  run->post("u1", {{minute(0), -20'000}});
  BOOST_REQUIRE(run->faults.size() == 1U);
  BOOST_TEST(run->faults[0].starts_with("writer: the disk is away"));
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_waited_for) {
  storage->failing_commits = 3;
  run->post("u1", {{minute(0), -20'000}});
  BOOST_TEST(run->faults.empty());
}

BOOST_AUTO_TEST_CASE(an_actor_that_throws_ends_the_process_and_not_only_itself) {
  storage->throwing = true;
  run->post("u1", {{minute(0), -20'000}});
  BOOST_REQUIRE(run->faults.size() == 1U);
  BOOST_TEST(run->faults[0] == "writer: the disk is on fire");
}

BOOST_AUTO_TEST_CASE(units_of_the_configuration_join_those_that_are_there) {
  unit_description declared;
  declared.facility_code = "f2";
  declared.unit_code = "declared";
  actors::registration_request request;
  request.units = {declared};
  request.allowed = true;
  request.max_units = 1;
  caf::anon_send(run->engine->customers().front().handle, request);
  run->finish();
  BOOST_TEST(storage->known.units.size() == 1U); // a bound is a bound
  request.max_units = std::numeric_limits<std::size_t>::max();
  caf::anon_send(run->engine->customers().front().handle, request);
  run->finish();
  BOOST_TEST(storage->known.units.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_series_is_whole_across_what_is_sealed_and_what_is_not) {
  std::vector<std::pair<timestamp, milli_celsius>> day;
  for (int i = 0; i < 400; ++i)
    day.emplace_back(minute(i), -20'000 + i);
  run->post("u1", day);
  std::size_t found = 0;
  run->engine->front().series_of({customer_id{1}, run->unit("u1").unit->id, minute(0), minute(399)},
                                 [&](result<series> s) { found = s->readings.size(); });
  run->finish();
  BOOST_TEST(found == 400U);
}

BOOST_AUTO_TEST_CASE(a_foreign_customers_unit_does_not_exist) {
  bool not_found = false;
  run->engine->front().series_of({customer_id{2}, run->unit("u1").unit->id, minute(0), minute(1)},
                                 [&](result<series> s) { not_found = s.error().code == error_code::not_found; });
  run->settle();
  BOOST_TEST(not_found);
}

BOOST_AUTO_TEST_CASE(the_feed_resumes_without_loss_or_says_that_it_cannot) {
  run->post("u1", {{minute(0), -20'000}, {minute(1), -20'000}});
  const auto fresh = std::make_shared<recording_listener>();
  run->engine->front().subscribe(customer_id{1}, std::nullopt, fresh);
  const auto resumed = std::make_shared<recording_listener>();
  run->engine->front().subscribe(customer_id{1}, feed_cursor{run->engine->front().epoch(), 1}, resumed);
  const auto stranger = std::make_shared<recording_listener>();
  run->engine->front().subscribe(customer_id{1}, feed_cursor{99, 1}, stranger);
  run->settle();
  run->post("u1", {{minute(2), -10'000}});
  BOOST_TEST(!fresh->subscribed.at(0));
  BOOST_TEST(resumed->subscribed.at(0));
  BOOST_TEST(!stranger->subscribed.at(0));
  BOOST_TEST((fresh->numbers == std::vector<std::uint64_t>{3, 4}));
  // Whole frames come; the listener cuts the one that straddles its cursor.
  BOOST_TEST((resumed->numbers == std::vector<std::uint64_t>{1, 2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(the_feed_goes_on_counting_after_a_restart) {
  run->post("u1", {{minute(0), -20'000}});
  restart();
  run->post("u1", {{minute(1), -20'000}});
  BOOST_TEST(run->board.of(customer_id{1})->feed_last == 2U);
}

BOOST_AUTO_TEST_CASE(a_clean_end_commits_what_is_on_its_way) {
  run->register_unit("u2");
  std::vector<item_result> told;
  submission items;
  items.customer = customer_id{1};
  items.items.push_back({run->unit("u2").unit->id, measured{minute(0), -20'000, {}, false, ""}});
  items.done = [&](std::span<const item_result> r) { told.assign(r.begin(), r.end()); };
  BOOST_TEST(run->engine->front().submit(std::move(items)));
  run->finish();
  BOOST_TEST(told.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
