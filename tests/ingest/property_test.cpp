// Laws that hold for every input.
#include "ingest/body_text.hpp"
#include "ingest/payload_table.hpp"
#include "ingest/source_time.hpp"

#include <boost/test/unit_test.hpp>
#include <date/tz.h>
#include <rapidcheck.h>

namespace coldvigil {
namespace {

/// What holds of every payload that was understood at all.
void check_invariants(const parsed_payload& payload, const payload_limits& limits) {
  RC_ASSERT(payload.rows.size() <= limits.max_rows);
  for (const auto& row : payload.rows) {
    RC_ASSERT(row.unit < payload.units.size());
    if (const auto* value = std::get_if<row_value>(&row.content)) {
      RC_ASSERT(value->value >= implausible_below && value->value <= implausible_above);
      RC_ASSERT(value->at <= limits.latest);
      RC_ASSERT(!payload.units[row.unit].unit_code.empty());
    } else {
      const auto& refusal = std::get<row_refusal>(row.content);
      RC_ASSERT(refusal.raw.size() <= 64u);
      RC_ASSERT(!first_invalid_utf8(refusal.raw));
    }
  }
  RC_ASSERT(!describe_rows(payload, 5).empty());
}

void any_body_is_survived(const std::string& body) {
  payload_limits limits;
  limits.max_rows = 5;
  limits.latest = from_ms(1'790'000'000'000);
  for (const auto format : {payload_format::json, payload_format::csv}) {
    const auto payload = parse_payload(body, format, {}, limits);
    if (payload)
      check_invariants(*payload, limits);
    else
      RC_ASSERT(!payload.error().what.empty());
  }
}

/// Texts made of the pieces that matter to the parsers, so that deep places are reached.
rc::Gen<std::string> likely_text() {
  static const std::vector<std::string> pieces{
      "{",
      "}",
      "[",
      "]",
      "\"",
      ",",
      ":",
      "\n",
      "\r\n",
      "readings",
      "unit_id",
      "timestamp",
      "temperature",
      "null",
      "NaN",
      "1e400",
      "-20.5",
      "2026-10-25T01:30:00",
      "2026-01-02T03:04:05Z",
      "u",
      "\xEF\xBB\xBF",
      "\xC3",
      "\xA4",
      "<",
      " ",
      "{\"readings\":[{\"unit_id\":\"u\",\"timestamp\":\"2026-01-02T03:04:05Z\",\"temperature\":",
      "}]}",
      "unit_id,timestamp,temperature\n"};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)),
                      [](const std::vector<std::string>& parts) {
                        std::string out;
                        for (const auto& part : parts)
                          out += part;
                        return out;
                      });
}

} // namespace

BOOST_AUTO_TEST_SUITE(ingest_properties)

BOOST_AUTO_TEST_CASE(any_bytes_are_survived) {
  BOOST_TEST(rc::check("random bytes", [](const std::string& body) { any_body_is_survived(body); }));
  BOOST_TEST(rc::check("likely pieces", [] { any_body_is_survived(*likely_text()); }));
  BOOST_TEST(rc::check("a good body cut and bent", [] {
    std::string body =
        "{\"readings\":[{\"unit_id\":\"u\",\"timestamp\":\"2026-01-02T03:04:05Z\",\"temperature\":-20.5},"
        "{\"unit_id\":\"u\",\"timestamp\":\"2026-01-02T03:05:05Z\",\"temperature\":null}]}";
    const auto at = *rc::gen::inRange<std::size_t>(0, body.size());
    if (*rc::gen::arbitrary<bool>())
      body.resize(at);
    else
      body[at] = *rc::gen::arbitrary<char>();
    any_body_is_survived(body);
  }));
}

BOOST_AUTO_TEST_CASE(any_time_text_is_survived) {
  field_mapping mapping;
  mapping.zone = "America/New_York";
  for (const auto format :
       {time_format::iso8601, time_format::epoch_seconds, time_format::epoch_milliseconds, time_format::pattern}) {
    mapping.format = format;
    mapping.pattern = "%d.%m.%Y %H:%M:%S";
    const auto reader = time_reader::make(mapping);
    BOOST_REQUIRE(reader.ok());
    BOOST_TEST(rc::check("time text", [&](const std::string& text, double number) {
      (void)reader->read(text);
      (void)reader->read(number);
    }));
    BOOST_TEST(rc::check("almost a time", [&] {
      std::string text = format == time_format::pattern ? "25.10.2026 01:30:00" : "2026-10-25T01:30:00";
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        text[*rc::gen::inRange<std::size_t>(0, text.size())] =
            *rc::gen::element('0', '9', ':', '-', 'T', ' ', '1', '3');
      (void)reader->read(text);
    }));
  }
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  BOOST_TEST(rc::check("round trip", [] {
    struct item {
      int unit;
      std::int64_t ms;
      int value;
    };
    const auto one = rc::gen::construct<item>(rc::gen::inRange(0, 5),
                                              rc::gen::inRange<std::int64_t>(1'262'304'000'000, 4'000'000'000'000),
                                              rc::gen::inRange(-273'150, 1'000'000));
    const auto items = *rc::gen::container<std::vector<item>>(one);
    std::string csv = "temperature,unit_id,timestamp\r\n";
    std::string json = "{\"readings\":[";
    for (const auto& each : items) {
      char value[32];
      std::snprintf(value, sizeof value, "%.3f", each.value / 1000.0);
      const std::string unit = "unit \u00e4, \"" + std::to_string(each.unit);
      const std::string at = format_utc(from_ms(each.ms));
      csv += std::string(value) + ",\"unit \u00e4, \"\"" + std::to_string(each.unit) + "\"," + at + "\r\n";
      json += std::string(json.back() == '[' ? "" : ",") + "{\"unit_id\":\"unit \\u00e4, \\\"" +
              std::to_string(each.unit) + "\",\"timestamp\":\"" + at + "\",\"temperature\":" + value + "}";
    }
    json += "]}";
    for (const auto format : {payload_format::csv, payload_format::json}) {
      const auto payload = parse_payload(format == payload_format::csv ? csv : json, format, {}, {});
      RC_ASSERT(payload.ok());
      RC_ASSERT(payload->rows.size() == items.size());
      for (std::size_t i = 0; i < items.size(); ++i) {
        const auto& row = payload->rows[i];
        RC_ASSERT(payload->units[row.unit].unit_code == "unit \u00e4, \"" + std::to_string(items[i].unit));
        RC_ASSERT(std::get<row_value>(row.content) == (row_value{from_ms(items[i].ms), items[i].value}));
      }
    }
  }));
}

BOOST_AUTO_TEST_CASE(a_settled_time_is_never_wrong) {
  // Readings in true order, some missing: whatever is settled is the truth, the rest is said to be ambiguous.
  BOOST_TEST(rc::check("thinned out", [] {
    field_mapping mapping;
    mapping.zone = "America/New_York";
    const auto* zone = date::locate_zone(mapping.zone);
    const auto reader = time_reader::make(mapping);
    const timestamp start = parse_utc("2026-11-01T04:00:00Z").value();
    const bool backward = *rc::gen::arbitrary<bool>();
    std::vector<timestamp> truth;
    for (int i = 0; i < 24; ++i)
      if (*rc::gen::inRange(0, 3) != 0) truth.push_back(start + std::chrono::minutes{10 * i});
    if (backward) std::reverse(truth.begin(), truth.end());
    std::vector<source_time> read;
    for (const timestamp at : truth) {
      const auto offset =
          zone->get_info(date::sys_seconds(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()))).offset;
      std::string text = format_utc(at + offset);
      text.pop_back();
      read.push_back(reader->read(text));
    }
    std::vector<source_time*> rows;
    for (auto& each : read)
      rows.push_back(&each);
    settle_repeated(rows, timestamp::max());
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (read[i].what == source_time::kind::instant)
        RC_ASSERT(read[i].first == truth[i]);
      else
        RC_ASSERT(read[i].what == source_time::kind::repeated);
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
