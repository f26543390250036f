// The repeated autumn hour and the skipped one in spring, against the date library over a whole year.
#include "ingest/payload.hpp"
#include "ingest/source_time.hpp"

#include <boost/test/unit_test.hpp>
#include <date/tz.h>

#include <algorithm>

namespace coldvigil {
namespace {

using std::chrono::minutes;

/// Local wall-clock texts in payload order, all of one unit, to what became of them: UTC text or reason.
std::vector<std::string> understood(const std::vector<std::string>& local, timestamp latest = timestamp::max()) {
  std::string body = "unit_id,timestamp,temperature\n";
  for (const auto& text : local)
    body += "u,2026-10-25T" + text + ",1\n";
  field_mapping mapping;
  mapping.zone = "Europe/London"; // 02:00 BST becomes 01:00 GMT
  const auto payload = parse_payload(body, payload_format::csv, mapping, {.latest = latest});
  BOOST_REQUIRE(payload.ok());
  std::vector<std::string> out;
  for (const auto& row : payload->rows) {
    if (const auto* value = std::get_if<row_value>(&row.content))
      out.push_back(format_utc(value->at).substr(11, 5));
    else
      out.emplace_back(to_string(std::get<row_refusal>(row.content).reason));
  }
  return out;
}

using list = std::vector<std::string>;
const std::string unsettled = "ambiguous_time";

field_mapping in_zone(const std::string& zone) {
  field_mapping mapping;
  mapping.zone = zone;
  return mapping;
}

std::string local_text(timestamp at, const date::time_zone& zone) {
  const auto offset =
      zone.get_info(date::sys_seconds(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()))).offset;
  std::string text = format_utc(at + offset);
  text.pop_back();
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ingest_repeated_hour)

BOOST_AUTO_TEST_CASE(a_step_back_by_the_hour_settles_both_passes) {
  BOOST_TEST(understood({"00:30", "01:00", "01:30", "01:00", "01:30", "02:00"}) ==
                 list({"23:30", "00:00", "00:30", "01:00", "01:30", "02:00"}),
             boost::test_tools::per_element());
  BOOST_TEST(understood({"02:00", "01:30", "01:00", "01:30", "01:00", "00:30"}) ==
                 list({"02:00", "01:30", "01:00", "00:30", "00:00", "23:30"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_step_back_settles_without_neighbours_outside_the_hour) {
  BOOST_TEST(understood({"01:15", "01:45", "01:10", "01:40"}) == list({"00:15", "00:45", "01:10", "01:40"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hourly_readings_give_the_same_time_twice) {
  BOOST_TEST(understood({"00:00", "01:00", "01:00", "02:00"}) == list({"23:00", "00:00", "01:00", "02:00"}),
             boost::test_tools::per_element());
  // Alone they may run forward or backward.
  BOOST_TEST(understood({"01:00", "01:00"}) == list({unsettled, unsettled}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_order_does_not_settle_is_ambiguous) {
  BOOST_TEST(understood({"01:30"}) == list({unsettled}), boost::test_tools::per_element());
  BOOST_TEST(understood({"00:30", "01:00", "01:30", "02:00"}) == list({"23:30", unsettled, unsettled, "02:00"}),
             boost::test_tools::per_element());
  // Jumping to and fro fits neither direction.
  BOOST_TEST(understood({"00:30", "01:30", "01:00", "01:30", "01:00", "02:00"}) ==
                 list({"23:30", unsettled, unsettled, unsettled, unsettled, "02:00"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_pass_that_would_lie_in_the_future_is_not_meant) {
  const timestamp latest = parse_utc("2026-10-25T00:25:00Z").value();
  BOOST_TEST(understood({"01:20"}, latest) == list({"00:20"}), boost::test_tools::per_element());
  BOOST_TEST(understood({"00:50", "01:10", "01:20"}, latest) == list({"23:50", "00:10", "00:20"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(units_are_settled_apart) {
  std::string body = "unit_id,timestamp,temperature\n";
  for (const char* time : {"00:30", "01:00", "01:30", "01:00", "01:30", "02:00"})
    for (const char* unit : {"a", "b"})
      body += std::string(unit) + ",2026-10-25T" + time + ",1\n";
  const auto payload = parse_payload(body, payload_format::csv, in_zone("Europe/London"), {});
  BOOST_REQUIRE(payload.ok());
  for (const auto& row : payload->rows)
    BOOST_TEST(std::holds_alternative<row_value>(row.content));
}

BOOST_AUTO_TEST_CASE(skipped_hour_does_not_exist) {
  std::string body = "unit_id,timestamp,temperature\nu,2026-03-29T00:59:59,1\nu,2026-03-29T01:00:00,1\n"
                     "u,2026-03-29T01:59:59,1\nu,2026-03-29T02:00:00,1\n";
  const auto payload = parse_payload(body, payload_format::csv, in_zone("Europe/London"), {});
  BOOST_REQUIRE(payload.ok());
  for (const std::size_t i : {0u, 3u})
    BOOST_TEST(std::holds_alternative<row_value>(payload->rows[i].content));
  for (const std::size_t i : {1u, 2u})
    BOOST_CHECK(std::get<row_refusal>(payload->rows[i].content).reason == reject_reason::nonexistent_time);
}

BOOST_AUTO_TEST_CASE(a_whole_year_forward_and_backward_returns_to_the_same_instants) {
  for (const char* name : {"Europe/London", "America/New_York", "Australia/Lord_Howe"}) {
    const auto* zone = date::locate_zone(name);
    std::vector<timestamp> instants;
    for (timestamp at = from_ms(1'767'225'600'000); at < from_ms(1'798'761'600'000); at += minutes{10})
      instants.push_back(at);
    for (const bool backward : {false, true}) {
      if (backward) std::reverse(instants.begin(), instants.end());
      std::string body = "unit_id,timestamp,temperature\n";
      for (const timestamp at : instants)
        body += "u," + local_text(at, *zone) + ",1\n";
      const auto payload = parse_payload(body, payload_format::csv, in_zone(name), {});
      BOOST_REQUIRE(payload.ok());
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < instants.size(); ++i) {
        const auto* value = std::get_if<row_value>(&payload->rows[i].content);
        if (!value || value->at != instants[i]) ++wrong;
      }
      BOOST_TEST(wrong == 0u, name);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_local_minute_of_a_year_is_classified_as_the_library_does) {
  for (const char* name : {"Europe/London", "America/New_York"}) {
    const auto* zone = date::locate_zone(name);
    const auto reader = time_reader::make(in_zone(name));
    BOOST_REQUIRE(reader.ok());
    std::size_t wrong = 0;
    for (timestamp wall = from_ms(1'767'225'600'000); wall < from_ms(1'798'761'600'000); wall += minutes{1}) {
      std::string text = format_utc(wall);
      text.pop_back();
      const source_time read = reader->read(text);
      const auto info =
          zone->get_info(date::local_seconds(std::chrono::floor<std::chrono::seconds>(wall.time_since_epoch())));
      const bool as_expected =
          (info.result == date::local_info::unique && read.what == source_time::kind::instant &&
           read.first == wall - info.first.offset) ||
          (info.result == date::local_info::nonexistent && read.what == source_time::kind::skipped) ||
          (info.result == date::local_info::ambiguous && read.what == source_time::kind::repeated &&
           read.first == wall - info.first.offset && read.second == wall - info.second.offset);
      if (!as_expected) ++wrong;
    }
    BOOST_TEST(wrong == 0u, name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
