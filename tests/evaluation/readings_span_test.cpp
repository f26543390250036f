// From when to when a file has readings: rows of a lost clock are nobody's beginning and nobody's end.
#include "evaluation/gather.hpp"
#include "evaluation/readings_span.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace coldvigil {
namespace {

constexpr timestamp start = from_ms(1'767'571'200'000); // 2026-01-05T00:00:00Z

struct spans {
  test::temp_dir folder;

  std::string file(const std::vector<timestamp>& at) const {
    std::ofstream out(folder.path("r.csv"));
    out << "unit_id,timestamp,temperature\n";
    for (const timestamp each : at)
      out << "u," << format_utc(each) << ",-20\n";
    return folder.path("r.csv");
  }
  readings_span of(const std::vector<timestamp>& at) const {
    const auto span = span_of_readings(file(at), [](double) {});
    BOOST_REQUIRE(span.ok());
    return *span;
  }
};

std::vector<timestamp> hourly(int count, timestamp from = start) {
  std::vector<timestamp> out;
  for (int i = 0; i < count; ++i)
    out.push_back(from + i * std::chrono::hours{1});
  return out;
}

timestamp day(int year) {
  return std::chrono::sys_days{std::chrono::year{year} / 3 / 1};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(span_of_a_file, spans)

BOOST_AUTO_TEST_CASE(a_row_of_a_lost_clock_moves_neither_end) {
  auto all = hourly(500);
  const auto plain = of(all);
  BOOST_TEST((plain.first == all.front() && plain.last == all.back() && plain.far_off == 0));
  all.insert(all.begin(), day(1970));
  all.insert(all.begin() + 200, day(2099));
  const auto odd = of(all);
  BOOST_TEST((odd.first == plain.first && odd.last == plain.last));
  BOOST_TEST(odd.far_off == 2U);
  BOOST_TEST(!odd.holds(odd.example));
}

BOOST_AUTO_TEST_CASE(at_most_one_in_a_thousand_is_odd) {
  auto all = hourly(3000);
  for (const int year : {1970, 1980, 2000})
    all.push_back(day(year));
  BOOST_TEST(of(all).far_off == 3U);
  all.push_back(day(2001));
  BOOST_TEST((of(all).far_off == 3U && of(all).first == day(2001)));
}

BOOST_AUTO_TEST_CASE(of_few_rows_none_is) {
  auto all = hourly(98);
  all.push_back(day(1970));
  BOOST_TEST((of(all).far_off == 0U && of(all).first == day(1970)));
  all.push_back(all[97] + std::chrono::hours{1});
  BOOST_TEST((of(all).far_off == 1U && of(all).first == start));
}

BOOST_AUTO_TEST_CASE(what_is_within_a_day_belongs_to_it_and_a_pause_ends_nothing) {
  auto all = hourly(500);
  all.push_back(start - std::chrono::hours{24});
  BOOST_TEST((of(all).far_off == 0U && of(all).first == start - std::chrono::hours{24}));
  all.back() -= millis{1};
  BOOST_TEST((of(all).far_off == 1U && of(all).first == start));
  all.pop_back();
  const auto later = hourly(500, start + std::chrono::days{300});
  all.insert(all.end(), later.begin(), later.end());
  BOOST_TEST((of(all).far_off == 0U && of(all).last == later.back()));
}

BOOST_AUTO_TEST_CASE(a_file_without_a_usable_row_is_a_failure) {
  BOOST_TEST(!span_of_readings(file({}), [](double) {}).ok());
  const std::string bad = folder.path("bad.csv");
  std::ofstream(bad) << "unit_id,timestamp,temperature\nu,soon,-20\nu,2026-01-05T00:00:00Z,cold\nu,,1\nu,,2\n";
  const auto span = span_of_readings(bad, [](double) {});
  BOOST_REQUIRE(!span.ok());
  const std::string& what = span.error().what;
  BOOST_TEST(what.starts_with("the readings have no usable row: line 2: "), what);
  BOOST_TEST(what.find("; line 4: ") != std::string::npos, what);
  BOOST_TEST(what.ends_with("; and 1 more"), what);
}

BOOST_AUTO_TEST_CASE(nobody_is_watched_for_the_years_that_a_lost_clock_adds) {
  auto all = hourly(500);
  all.insert(all.begin(), day(1970));
  gather_options options;
  options.readings = file(all);
  options.within = of(all);
  const auto seen = gather(options, [](double) {});
  BOOST_REQUIRE(seen.ok());
  BOOST_TEST((seen->units.at(0).watched.from == start));
  BOOST_TEST(seen->order.far_off == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
