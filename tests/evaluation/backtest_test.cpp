// Alarms of a backtest: rules one by one, and that neither the file's order nor the batches change anything.
#include "core/driver_text.hpp"
#include "evaluation/backtest.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cstring>
#include <fstream>

namespace coldvigil {
namespace {

constexpr timestamp start = from_ms(1'767'571'200'000);
constexpr millis minute = std::chrono::minutes{1};

struct tracked {
  alarm_tracker tracker;
  tracker_rules rules;
  std::vector<alarm_row> rows;
  alarm_sink sink = [this](alarm_row row) { rows.push_back(std::move(row)); };

  void add(int at_minute, milli_celsius value, float score = 0) {
    tracker.add(start + at_minute * minute, value, {score, score_state::scored}, 2000, 8000, rules, sink);
  }
  void end(int at_minute) { tracker.finish(start + at_minute * minute, rules, sink); }
  [[nodiscard]] std::size_t count(std::string_view severity) const {
    return static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const alarm_row& one) { return one.severity == severity; }));
  }
};

/// Scores how far a reading lies from the one before it, which is its whole memory.
class step_detector final : public detector {
 public:
  [[nodiscard]] const model_info& info() const override { return info_; }
  std::vector<detect_answer> step(std::span<detect_request> requests) override {
    std::vector<detect_answer> out;
    for (const detect_request& request : requests) {
      detect_answer answer{request.state, {}};
      milli_celsius last = 0;
      bool known = !request.state.bytes.empty();
      if (known) std::memcpy(&last, request.state.bytes.data(), sizeof last);
      for (const detect_sample& sample : request.samples) {
        if (known)
          answer.verdicts.push_back({static_cast<float>(std::abs(sample.value - last)) / 1000, score_state::scored});
        else
          answer.verdicts.push_back({0, score_state::warming});
        last = sample.value;
        known = true;
      }
      answer.state.bytes.resize(sizeof last);
      std::memcpy(answer.state.bytes.data(), &last, sizeof last);
      out.push_back(std::move(answer));
    }
    return out;
  }
  result<reconstruction> reconstruct(const detector_state&) override { return failure{}; }
  result<prediction> predict(std::span<const double>, double, double, std::size_t, const detector_state*) override {
    return failure{};
  }

 private:
  model_info info_{};
};

struct outcome_of_run {
  std::vector<std::string> alarms, scores;
  backtest_counts counts;
};

outcome_of_run run(const backtest_options& options) {
  step_detector model;
  outcome_of_run out;
  const auto done =
      backtest(model, options,
               {[&](const alarm_row& row) { out.alarms.push_back(csv_line(row)); },
                [&](const scored_reading& one) {
                  out.scores.push_back(std::string(one.unit) + format_utc(one.at) + std::to_string(one.judged.score));
                },
                [](double) {}});
  BOOST_REQUIRE(done.ok());
  out.counts = *done;
  std::sort(out.alarms.begin(), out.alarms.end());
  std::sort(out.scores.begin(), out.scores.end());
  return out;
}

std::string line(const std::string& unit, int at_minute, int value) {
  return unit + "," + format_utc(start + at_minute * minute) + "," + std::to_string(value) + "\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(tracking)

BOOST_FIXTURE_TEST_CASE(an_instant_breach_is_a_warning_and_half_an_hour_an_alarm, tracked) {
  for (int i = 0; i <= 60; i += 5)
    add(i, i >= 10 && i < 50 ? 8001 : 5000);
  end(60);
  BOOST_REQUIRE(rows.size() == 2U);
  BOOST_TEST(rows[0].severity == "warning");
  BOOST_TEST((rows[0].opened == start + 10 * minute && rows[0].closed == start + 50 * minute));
  BOOST_TEST(rows[1].severity == "alarm");
  BOOST_TEST(rows[1].kind == "high_limit");
  BOOST_TEST((rows[1].opened == start + 40 * minute));
}

BOOST_FIXTURE_TEST_CASE(from_one_limit_to_the_other_is_two, tracked) {
  add(0, 9000);
  add(5, 1000);
  end(5);
  BOOST_REQUIRE(rows.size() == 2U);
  BOOST_TEST(rows[0].kind == "high_limit");
  BOOST_TEST(rows[1].kind == "low_limit");
  BOOST_TEST(!rows[1].closed.has_value());
}

BOOST_FIXTURE_TEST_CASE(three_scores_in_a_row_open_and_ten_low_minutes_close, tracked) {
  rules.model.consecutive = 3;
  const std::vector<float> scores{2, 2, 0, 2, 2, 2, 5, 0, 0, 2, 0.69F, 0.1F, 0.6F, 0};
  for (std::size_t i = 0; i < scores.size(); ++i)
    add(5 * static_cast<int>(i), 5000, scores[i]);
  end(70);
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST((rows[0].opened == start + 25 * minute));
  BOOST_TEST((rows[0].closed == start + 60 * minute));
  BOOST_TEST(*rows[0].peak_score == 5.0);
}

BOOST_FIXTURE_TEST_CASE(its_rule_is_the_engines, tracked) {
  const rule_set own = own_rules({}, 1);
  BOOST_TEST((rules.model.off_delay == own.rules.back().off_delay));
  BOOST_TEST(rules.model.consecutive == 1);
  BOOST_TEST(rules.model.score_limit == 1);
}

BOOST_FIXTURE_TEST_CASE(a_reading_without_a_score_neither_counts_nor_resets, tracked) {
  rules.model.consecutive = 3;
  add(0, 5000, 2);
  add(1, 5000, 2);
  tracker.add(start + 2 * minute, 5000, {0, score_state::warming}, {}, {}, rules, sink);
  add(3, 5000, 2);
  end(3);
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST((rows[0].opened == start + 3 * minute));
}

BOOST_FIXTURE_TEST_CASE(the_score_of_a_sensor_rule_is_no_measure_and_not_shown, tracked) {
  for (int i = 0; i < 60; i += 5) {
    verdict ill{i < 20 ? 69.0F : 0.1F, score_state::scored};
    ill.why.driver.channel = driver_stuck;
    tracker.add(start + i * minute, 5000, ill, 2000, 8000, rules, sink);
  }
  end(60);
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST(rows[0].explanation == "the sensor shows the same value for longer than it ever did; the value was 5.0 °C "
                                    "when it opened");
}

BOOST_FIXTURE_TEST_CASE(silence_is_told_from_lost_readings_and_is_an_alarm_when_it_lasts, tracked) {
  for (const int i : {0, 5, 10, 25, 30, 35, 60}) // two lost, then four
    add(i, 5000);
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST(rows[0].kind == "no_data");
  BOOST_TEST(rows[0].severity == "warning");
  BOOST_TEST((rows[0].opened > start + 45 * minute && rows[0].opened < start + 60 * minute));
  BOOST_TEST((rows[0].closed == start + 60 * minute));
  for (int i = 65; i < 1000; i += 5)
    add(i, 5000);
  add(1095, 5000); // a hundred minutes
  BOOST_REQUIRE(rows.size() == 3U);
  BOOST_TEST(rows[1].severity == "warning");
  BOOST_TEST(rows[2].severity == "alarm");
  // An hour after a value was due; the usual interval is learnt.
  BOOST_TEST((rows[2].opened >= start + (995 + 65) * minute && rows[2].opened < start + (995 + 66) * minute));
  BOOST_TEST((rows[2].closed == start + 1095 * minute));
  end(1095 + 90);
  BOOST_REQUIRE(rows.size() == 5U);
  BOOST_TEST(rows[4].severity == "alarm");
  BOOST_TEST((rows[4].opened > start + (1095 + 80) * minute && !rows[4].closed)); // it was silent for an hour before
}

BOOST_FIXTURE_TEST_CASE(silences_that_a_unit_has_had_before_are_warnings, tracked) {
  int now = 0;
  const auto a_week_and_a_silence = [&](int of) {
    for (int i = 0; i < 2000; ++i)
      add(now += 5, 5000);
    add(now += of, 5000);
  };
  for (int week = 0; week < 8; ++week)
    a_week_and_a_silence(85);
  BOOST_TEST(count("alarm") == 2U); // the first, and the second that was longer than the first had taught
  a_week_and_a_silence(48 * 60);    // teaches no more than where it became an alarm
  a_week_and_a_silence(240);
  BOOST_TEST(count("alarm") == 4U);
}

BOOST_FIXTURE_TEST_CASE(what_a_sensor_does_all_the_time_is_no_silence, tracked) {
  int now = 0;
  for (int i = 0; i < 600; ++i)
    add(now += i % 20 == 19 ? 25 : 4, 5000);
  const auto while_learning = count("warning");
  BOOST_TEST(while_learning <= 6U);
  for (int i = 0; i < 600; ++i)
    add(now += i % 20 == 19 ? 25 : 4, 5000);
  BOOST_TEST(count("warning") == while_learning);
  add(now += 120, 5000);
  BOOST_TEST(count("warning") == while_learning + 1);
}

BOOST_FIXTURE_TEST_CASE(a_gateway_that_is_off_every_night_is_no_silence_from_the_fourth_night_on, tracked) {
  const auto a_day = [this](int day, int from_hour, int to_hour) {
    for (int i = from_hour * 60; i <= to_hour * 60; i += 5)
      add(day * 1440 + i + day % 7, 5000); // never quite at the same minute
  };
  for (int day = 0; day < 10; ++day)
    a_day(day, 6, 21);
  BOOST_TEST(count("warning") == 3U);
  a_day(10, 10, 21); // four hours longer than ever
  BOOST_TEST(count("warning") == 4U);
  BOOST_TEST((rows.back().opened > start + 10 * 1440 * minute + 7 * 60 * minute));
  for (int day = 11; day < 14; ++day)
    a_day(day, 6, 21);
  BOOST_TEST(count("warning") == 4U);
  a_day(14, 6, 12);
  a_day(14, 15, 21); // at another time
  BOOST_TEST(count("warning") == 5U);
  end(15 * 1440 + 5 * 60);
  BOOST_TEST(count("warning") == 5U);
  end(15 * 1440 + 14 * 60);
  BOOST_TEST(count("warning") == 6U);
}

BOOST_FIXTURE_TEST_CASE(another_pace_is_a_silence_until_it_was_there_three_times_in_a_row, tracked) {
  int now = 0;
  const auto at_pace = [&](int minutes, int hours) {
    for (const int end = now + 60 * hours; now < end;)
      add(now += minutes, 5000);
  };
  for (int day = 0; day < 10; ++day) {
    at_pace(5, day % 2 == 0 ? 24 : 17);
    at_pace(60, day % 2 == 0 ? 24 : 7);
  }
  BOOST_TEST(count("warning") == 3U);
  at_pace(5, 12);
  add(now += 180, 5000);
  BOOST_TEST(count("warning") == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(backtesting)

BOOST_AUTO_TEST_CASE(the_order_of_units_and_the_batches_change_nothing) {
  const test::temp_dir folder;
  const bool held = rc::check([&] {
    std::vector<std::string> by_unit;
    std::vector<std::pair<int, std::string>> by_time;
    for (const char* unit : {"a", "b", "c"}) {
      int now = 0;
      for (const auto& [gap, value] : *rc::gen::container<std::vector<std::pair<int, int>>>(
               rc::gen::pair(rc::gen::inRange(1, 30), rc::gen::inRange(0, 10)))) {
        now += gap;
        by_unit.push_back(line(unit, now, value));
        by_time.emplace_back(now, by_unit.back());
      }
    }
    std::stable_sort(by_time.begin(), by_time.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
    std::ofstream one(folder.path("one.csv"));
    std::ofstream other(folder.path("other.csv"));
    one << readings_header;
    other << readings_header;
    for (const auto& each : by_unit)
      one << each;
    for (const auto& each : by_time)
      other << each.second;
    one.close();
    other.close();

    backtest_options whole;
    whole.readings = folder.path("one.csv");
    whole.units = {{.unit = "a", .low = 2000, .high = 8000}, {.unit = "b", .high = 5000}};
    backtest_options pieces = whole;
    pieces.readings = folder.path("other.csv");
    pieces.pending = *rc::gen::inRange<std::size_t>(1, 40);
    pieces.run = *rc::gen::inRange<std::size_t>(1, 9);
    pieces.batch = *rc::gen::inRange<std::size_t>(1, 4);
    pieces.reorder_window = *rc::gen::inRange<std::size_t>(0, 9);
    const auto expected = run(whole);
    const auto seen = run(pieces);
    RC_ASSERT(expected.alarms == seen.alarms);
    RC_ASSERT(expected.scores == seen.scores);
    RC_ASSERT(expected.counts.readings == by_unit.size());
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(what_is_before_the_reported_time_only_teaches) {
  const test::temp_dir folder;
  std::ofstream file(folder.path("r.csv"));
  file << readings_header;
  for (int i = 0; i < 60; ++i)
    file << line("a", i, i % 2 == 0 ? 0 : 9);
  file.close();
  backtest_options options;
  options.readings = folder.path("r.csv");
  const auto all = run(options);
  options.report_from = start + 30 * minute;
  const auto late = run(options);
  BOOST_TEST(all.alarms.size() == 1U);
  BOOST_TEST(late.alarms.empty());
  BOOST_TEST(all.scores.size() == 60U);
  BOOST_TEST(late.scores.size() == 30U);
  BOOST_TEST(late.counts.scored == all.counts.scored);
}

BOOST_AUTO_TEST_CASE(more_units_than_allowed_is_a_failure) {
  const test::temp_dir folder;
  std::ofstream(folder.path("r.csv")) << readings_header << line("a", 0, 1) << line("b", 0, 1);
  backtest_options options;
  options.readings = folder.path("r.csv");
  options.most_units = 1;
  step_detector model;
  const auto done = backtest(model, options, {[](const alarm_row&) {}, {}, [](double) {}});
  BOOST_REQUIRE(!done.ok());
  BOOST_TEST((done.error().code == error_code::limit));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
