// What a file of readings teaches: read as a backtest reads it, and no more of it than there is room for.
#include "app/training_history.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace coldvigil::test {
namespace {

struct readings_in_a_file {
  temp_dir folder;
  file_history_options options{folder.path("r.csv")};

  void write(const std::string& text) const { std::ofstream(options.readings, std::ios::binary) << text; }
  [[nodiscard]] training_history read() const {
    auto history = file_history(options, [](double) {});
    BOOST_REQUIRE(history.ok());
    return std::move(*history);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(training_from_files, readings_in_a_file)

BOOST_AUTO_TEST_CASE(all_that_a_backtest_takes_is_taken) {
  write("\xEF\xBB\xBFUnit_ID;Note;TEMPERATURE;Temperature_Unit;Timestamp\n"
        "K\xFChl;x;;C;2026-01-05T00:00:00Z\n"  // no value
        "K\xFChl;x;14;F;2026-01-05 00:10:00\n" // no offset
        "K\xFChl;x;-9;C;1767571500\n"          // an epoch, before the one above
        "K\xFChl;x;-8;C;1767571500000\n"       // the same time: the first stands
        "K\xFChl;x;warm;C;2026-01-05T00:15:00Z\n");
  const auto history = read();
  BOOST_REQUIRE(history.series.size() == 1U);
  BOOST_TEST(history.series[0].unit == "K\xC3\xBChl");
  const auto& all = history.series[0].readings;
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(all[0].value == -9'000);
  BOOST_TEST(all[1].value == -10'000);
  BOOST_TEST(history.left_out.count == 1U);
  BOOST_TEST(history.description == "r.csv: 1 units, 2026-01-05T00:05:00Z to 2026-01-05T00:10:00Z");
}

BOOST_AUTO_TEST_CASE(what_is_outside_its_units_limits_does_not_teach) {
  write("unit_id,timestamp,temperature\na,1767571200,-20\na,1767571500,-5\nb,1767571200,-5\n");
  options.units = {{.unit = "a", .high = -10'000}};
  const auto history = read();
  BOOST_REQUIRE(history.series.size() == 2U);
  BOOST_TEST(history.series[0].readings.size() == 1U);
  BOOST_TEST(history.series[1].readings.size() == 1U);
  BOOST_TEST(history.description.ends_with("inside their limits"));
}

BOOST_AUTO_TEST_CASE(of_too_many_the_newest_of_each_unit_are_kept) {
  std::string text = "unit_id,timestamp,temperature\n";
  const auto add = [&text](const std::string& unit, int at) {
    text += unit + "," + std::to_string(1'767'571'200 + 60 * at) + ",-20\n";
  };
  for (int i = 0; i < 1'000; ++i)
    add("long", 999 - i); // the newest first
  for (int i = 0; i < 10; ++i)
    add("short", i);
  for (int i = 0; i < 500; ++i)
    add("later", i);
  write(text);
  options.most_readings = 100;
  const auto history = read();
  BOOST_REQUIRE(history.series.size() == 3U);
  std::size_t kept = 0;
  for (const training_series& each : history.series) {
    kept += each.readings.size();
    for (std::size_t i = 1; i < each.readings.size(); ++i)
      BOOST_TEST((each.readings[i - 1].at < each.readings[i].at));
  }
  BOOST_TEST(kept <= 100U);
  BOOST_TEST(history.series[0].unit == "later");
  BOOST_TEST(history.series[0].readings.size() > 20U);
  BOOST_TEST(history.series[1].readings.size() > 20U);
  BOOST_TEST(history.series[2].readings.size() == 10U);
  BOOST_TEST(to_ms(history.series[0].readings.back().at) == 1'767'571'200'000 + 60'000 * 499);
  BOOST_TEST(history.description.ends_with("the newest readings of each unit"));
}

BOOST_AUTO_TEST_CASE(what_is_no_file_of_readings_is_said) {
  write("unit,time\n");
  const auto refused = file_history(options, [](double) {});
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().text().find("unit_id") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
