// CSV files as people have them: read, refused with the line, written and read again.
#include "evaluation/readings_file.hpp"
#include "evaluation/reorder.hpp"
#include "evaluation/tables.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sys/stat.h>

namespace coldvigil {
namespace {

struct files {
  test::temp_dir folder;
  std::string write(const std::string& text, const std::string& name = "file.csv") const {
    std::ofstream(folder.path(name), std::ios::binary) << text;
    return folder.path(name);
  }
};

struct kept_reading {
  std::string unit;
  timestamp at;
  std::optional<milli_celsius> value;
};

struct all_readings {
  std::vector<kept_reading> rows;
  row_problems problems;
};

all_readings read_all(const std::string& path) {
  auto file = readings_file::open(path);
  BOOST_REQUIRE(file.ok());
  all_readings out;
  file_reading one;
  while (file->next(one))
    out.rows.push_back({std::string(one.unit), one.at, one.value});
  out.problems = file->problems();
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(csv_files, files)

BOOST_AUTO_TEST_CASE(the_plain_shape) {
  const auto seen = read_all(write("unit_id,timestamp,temperature\n"
                                   "a,2026-01-05T00:00:00Z,-19.5\n"
                                   "a,2026-01-05T01:00:00+01:00,-19\r\n"
                                   "\n"
                                   "b,2026-01-05 00:00:01,\n"
                                   "b,1767571200,4.1\n"
                                   "b,1767571200500,4.2"));
  BOOST_TEST(seen.problems.count == 0U);
  BOOST_REQUIRE(seen.rows.size() == 5U);
  BOOST_TEST(seen.rows[0].unit == "a");
  BOOST_TEST(*seen.rows[0].value == -19'500);
  BOOST_TEST((seen.rows[1].at == seen.rows[0].at));
  BOOST_TEST(!seen.rows[2].value.has_value());
  BOOST_TEST((seen.rows[2].at - seen.rows[0].at == std::chrono::seconds{1}));
  BOOST_TEST((seen.rows[3].at == seen.rows[0].at));
  BOOST_TEST((seen.rows[4].at - seen.rows[3].at == millis{500}));
}

BOOST_AUTO_TEST_CASE(a_customers_own_export) {
  const auto seen = read_all(write(
      "customer_id,facility_id,unit_id,unit_name,temperature,temperature_unit,timestamp,sensor_id,"
      "set_temperature,size,size_unit,city,country,quality_score\n"
      "B,facility_B_1,unit_B_1_1,\"Cold, \"\"big\"\"\",14.00,F,2026-11-21T04:05:06,s1,-10.0,1000,sqft,,England,0.9\n"
      "B,facility_B_1,unit_B_1_1,,,F,2026-11-21T04:10:06,s1,-10.0,1000,sqft,,England,0\n"));
  BOOST_REQUIRE(seen.rows.size() == 2U);
  BOOST_TEST(*seen.rows[0].value == -10'000);
  BOOST_TEST(format_utc(seen.rows[0].at) == "2026-11-21T04:05:06Z");
  BOOST_TEST(!seen.rows[1].value.has_value());
}

BOOST_AUTO_TEST_CASE(semicolons_marks_and_large_letters) {
  const auto seen = read_all(write("\xEF\xBB\xBFUnit_ID; Timestamp ;TEMPERATURE\n a ;2026-01-05T00:00:00Z; 4.5 \n"));
  BOOST_REQUIRE(seen.rows.size() == 1U);
  BOOST_TEST(seen.rows[0].unit == "a");
  BOOST_TEST(*seen.rows[0].value == 4'500);
}

BOOST_AUTO_TEST_CASE(a_comma_may_be_the_decimal_point_of_a_temperature) {
  const auto seen = read_all(write("unit_id;timestamp;temperature\n"
                                   "a;2026-01-05T00:00:00Z;-19,5\n"
                                   "a;2026-01-05T00:05:00Z;+4,25\n"
                                   "a;2026-01-05T00:10:00Z;1.234,5\n"
                                   "a;2026-01-05T00:15:00Z;1,2,3\n"));
  BOOST_REQUIRE(seen.rows.size() == 2U);
  BOOST_TEST(*seen.rows[0].value == -19'500);
  BOOST_TEST(*seen.rows[1].value == 4'250);
  BOOST_TEST(seen.problems.count == 2U);
  row_problems problems;
  const auto units = read_units(write("unit_id;low;high\na;2,5;8\n"), problems);
  BOOST_REQUIRE((units.ok() && units->size() == 1U));
  BOOST_TEST(*(*units)[0].low == 2'500);
}

BOOST_AUTO_TEST_CASE(a_row_with_more_cells_than_the_header_is_left_out_and_empty_ones_at_its_end_are_none) {
  const auto seen = read_all(write("unit_id,timestamp,temperature\n"
                                   "a,2026-01-05T00:00:00Z,-31,4\n"
                                   "a,2026-01-05T00:05:00Z,\"-31,4\"\n"
                                   "a,2026-01-05T00:10:00Z,-31,, \n"
                                   "a,2026-01-05T00:15:00Z,,\n"));
  BOOST_REQUIRE(seen.rows.size() == 3U);
  BOOST_TEST(*seen.rows[0].value == -31'400);
  BOOST_TEST(*seen.rows[1].value == -31'000);
  BOOST_TEST(!seen.rows[2].value.has_value());
  BOOST_REQUIRE(seen.problems.count == 1U);
  BOOST_TEST(seen.problems.named[0] == "line 2: 4 cells instead of 3");
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_no_number) {
  for (const char* text : {"nan", "-inf", "infinity", "1e999", "+", "", "1x", " 1", "0x10"})
    BOOST_TEST(!parse_file_number(text).has_value(), text);
  BOOST_TEST(*parse_file_number("+1.5e2") == 150);
}

BOOST_AUTO_TEST_CASE(what_stands_for_no_time_is_none) {
  const auto seen = read_all(write("unit_id,timestamp,temperature\n"
                                   "a,0001-01-01T00:00:00Z,1\n"
                                   "a,1969-12-31T23:59:59Z,1\n"
                                   "a,1970-01-01T00:00:00Z,1\n"
                                   "a,2200-01-01T00:00:00Z,1\n"
                                   "a,9999-12-31T23:59:59Z,1\n"
                                   "a,7258118400001,1\n"));
  BOOST_TEST(seen.rows.size() == 2U);
  BOOST_TEST(seen.problems.count == 4U);
}

BOOST_AUTO_TEST_CASE(a_day_without_its_time_is_called_so) {
  const auto seen = read_all(write("unit_id,timestamp,temperature\n"
                                   "a,2026-01-05,1\n"
                                   "a,2026-02-30,1\n"
                                   "a,0001-01-01,1\n"));
  BOOST_TEST(seen.rows.empty());
  const std::string no_time = " is neither ISO 8601 nor an epoch, of 1970 to 2200";
  BOOST_REQUIRE(seen.problems.named.size() == 3U);
  BOOST_TEST(seen.problems.named[0] ==
             "line 2: timestamp '2026-01-05' is a day without its time, as in 2026-01-20T08:00:00Z");
  BOOST_TEST(seen.problems.named[1] == "line 3: timestamp '2026-02-30'" + no_time);
  BOOST_TEST(seen.problems.named[2] == "line 4: timestamp '0001-01-01'" + no_time);
}

BOOST_AUTO_TEST_CASE(an_older_programs_latin_1) {
  const auto seen = read_all(write("unit_id;timestamp;temperature;note\nK\xFChlraum 1;2026-01-05T00:00:00Z;4.5;-20 \xB0"
                                   "C\nK\xC3\xBChlraum 1;2026-01-05T00:05:00Z;4.5;\n"));
  BOOST_REQUIRE(seen.rows.size() == 2U);
  BOOST_TEST(seen.rows[0].unit == "K\xC3\xBChlraum 1");
  BOOST_TEST(seen.rows[1].unit == seen.rows[0].unit);
  const auto windows = read_all(write("unit_id,timestamp,temperature\nTK \x96 S\xFC"
                                      "d,2026-01-05T00:00:00Z,4\n"));
  BOOST_REQUIRE(windows.rows.size() == 1U);
  BOOST_TEST(windows.rows[0].unit == "TK \xE2\x80\x93 S\xC3\xBC"
                                     "d");
}

BOOST_AUTO_TEST_CASE(rows_with_errors_are_counted_and_named_by_their_line) {
  std::string text = "unit_id,timestamp,temperature,temperature_unit\n"
                     "a,yesterday,1,C\n"
                     "a,2026-01-05T00:00:00Z,warm,C\n"
                     "a,2026-01-05T00:00:00Z,nan,C\n"
                     "a,2026-01-05T00:00:00Z,-400,C\n"
                     "a,2026-01-05T00:00:00Z,1,X\n"
                     ",2026-01-05T00:00:00Z,1,C\n"
                     "a,2026-01-05T00:00:00Z\n"
                     "a,2026-02-30T00:00:00Z,1,C\n"
                     "a,-5,1,C\n";
  text += "a," + std::string(csv_table::longest_line + 10, 'x') + ",1,C\n";
  text += "a,2026-01-05T00:00:00Z,1e400,C\na,2026-01-05T00:00:00Z,2,C\n";
  const auto seen = read_all(write(text));
  BOOST_TEST(seen.rows.size() == 1U);
  BOOST_TEST(seen.problems.count == 11U);
  BOOST_TEST(seen.problems.named.size() == row_problems::named_at_most);
  BOOST_TEST(seen.problems.named[0] ==
             "line 2: timestamp 'yesterday' is neither ISO 8601 nor an epoch, of 1970 to 2200");
  BOOST_TEST(seen.problems.named[6] == "line 8: 2 cells instead of 4");
  BOOST_TEST(seen.problems.named[9] == "line 11: longer than 64 KiB");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_longer_than_the_buffer_is_left_out_and_the_next_one_read) {
  const auto seen = read_all(write("unit_id,timestamp,temperature\n" + std::string(3 << 20, 'x') +
                                   "\na,2026-01-05T00:00:00Z,2\n" + std::string(3 << 20, 'y')));
  BOOST_TEST(seen.rows.size() == 1U);
  BOOST_TEST(seen.problems.count == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_no_such_file_says_what_to_do) {
  BOOST_TEST(readings_file::open(folder.path("none.csv")).error().text().find("none.csv") != std::string::npos);
  BOOST_TEST(!readings_file::open(folder.path()).ok());
  BOOST_TEST(!readings_file::open(write("")).ok());
  const auto lacking = readings_file::open(write("unit_id,value\na,1\n"));
  BOOST_REQUIRE(!lacking.ok());
  BOOST_TEST(lacking.error().what == "the file has no column 'timestamp'");
  BOOST_TEST(lacking.error().hint == "its first line has: unit_id, value");
  const auto tabs = readings_file::open(write("unit_id\ttimestamp\ttemperature\n"));
  BOOST_REQUIRE(!tabs.ok());
  BOOST_TEST(tabs.error().hint.starts_with("columns are separated by commas or semicolons"), tabs.error().hint);
  for (const std::string& wide : {std::string("\xFF\xFEu\0n\0", 6), std::string("\xFE\xFF\0u\0n", 6)})
    BOOST_TEST(readings_file::open(write(wide)).error().what == "the file is in UTF-16");
}

BOOST_AUTO_TEST_CASE(a_column_that_is_needed_and_there_twice_is_refused_and_any_other_is_not) {
  const auto twice = readings_file::open(write("unit_id,temperature,timestamp,Temperature \n"));
  BOOST_REQUIRE(!twice.ok());
  BOOST_TEST(twice.error().what == "the file has the column 'temperature' twice");
  BOOST_TEST(twice.error().where == folder.path("file.csv"));
  BOOST_TEST(twice.error().hint == "columns 2 and 4 of its first line: take one out, or give it another name");
  for (const char* more : {"unit_id", "timestamp", "temperature_unit,temperature_unit"})
    BOOST_TEST(!readings_file::open(write("unit_id,timestamp,temperature," + std::string(more) + "\n")).ok(), more);
  BOOST_TEST(read_all(write("unit_id,timestamp,temperature,note,note\na,2026-01-05T00:00:00Z,1,,\n")).rows.size() ==
             1U);
  row_problems problems;
  BOOST_TEST(!read_units(write("unit_id,high,low,high\na,8,2,9\n"), problems).ok());
  BOOST_TEST(!read_labels(write("unit_id,start,end,kind,end\n"), problems).ok());
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_file_is_refused_without_waiting_for_it) {
  const std::string pipe = folder.path("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& path : {pipe, folder.path(), std::string("/dev/zero")}) {
    const auto refused = csv_table::open(path);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().text().find("no plain file") != std::string::npos);
    BOOST_TEST(refused.error().where == path);
  }
}

BOOST_AUTO_TEST_CASE(what_a_file_says_reaches_a_terminal_as_text) {
  const auto lacking = readings_file::open(write("unit_id,\x1B[2J\n"));
  BOOST_REQUIRE(!lacking.ok());
  BOOST_TEST(lacking.error().hint == "its first line has: unit_id, [2J");
  const auto seen = read_all(write("unit_id,timestamp,temperature\na,\x1B[2J,1\n"));
  BOOST_TEST(seen.problems.named.at(0).find('\x1B') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(any_bytes_are_read_to_the_end) {
  const bool held = rc::check([this] {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a,;\"\n\r0129-:TZ.\0 \xff", 19)));
    auto file = readings_file::open(write("unit_id,timestamp,temperature\n" + text));
    RC_ASSERT(file.ok());
    file_reading one;
    while (file->next(one))
      RC_ASSERT(!one.unit.empty());
    RC_ASSERT(file->progress() == 1.0);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(a_text_survives_a_cell) {
  const bool held = rc::check([this] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,;\"' x")));
    const auto path = write("unit_id,opened_at,explanation\nu,2026-01-05T00:00:00Z," + csv_cell(text) + "\n");
    row_problems problems;
    const auto rows = read_alarms(path, problems);
    RC_ASSERT(rows.ok());
    RC_ASSERT(rows->size() == 1U);
    RC_ASSERT((*rows)[0].explanation == without_blanks(text));
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(tables_are_read_as_they_are_written) {
  row_problems problems;
  const unit_row unit{"u,1", unit_kind::freezer, -20'000, -30'000, -14'500, 300, "site 1"};
  const auto units = read_units(write(std::string(units_header) + csv_line(unit) + "bare,,,,,,\n"), problems);
  BOOST_REQUIRE(units.ok() && units->size() == 2U);
  BOOST_TEST((*units)[0].unit == "u,1");
  BOOST_TEST(((*units)[0].kind == unit_kind::freezer));
  BOOST_TEST(*(*units)[0].high == -14'500);
  BOOST_TEST(*(*units)[0].interval_s == 300);
  BOOST_TEST((*units)[0].site == "site 1");
  BOOST_TEST((!(*units)[1].kind && !(*units)[1].low && !(*units)[1].interval_s));

  const label_row label{"u,1", from_ms(1'767'571'200'000), from_ms(1'767'571'201'500), "door_ajar"};
  const auto labels = read_labels(write(std::string(labels_header) + csv_line(label)), problems);
  BOOST_REQUIRE(labels.ok() && labels->size() == 1U);
  BOOST_TEST(((*labels)[0].start == label.start && (*labels)[0].end == label.end));

  const alarm_row alarm{"u,1", label.start, {}, "model", "rise", "alarm", 1.25, "rising, \"fast\""};
  const auto alarms = read_alarms(write(std::string(alarms_header) + csv_line(alarm)), problems);
  BOOST_REQUIRE(alarms.ok() && alarms->size() == 1U);
  BOOST_TEST(!(*alarms)[0].closed.has_value());
  BOOST_TEST(*(*alarms)[0].peak_score == 1.25);
  BOOST_TEST((*alarms)[0].explanation == alarm.explanation);
  BOOST_TEST(problems.count == 0U);
}

BOOST_AUTO_TEST_CASE(tables_refuse_what_makes_no_sense) {
  row_problems problems;
  const auto units = read_units(write("unit_id,low,high,interval_seconds\nu,5,2,\nu,x,,\nu,,,0\n,,,\n"), problems);
  BOOST_REQUIRE(units.ok());
  BOOST_TEST(units->empty());
  BOOST_TEST(problems.count == 4U);
  const auto twice = read_units(write("unit_id,high\nu,5\nv,6\nu,7\n"), problems);
  BOOST_REQUIRE((twice.ok() && twice->size() == 2U));
  BOOST_TEST(*(*twice)[0].high == 5'000);
  BOOST_TEST(problems.count == 5U);
  const auto labels =
      read_labels(write("unit_id,start,end,kind\nu,2026-01-05T00:00:00Z,2026-01-05T00:00:00Z,k\n"), problems);
  BOOST_TEST((labels.ok() && labels->empty()));
  BOOST_TEST(!read_labels(write("unit_id,start,end\n"), problems).ok());
  const auto alarms =
      read_alarms(write("unit_id,opened_at,closed_at\nu,2026-01-05T00:00:00Z,2026-01-04T00:00:00Z\n"), problems);
  BOOST_TEST((alarms.ok() && alarms->empty()));
}

BOOST_AUTO_TEST_CASE(degrees_have_no_needless_decimals) {
  BOOST_TEST(celsius_text(-19'500) == "-19.5");
  BOOST_TEST(celsius_text(0) == "0");
  BOOST_TEST(celsius_text(-4) == "-0.004");
  BOOST_TEST(celsius_text(100'000) == "100");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(reordering)

BOOST_AUTO_TEST_CASE(what_is_late_by_no_more_than_the_window_comes_out_sorted) {
  const bool held = rc::check([] {
    const auto window = *rc::gen::inRange<std::size_t>(0, 12);
    const auto times = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 60));
    reorder_window order(window);
    reorder_counts counts;
    std::vector<ordered_reading> out;
    for (const int time : times)
      if (const auto next = order.add({from_ms(time), time * 10}, counts)) out.push_back(*next);
    while (const auto next = order.flush())
      out.push_back(*next);
    for (std::size_t i = 1; i < out.size(); ++i)
      RC_ASSERT(out[i - 1].at < out[i].at);
    RC_ASSERT(out.size() + counts.late + counts.repeated == times.size());
    auto distinct = times;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    if (window >= distinct.size()) {
      RC_ASSERT(counts.late == 0U);
      RC_ASSERT(out.size() == distinct.size());
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(a_value_replaces_an_empty_one_and_the_first_value_stands) {
  reorder_window order(4);
  reorder_counts counts;
  BOOST_TEST(!order.add({from_ms(5), {}}, counts).has_value());
  BOOST_TEST(!order.add({from_ms(5), 7}, counts).has_value());
  BOOST_TEST(!order.add({from_ms(5), 8}, counts).has_value());
  BOOST_TEST(counts.repeated == 2U);
  BOOST_TEST(*order.flush()->value == 7);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
