// Figures and their intervals, and the area under the precision-recall curve.
#include "evaluation/precision.hpp"
#include "evaluation/report.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

namespace coldvigil {
namespace {

constexpr millis month = std::chrono::hours{720};

/// A unit with so many faults of which so many were found after `delay_min`, and false alarms in a clean month.
unit_outcome unit_with(std::size_t faults, std::size_t found, int delay_min, std::size_t false_alarms) {
  unit_outcome out;
  out.clean = out.scored = month;
  for (std::size_t i = 0; i < faults; ++i) {
    fault_outcome one;
    one.kind = i % 2 == 0 ? "compressor_fail" : "sensor_noise";
    if (i < found) one.delay = std::chrono::minutes{delay_min};
    out.faults.push_back(one);
  }
  out.false_alarms.assign(false_alarms, {});
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(counts_are_what_they_are) {
  const auto seen = summarise("x", {unit_with(2, 2, 10, 0), unit_with(2, 1, 30, 3), unit_with(0, 0, 0, 0)}, {}, {});
  BOOST_TEST(seen.all.faults == 4U);
  BOOST_TEST(seen.all.found == 3U);
  BOOST_TEST(*seen.all.recall.estimate == 0.75);
  BOOST_TEST(*seen.all.delay_median_min.estimate == 10.0);
  BOOST_TEST(*seen.all.delay_p90_min.estimate == 30.0);
  BOOST_TEST(*seen.false_per_unit_month.estimate == 1.0);
  BOOST_TEST(seen.unit_months == 3.0);
  BOOST_REQUIRE(seen.kinds.size() == 2U);
  BOOST_TEST(seen.kinds[0].name == "compressor_fail");
  BOOST_TEST(*seen.kinds[0].recall.estimate == 1.0);
  BOOST_TEST(*seen.kinds[1].recall.estimate == 0.5);
  BOOST_REQUIRE(seen.groups.size() == 2U);
  BOOST_TEST(seen.groups[0].name == "fast");
  BOOST_TEST(!seen.all.lead_instant_min.estimate.has_value());
}

BOOST_AUTO_TEST_CASE(the_interval_holds_the_estimate_and_narrows_with_units) {
  std::vector<unit_outcome> few;
  for (int i = 0; i < 20; ++i)
    few.push_back(unit_with(2, i % 2 == 0 ? 2 : 1, 10, i % 4 == 0 ? 1 : 0));
  std::vector<unit_outcome> many;
  for (int i = 0; i < 16; ++i)
    many.insert(many.end(), few.begin(), few.end());
  const auto wide = summarise("", few, {}, {});
  const auto narrow = summarise("", many, {}, {});
  for (const auto& seen : {wide.all.recall, wide.false_per_unit_month, narrow.all.recall}) {
    BOOST_TEST(seen.low <= *seen.estimate);
    BOOST_TEST(*seen.estimate <= seen.high);
  }
  BOOST_TEST(wide.all.recall.low < wide.all.recall.high);
  const double times = (wide.all.recall.high - wide.all.recall.low) / (narrow.all.recall.high - narrow.all.recall.low);
  BOOST_TEST((times > 2.5 && times < 6), times); // by the square root of 16
  // The normal approximation: half a width of 1.645 standard errors of the mean over units.
  BOOST_TEST(std::abs((wide.all.recall.high - wide.all.recall.low) / 2 - 1.645 * 0.25 / std::sqrt(20.0)) < 0.03);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_interval) {
  const std::vector<unit_outcome> units{unit_with(3, 1, 10, 0), unit_with(3, 2, 20, 2), unit_with(3, 3, 30, 1)};
  const auto once = summarise("", units, {}, {});
  const auto again = summarise("", units, {}, {});
  BOOST_TEST(report_json({once}, nullptr) == report_json({again}, nullptr));
}

BOOST_AUTO_TEST_CASE(tables_for_documents_have_as_many_cells_in_every_line) {
  const std::string text = report_markdown({summarise("x", {unit_with(2, 1, 10, 0)}, {}, {})}, true);
  std::size_t tables = 0;
  std::size_t cells = 0;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
    const std::string line = text.substr(begin, end - begin);
    const auto bars = static_cast<std::size_t>(std::count(line.begin(), line.end(), '|'));
    if (bars > 0 && cells == 0) ++tables;
    if (bars > 0 && cells > 0) BOOST_TEST(bars == cells, line);
    cells = bars;
  }
  BOOST_TEST(tables == 2U);
}

BOOST_AUTO_TEST_CASE(nothing_to_watch_gives_nothing) {
  const auto seen = summarise("", {}, {}, {});
  BOOST_TEST(!seen.all.recall.estimate.has_value());
  BOOST_TEST(!seen.false_per_unit_month.estimate.has_value());
  BOOST_TEST(!report_text({seen}).empty());
}

BOOST_AUTO_TEST_CASE(random_alarms_find_what_their_rate_finds) {
  std::vector<unit_case> units;
  const timestamp start = from_ms(1'700'000'000'000);
  for (int i = 0; i < 200; ++i) {
    unit_case one;
    one.from = start;
    one.to = start + std::chrono::hours{720};
    one.faults.push_back({"k", {start + std::chrono::hours{300}, start + std::chrono::hours{372}}, {}});
    units.push_back(one);
  }
  const auto seen = random_row(units, 400, {}, {}); // two a unit and month: 0.2 in 72 h
  BOOST_TEST(std::abs(*seen.all.recall.estimate - (1 - std::exp(-0.2))) < 0.02);
  BOOST_TEST(std::abs(*seen.false_per_unit_month.estimate - 2) < 0.1);
}

BOOST_AUTO_TEST_CASE(the_area_is_that_of_all_thresholds) {
  const bool held = rc::check([] {
    struct one {
      int decade;
      bool positive;
    };
    std::vector<one> all;
    for (const auto& [decade, positive] : *rc::gen::container<std::vector<std::pair<int, bool>>>(
             rc::gen::pair(rc::gen::inRange(-30, 30), rc::gen::arbitrary<bool>())))
      all.push_back({decade, positive});
    precision_recall seen;
    double positives = 0;
    for (const one& each : all) {
      seen.add(std::pow(10.0, each.decade / 10.0), each.positive);
      positives += each.positive;
    }
    double area = 0;
    for (int threshold = -30; threshold < 30; ++threshold) {
      double found = 0;
      double taken = 0;
      double gained = 0;
      for (const one& each : all) {
        taken += each.decade >= threshold;
        found += each.decade >= threshold && each.positive;
        gained += each.decade == threshold && each.positive;
      }
      if (gained > 0) area += gained / positives * found / taken;
    }
    RC_ASSERT(std::abs(seen.area() - area) < 1e-9);
  });
  BOOST_TEST(held);
  precision_recall odd;
  odd.add(std::nan(""), false);
  odd.add(std::numeric_limits<double>::infinity(), true);
  odd.add(-1, false);
  BOOST_TEST(odd.area() == 1.0);
  BOOST_TEST(std::abs(odd.base_rate() - 1.0 / 3) < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
