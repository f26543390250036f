#include "ingest/body_text.hpp"
#include "ingest/payload_table.hpp"
#include "ingest/url_template.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

timestamp utc(const std::string& text) {
  return parse_utc(text).value();
}

parsed_payload parsed(const std::string& body, payload_format format = payload_format::json,
                      const field_mapping& mapping = {}, const payload_limits& limits = {}) {
  auto out = parse_payload(body, format, mapping, limits);
  BOOST_REQUIRE_MESSAGE(out.ok(), (out ? "" : out.error().text()));
  return std::move(out).value();
}

std::string refused(const std::string& body, payload_format format = payload_format::json,
                    const field_mapping& mapping = {}, const payload_limits& limits = {}) {
  const auto out = parse_payload(body, format, mapping, limits);
  return out ? "" : out.error().text();
}

bool mentions(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) BOOST_TEST_MESSAGE("\"" << text << "\" does not mention \"" << part << "\"");
  return found;
}

/// A payload of one row with this value and time as JSON literals.
payload_row row(const std::string& value, const std::string& time = "\"2026-01-02T03:04:05Z\"",
                const field_mapping& mapping = {}, const payload_limits& limits = {}) {
  return parsed("{\"readings\":[{\"unit_id\":\"u\",\"temperature\":" + value + ",\"timestamp\":" + time + "}]}",
                payload_format::json, mapping, limits)
      .rows.at(0);
}

row_value reading(const payload_row& of) {
  const auto* value = std::get_if<row_value>(&of.content);
  BOOST_REQUIRE(value != nullptr);
  return *value;
}

std::string_view reason(const payload_row& of) {
  const auto* refusal = std::get_if<row_refusal>(&of.content);
  return refusal ? to_string(refusal->reason) : "none";
}

const std::string csv_head = "unit_id,timestamp,temperature\n";

} // namespace

BOOST_AUTO_TEST_SUITE(ingest_payload)

BOOST_AUTO_TEST_CASE(json_rows_keep_their_order_and_give_the_facts_of_units) {
  const auto payload = parsed(R"({"customer_id":"B","readings":[
    {"unit_id":"u1","facility_id":"f1","temperature":-4.0,"temperature_unit":"F","timestamp":"2026-01-02T03:04:05Z",
     "sensor_id":"s1","set_temperature":0,"size":10000,"size_unit":"sqft","unit_name":null,"city":"Leeds","country":"England"},
    {"unit_id":"u2","facility_id":"f1","temperature":4.5,"timestamp":"2026-01-02T03:04:06+01:00"},
    {"unit_id":"u1","temperature":-5.8,"temperature_unit":"F","timestamp":"2026-01-02T03:09:05","unit_name":"Deep Freeze"}]})");
  BOOST_REQUIRE(payload.rows.size() == 3);
  BOOST_REQUIRE(payload.units.size() == 2);
  BOOST_TEST(payload.rows[2].unit == 0);
  BOOST_TEST(reading(payload.rows[0]).value == -20'000);
  BOOST_CHECK(reading(payload.rows[0]).at == utc("2026-01-02T03:04:05Z"));
  BOOST_CHECK(reading(payload.rows[1]).at == utc("2026-01-02T02:04:06Z"));
  BOOST_TEST(payload.rows[0].sensor == "s1");
  const auto& unit = payload.units[0];
  BOOST_TEST(unit.unit_code == "u1");
  BOOST_TEST(unit.facility_code == "f1");
  BOOST_TEST(unit.unit_name.value_or("") == "Deep Freeze");
  BOOST_TEST(unit.city.value_or("") == "Leeds");
  BOOST_TEST(unit.size_value.value_or(0) == 10'000);
  BOOST_TEST(unit.set_point.value_or(0) == -17'778);
  BOOST_CHECK(unit.scale == temperature_scale::fahrenheit);
  BOOST_CHECK(payload.units[1].scale == temperature_scale::celsius);
}

BOOST_AUTO_TEST_CASE(values_become_thousandths_or_a_reason) {
  BOOST_TEST(reading(row("-20.5")).value == -20'500);
  BOOST_TEST(reading(row("\" -20.5 \"")).value == -20'500);
  BOOST_TEST(reading(row("\"+3\"")).value == 3'000);
  BOOST_TEST(reason(row("null")) == "null_value");
  BOOST_TEST(reason(row("\"\"")) == "null_value");
  for (const char* text : {"\"NaN\"", "\"nan\"", "\"Infinity\"", "\"-inf\"", "1e400", "-1e400", "\"1e400\""})
    BOOST_TEST(reason(row(text)) == "non_finite", text);
  for (const char* text : {"\"cold\"", "true", "[1]", "{}", "\"1,5\"", "\"0x10\"", "\"5 C\"", "\"--5\""})
    BOOST_TEST(reason(row(text)) == "bad_value", text);
  for (const char* text : {"-273.151", "1000.001", "1e300"})
    BOOST_TEST(reason(row(text)) == "implausible", text);
  BOOST_TEST(reading(row("-273.15")).value == -273'150);
}

BOOST_AUTO_TEST_CASE(a_refused_value_keeps_time_and_text) {
  const auto refusal = std::get<row_refusal>(row("\"cold\"").content);
  BOOST_TEST(refusal.raw == "cold");
  BOOST_CHECK(refusal.at == utc("2026-01-02T03:04:05Z"));
  const auto late = std::get<row_refusal>(row("3", "\"tomorrow\"").content);
  BOOST_CHECK(late.reason == reject_reason::bad_time);
  BOOST_TEST(late.raw == "tomorrow");
  BOOST_TEST(late.value.value_or(0) == 3'000);
  const std::string umlauts = "\"\u00e4\u00e4" + std::string(61, 'x') + "\u00e4\u00e4\"";
  BOOST_TEST(std::get<row_refusal>(row(umlauts).content).raw.size() <= 64);
}

BOOST_AUTO_TEST_CASE(an_unknown_scale_is_a_bad_value) {
  const auto payload = parsed(
      R"({"readings":[{"unit_id":"u","temperature":1,"temperature_unit":"X","timestamp":"2026-01-02T03:04:05Z"}]})");
  BOOST_TEST(reason(payload.rows[0]) == "bad_value");
  BOOST_TEST(std::get<row_refusal>(payload.rows[0].content).raw == "X"); // what is wrong, not the number beside it
}

BOOST_AUTO_TEST_CASE(default_scale_holds_when_the_row_says_none) {
  field_mapping mapping;
  mapping.default_scale = temperature_scale::fahrenheit;
  BOOST_TEST(reading(row("32", "\"2026-01-02T03:04:05Z\"", mapping)).value == 0);
}

BOOST_AUTO_TEST_CASE(future_begins_after_the_latest_admitted_instant) {
  payload_limits limits;
  limits.latest = utc("2026-01-02T03:04:05Z");
  BOOST_TEST(reason(row("1", "\"2026-01-02T03:04:05Z\"", {}, limits)) == "none");
  BOOST_TEST(reason(row("1", "\"2026-01-02T03:04:05.001Z\"", {}, limits)) == "future");
  BOOST_TEST(reason(row("null", "\"2026-01-02T03:04:06Z\"", {}, limits)) == "future");
}

BOOST_AUTO_TEST_CASE(times_in_every_format) {
  field_mapping mapping;
  mapping.zone = "Europe/London";
  BOOST_CHECK(reading(row("1", "\"2026-07-01 12:00:00.250\"", mapping)).at == utc("2026-07-01T11:00:00.250Z"));
  BOOST_CHECK(reading(row("1", "\"2026-07-01T12:00\"", mapping)).at == utc("2026-07-01T11:00:00Z"));
  mapping.format = time_format::epoch_seconds;
  BOOST_CHECK(reading(row("1", "1767323045", mapping)).at == utc("2026-01-02T03:04:05Z"));
  BOOST_CHECK(reading(row("1", "\"1767323045.5\"", mapping)).at == utc("2026-01-02T03:04:05.500Z"));
  BOOST_TEST(reason(row("1", "1767323045000", mapping)) == "bad_time");
  BOOST_TEST(reason(row("1", "10", mapping)) == "bad_time"); // a clock that was lost
  BOOST_TEST(reason(row("1", "1262303999", mapping)) == "bad_time");
  BOOST_TEST(reason(row("1", "1262304000", mapping)) == "none"); // 2010
  mapping.format = time_format::epoch_milliseconds;
  BOOST_CHECK(reading(row("1", "1767323045123", mapping)).at == utc("2026-01-02T03:04:05.123Z"));
  for (const char* bad : {"-1", "1e400", "\"\"", "null", "true", "\"x\""})
    BOOST_TEST(reason(row("1", bad, mapping)) == "bad_time", bad);
  mapping.format = time_format::pattern;
  mapping.pattern = "%d.%m.%Y %H:%M:%S";
  BOOST_CHECK(reading(row("1", "\"01.07.2026 12:00:00\"", mapping)).at == utc("2026-07-01T11:00:00Z"));
  for (const char* bad : {"\"01.07.2026\"", "\"01.07.2026 12:00:00 x\"", "\"32.07.2026 12:00:00\"", "5"})
    BOOST_TEST(reason(row("1", bad, mapping)) == "bad_time", bad);
  mapping.pattern = "%Y-%m-%d %H:%M:%S %z";
  BOOST_CHECK(reading(row("1", "\"2026-07-01 12:00:00 +0200\"", mapping)).at == utc("2026-07-01T10:00:00Z"));
}

BOOST_AUTO_TEST_CASE(rows_without_a_unit_or_of_another_shape_are_refused_alone) {
  const auto payload = parsed(R"({"readings":[{"temperature":1,"timestamp":"2026-01-02T03:04:05Z"}, 7,
    {"unit_id":12,"temperature":2,"timestamp":"2026-01-02T03:04:05Z"}]})");
  BOOST_TEST(reason(payload.rows[0]) == "unknown_unit");
  BOOST_TEST(reason(payload.rows[1]) == "bad_value");
  BOOST_TEST(reason(payload.rows[2]) == "none");
  BOOST_TEST(payload.units[payload.rows[2].unit].unit_code == "12");
}

BOOST_AUTO_TEST_CASE(paths_reach_into_documents_and_items) {
  field_mapping mapping;
  mapping.list = "data.items";
  mapping.unit = "device.id";
  mapping.temperature = "values.t";
  mapping.time = "at";
  const auto payload =
      parsed(R"({"data":{"items":[{"device":{"id":"u"},"values":{"t":1},"at":"2026-01-02T03:04:05Z"}]}})",
             payload_format::json, mapping);
  BOOST_TEST(reading(payload.rows.at(0)).value == 1'000);
  mapping.list = "";
  BOOST_TEST(parsed(R"([])", payload_format::json, mapping).rows.empty());
}

BOOST_AUTO_TEST_CASE(bodies_that_are_something_else_say_what_they_are) {
  BOOST_CHECK(mentions(refused("<!DOCTYPE html><html>"), "the body is HTML or XML, not JSON"));
  BOOST_CHECK(mentions(refused("\n <html>", payload_format::csv), "the body is HTML or XML, not CSV"));
  BOOST_CHECK(mentions(refused(""), "the body is empty"));
  BOOST_CHECK(mentions(refused("{\"readings\":[{\"unit_id\":\"u"), "half a body"));
  BOOST_CHECK(mentions(refused("{\"readings\":[\"\xff\"]}"), "not UTF-8 (byte 14)"));
  BOOST_CHECK(mentions(refused("unit_id,timestamp\n"), "the body is not JSON"));
  BOOST_CHECK(mentions(refused("{} {}"), "the body is not JSON"));
  BOOST_CHECK(mentions(refused("{\"readings\":[{\"temperature\":NaN}]}"), "must send null"));
  BOOST_CHECK(mentions(refused("{\"error\":\"no\"}"), "no array 'readings' (fields.list): it has: error"));
  BOOST_CHECK(mentions(refused("[1]"), "it is no object"));
  BOOST_CHECK(mentions(refused("{\"readings\":[{\"unit_id\":\"u\",\"timestamp\":\"x\"}]}"),
                       "no row has the field 'temperature'"));
  BOOST_CHECK(mentions(refused(std::string(5000, '[')), "the body is not JSON"));
  field_mapping mapping;
  mapping.zone = "Mars/Base";
  BOOST_CHECK(mentions(refused("{}", payload_format::json, mapping), "no time zone 'Mars/Base'"));
}

BOOST_AUTO_TEST_CASE(rows_are_bounded) {
  payload_limits limits;
  limits.max_rows = 2;
  const std::string line = "u,2026-01-02T03:04:05Z,1\n";
  BOOST_TEST(parsed(csv_head + line + line, payload_format::csv, {}, limits).rows.size() == 2);
  BOOST_CHECK(mentions(refused(csv_head + line + line + line, payload_format::csv, {}, limits), "too many rows"));
  BOOST_CHECK(mentions(refused(R"({"readings":[{"unit_id":"","timestamp":"","temperature":1},{},{}]})",
                               payload_format::json, {}, limits),
                       "too many rows"));
}

BOOST_AUTO_TEST_CASE(csv_with_marks_quotes_and_carriage_returns) {
  const auto payload = parsed("\xEF\xBB\xBF\"unit_id\",timestamp,temperature,city\r\n"
                              "\"u,1\",2026-01-02T03:04:05Z,-1.5,\"a \"\"b\"\"\nc\"\r\n"
                              "\r\n"
                              "u2,2026-01-02 03:04:05,,\r\n"
                              "u3,2026-01-02T03:04:05Z,4,x",
                              payload_format::csv);
  BOOST_REQUIRE(payload.rows.size() == 3);
  BOOST_TEST(payload.units[0].unit_code == "u,1");
  BOOST_TEST(payload.units[0].city.value_or("") == "a \"b\"\nc");
  BOOST_TEST(reason(payload.rows[1]) == "null_value");
  BOOST_TEST(reading(payload.rows[2]).value == 4'000);
}

BOOST_AUTO_TEST_CASE(csv_with_another_delimiter) {
  field_mapping mapping;
  mapping.delimiter = ';';
  BOOST_TEST(
      parsed("unit_id;timestamp;temperature\nu;2026-01-02T03:04:05Z;1\n", payload_format::csv, mapping).rows.size() ==
      1);
  BOOST_CHECK(mentions(refused("unit_id;timestamp;temperature\nu;2026-01-02T03:04:05Z;1\n", payload_format::csv),
                       "no column 'unit_id' (its first line): it has: unit_id;timestamp;temperature"));
}

BOOST_AUTO_TEST_CASE(broken_csv_says_how) {
  BOOST_CHECK(
      mentions(refused("unit_id,timestamp\nu,2026\n", payload_format::csv), "the CSV has no column 'temperature'"));
  BOOST_CHECK(mentions(refused(csv_head + "u,2026-01-02T03:04:05Z,1\nu,2026-0", payload_format::csv), "half a body"));
  BOOST_CHECK(mentions(refused(csv_head + "u,\"2026-0", payload_format::csv), "half a body"));
  BOOST_CHECK(mentions(refused(csv_head + "u\"x,2026,1\n", payload_format::csv), "the CSV is malformed"));
  const auto payload =
      parsed(csv_head + "u,1\nu,2026-01-02T03:04:05Z,1,9\nu,2026-01-02T03:04:05Z,1\n", payload_format::csv);
  BOOST_REQUIRE(payload.rows.size() == 3);
  BOOST_TEST(reason(payload.rows[0]) == "bad_value");
  BOOST_TEST(std::get<row_refusal>(payload.rows[1].content).raw == "4 cells instead of 3");
  BOOST_TEST(reason(payload.rows[2]) == "none");
}

BOOST_AUTO_TEST_CASE(utf8_follows_the_table_of_well_formed_sequences) {
  for (const char* good : {"", "a", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    BOOST_TEST(!first_invalid_utf8(good).has_value());
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC2", "\xE1\x80", "\xC2\x41"})
    BOOST_TEST((first_invalid_utf8(bad) == std::optional<std::size_t>(0)));
}

BOOST_AUTO_TEST_CASE(urls_are_filled_and_encoded) {
  BOOST_TEST(fill_url("http://h/x?u={unit}&h={hours}&l={limit}&q={other}", 0.5, "a b&{hours}", 10) ==
             "http://h/x?u=a%20b%26%7Bhours%7D&h=0.5&l=10&q={other}");
  BOOST_TEST(fill_url("{hours}", 336, "", 1) == "336");
}

BOOST_AUTO_TEST_CASE(the_first_rows_are_shown_as_understood) {
  const auto payload =
      parsed(csv_head + "u1,2026-01-02T03:04:05Z,-20.5\nu2,soon,1\nu3,2026-01-02T03:04:05Z,\n", payload_format::csv);
  const std::string text = describe_rows(payload, 2);
  BOOST_CHECK(mentions(text, "u1"));
  BOOST_CHECK(mentions(text, "2026-01-02T03:04:05Z"));
  BOOST_CHECK(mentions(text, "-20.500"));
  BOOST_CHECK(mentions(text, "bad_time \"soon\""));
  BOOST_TEST(text.find("u3") == std::string::npos);
  BOOST_CHECK(mentions(text, "3 rows, 3 units"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
