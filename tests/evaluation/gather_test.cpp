// Files brought together: who was watched when, what limits would have said, which alarms count.
#include "evaluation/gather.hpp"
#include "evaluation/score_ranking.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fstream>

namespace coldvigil {
namespace {

timestamp start_of_day() {
  return from_ms(1'767'571'200'000); // 2026-01-05T00:00:00Z
}

struct world {
  test::temp_dir folder;
  gather_options options;

  /// Two units, a reading every five minutes for a day, interleaved and now and then out of order.
  world() {
    std::ofstream out(folder.path("readings.csv"));
    out << "unit_id,timestamp,temperature\n";
    for (int i = 0; i < 288; ++i) {
      const int shuffled = i % 16 < 8 ? i + 7 - 2 * (i % 8) : i; // eight readings backwards, eight as they are
      for (const char* unit : {"a", "b"}) {
        const bool warm = *unit == 'a' && shuffled >= 120 && shuffled < 132; // 10:00 to 11:00
        out << unit << "," << format_utc(start_of_day() + shuffled * std::chrono::minutes{5}) << ","
            << (warm             ? "9"
                : shuffled == 50 ? ""
                                 : "5")
            << "\n";
      }
    }
    out << "a,2026-01-05T12:00:00Z,oops\n";
    options.readings = folder.path("readings.csv");
    options.units = {{.unit = "a", .low = 2000, .high = 8000, .site = "s"}};
  }
  result<gathered> run() {
    return gather(options, [](double) {});
  }
};

timestamp clock_time(int hours, int minutes = 0) {
  return start_of_day() + std::chrono::hours{hours} + std::chrono::minutes{minutes};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(gathering, world)

BOOST_AUTO_TEST_CASE(units_are_watched_from_their_first_to_their_last_reading) {
  options.skip = std::chrono::hours{2};
  const auto all = run();
  BOOST_REQUIRE(all.ok());
  BOOST_REQUIRE(all->units.size() == 2U);
  BOOST_TEST(all->readings == 576U);
  BOOST_TEST(all->missing == 2U);
  BOOST_TEST(all->order.late == 0U);
  BOOST_TEST(all->order.moved > 0U);
  BOOST_TEST(all->reading_problems.count == 1U);
  BOOST_TEST((all->units[0].watched.from == clock_time(2)));
  BOOST_TEST((all->units[0].watched.to == clock_time(23, 55)));
  BOOST_TEST(all->units[0].watched.site == "s");
  BOOST_TEST((all->units[0].has_limits && !all->units[1].has_limits));
}

BOOST_AUTO_TEST_CASE(limits_alone_and_first_breaches) {
  options.labels = {{"a", clock_time(9), clock_time(12), "door_ajar"}, {"nobody", clock_time(1), clock_time(2), "x"}};
  const auto all = run();
  BOOST_REQUIRE(all.ok());
  const gathered_unit& unit = all->units[0];
  BOOST_REQUIRE(unit.bounds_instant.size() == 1U);
  BOOST_TEST((unit.bounds_instant[0] == episode{clock_time(10), clock_time(11)}));
  BOOST_TEST((unit.bounds_sustained.at(0).opened == clock_time(10, 30)));
  BOOST_TEST((unit.watched.faults.at(0).breach.instant == clock_time(10)));
  BOOST_TEST(all->unknown_units_labels == 1U);
  BOOST_TEST(all->units[1].bounds_instant.empty());
}

BOOST_AUTO_TEST_CASE(only_alarms_of_severity_alarm_count_and_an_open_one_lasts_to_the_end) {
  options.alarms = {{.unit = "a", .opened = clock_time(3), .severity = "alarm"},
                    {.unit = "a", .opened = clock_time(4), .closed = clock_time(5), .severity = "warning"},
                    {.unit = "c", .opened = clock_time(4), .severity = "alarm"}};
  const auto all = run();
  BOOST_REQUIRE(all.ok());
  BOOST_REQUIRE(all->units[0].watched.alarms.size() == 1U);
  BOOST_TEST((all->units[0].watched.alarms[0] == episode{clock_time(3), clock_time(23, 55)}));
  BOOST_TEST(all->other_severities == 1U);
  BOOST_TEST(all->unknown_units_alarms == 1U);
}

BOOST_AUTO_TEST_CASE(scores_are_ranked_without_the_recovery_and_the_time_that_is_not_scored) {
  options.labels = {{"a", clock_time(9), clock_time(12), "door_ajar"}};
  options.skip = std::chrono::hours{1};
  const auto all = run();
  BOOST_REQUIRE(all.ok());
  std::ofstream file(folder.path("scores.csv"));
  file << "unit_id,timestamp,temperature,score\n";
  for (int i = 0; i < 288; ++i) {
    const timestamp at = start_of_day() + i * std::chrono::minutes{5};
    const bool inside = at >= clock_time(9) && at < clock_time(12);
    const bool after = at >= clock_time(12) && at < clock_time(18); // would spoil the ranking if it counted
    file << "a," << format_utc(at) << ",5," << (i < 10 || after ? "9" : inside ? "2" : "0.5") << "\n";
  }
  file << "a,2026-01-05T20:00:00Z,5,\nnobody,2026-01-05T20:00:00Z,5,1\n";
  file.close();
  const auto ranked = rank_scores(folder.path("scores.csv"), *all, {}, [](double) {});
  BOOST_REQUIRE(ranked.ok());
  BOOST_TEST(ranked->auc_pr == 1.0);
  BOOST_TEST(ranked->vus_pr < 1.0);
  BOOST_TEST(ranked->scores == 288U - 12 - 72);
  BOOST_TEST(std::abs(ranked->base_rate - 36.0 / (288 - 12 - 72)) < 1e-12);
  BOOST_TEST(ranked->problems.count == 1U);
}

BOOST_AUTO_TEST_CASE(more_units_than_allowed_is_a_failure) {
  options.most_units = 1;
  const auto all = run();
  BOOST_REQUIRE(!all.ok());
  BOOST_TEST((all.error().code == error_code::limit));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
