#include "core/ids.hpp"
#include "core/receipt.hpp"
#include "core/result.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"
#include "core/unit_kind.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <limits>

namespace coldvigil {

BOOST_AUTO_TEST_SUITE(basics)

BOOST_AUTO_TEST_CASE(fahrenheit_vectors) {
  const std::pair<double, milli_celsius> vectors[] = {{-123, -86'111}, {-40, -40'000}, {-13, -25'000},
                                                      {0, -17'778},    {5, -15'000},   {32, 0},
                                                      {41, 5'000},     {45, 7'222},    {46, 7'778}};
  for (const auto& [f, mc] : vectors)
    BOOST_TEST(to_milli_celsius(f, temperature_scale::fahrenheit).value() == mc);
  BOOST_TEST(difference_to_celsius(9, temperature_scale::fahrenheit) == 5.0);
}

BOOST_AUTO_TEST_CASE(what_is_no_temperature_never_becomes_one) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), inf, -inf, -273.16, 1000.1, 1e300, -1e300})
    BOOST_TEST(!to_milli_celsius(bad, temperature_scale::celsius).has_value());
}

BOOST_AUTO_TEST_CASE(scales_by_their_names) {
  BOOST_TEST((parse_scale("°F") == temperature_scale::fahrenheit));
  BOOST_TEST((parse_scale("Celsius") == temperature_scale::celsius));
  BOOST_TEST(!parse_scale("R").has_value());
}

BOOST_AUTO_TEST_CASE(times_round_trip) {
  const bool held = rc::check([](std::int32_t minutes, std::uint16_t ms) {
    const timestamp at = from_ms(std::int64_t{minutes} * 60'000 + ms);
    RC_PRE(minutes > -900'000'000);
    RC_ASSERT(parse_utc(format_utc(at)) == at);
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(times_with_offsets) {
  BOOST_TEST((parse_utc("2026-11-21T05:05:06.789+01:00") == parse_utc("2026-11-21 04:05:06.789Z")));
  for (const char* bad : {"", "2026-11-21", "2026-11-21T04:05:06", "2026-13-21T04:05:06Z", "2026-02-30T04:05:06Z",
                          "2026-11-21T24:05:06Z", "2026-11-21T04:05:06Zx", "2026-11-21T04:05:06+99:00", "now"})
    BOOST_TEST(!parse_utc(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(identifiers_round_trip) {
  const bool held = rc::check([](const std::array<std::uint8_t, 16>& bytes) {
    const uuid id = uuid_from_random(bytes);
    RC_ASSERT(parse_uuid(to_string(id)) == id);
    RC_ASSERT(to_string(id)[14] == '4');
  });
  BOOST_TEST(held);
  BOOST_TEST(!parse_uuid("x").has_value());
}

BOOST_AUTO_TEST_CASE(kinds_and_limits_from_the_set_point) {
  BOOST_TEST((kind_from_set_point(-79'000) == unit_kind::ultra_low));
  BOOST_TEST((kind_from_set_point(5'000) == unit_kind::vaccine_fridge));
  BOOST_TEST((registration_limits(unit_kind::vaccine_fridge, 5'000, std::nullopt) == limits{2'000, 8'000}));
  const limits own{-30'000, -10'000};
  BOOST_TEST((registration_limits(unit_kind::freezer, -20'000, own) == own));
  const limits moved = registration_limits(unit_kind::ultra_low, -60'000, std::nullopt);
  BOOST_TEST((moved == limits{-75'000, -45'000}));
}

BOOST_AUTO_TEST_CASE(a_receipt_tells_once_after_the_last_item) {
  int told = 0;
  receipt r(2, [&](std::span<const item_result> results) {
    ++told;
    BOOST_TEST((results[1].outcome == item_outcome::duplicate));
  });
  r.settle(1, {item_outcome::duplicate});
  BOOST_TEST(told == 0);
  r.settle(0, {item_outcome::stored});
  BOOST_TEST(told == 1);
}

BOOST_AUTO_TEST_CASE(a_failure_reads_as_a_sentence) {
  const failure error{error_code::unavailable, "the store does not answer", "var/x.db", "check the disk"};
  BOOST_TEST(error.text() == "the store does not answer (var/x.db): check the disk");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
