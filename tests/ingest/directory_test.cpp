#include "ingest/directory.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

bool refused_with(const std::string& body, const std::string& part, std::size_t max_units = 10) {
  const auto units = parse_directory(body, temperature_scale::celsius, max_units);
  const std::string text = units ? "understood" : units.error().text();
  const bool found = text.find(part) != std::string::npos;
  if (!found) BOOST_TEST_MESSAGE("\"" << text << "\" does not mention \"" << part << "\"");
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ingest_directory)

BOOST_AUTO_TEST_CASE(units_carry_their_facts_and_those_of_their_facility) {
  const auto units = parse_directory(R"({"customer_id":"B","facilities":[
    {"facility_id":"f1","name":null,"city":"Manchester","country":"England","units":[
      {"unit_id":"u1","name":"Deep Freeze 1","size":50000,"size_unit":"sqft","set_temperature":0,"temperature_unit":"F",
       "low_limit":-13,"high_limit":5,"interval_seconds":900},
      {"unit_id":"u2"}]},
    {"facility_id":"f2","units":[]}]})",
                                     temperature_scale::celsius);
  BOOST_REQUIRE(units.ok());
  BOOST_REQUIRE(units->size() == 2);
  const auto& first = units->at(0);
  BOOST_TEST(first.facility_code == "f1");
  BOOST_TEST(!first.facility_name.has_value());
  BOOST_TEST(first.city.value_or("") == "Manchester");
  BOOST_TEST(first.unit_name.value_or("") == "Deep Freeze 1");
  BOOST_TEST(first.size_value.value_or(0) == 50'000);
  BOOST_TEST(first.set_point.value_or(0) == -17'778);
  BOOST_CHECK(first.own_limits == (limits{-25'000, -15'000}));
  BOOST_CHECK(first.scale == temperature_scale::fahrenheit);
  BOOST_TEST(first.interval.count() == 900);
  BOOST_TEST(units->at(1).facility_code == "f1");
  BOOST_TEST(!units->at(1).set_point.has_value());
}

/// As its readings are: limits of °F read as °C would never be reached.
BOOST_AUTO_TEST_CASE(a_unit_that_does_not_say_its_scale_has_that_of_its_customers_readings) {
  const std::string_view body = R"([{"facility_id": "f", "units": [
    {"unit_id": "u1", "low_limit": 32, "high_limit": 41},
    {"unit_id": "u2", "low_limit": 2, "high_limit": 8, "temperature_unit": "C"}]}])";
  const auto units = parse_directory(body, temperature_scale::fahrenheit);
  BOOST_REQUIRE(units.ok());
  BOOST_CHECK(units->at(0).scale == temperature_scale::fahrenheit);
  BOOST_CHECK(units->at(0).own_limits == (limits{0, 5'000}));
  BOOST_CHECK(units->at(1).scale == temperature_scale::celsius);
  BOOST_CHECK(units->at(1).own_limits == (limits{2'000, 8'000}));
}

BOOST_AUTO_TEST_CASE(a_bare_array_is_a_directory_too) {
  const auto units = parse_directory(R"([{"facility_id":1,"units":[{"unit_id":2}]}])", temperature_scale::celsius);
  BOOST_REQUIRE(units.ok());
  BOOST_TEST(units->at(0).facility_code == "1");
  BOOST_TEST(units->at(0).unit_code == "2");
}

BOOST_AUTO_TEST_CASE(what_is_no_directory_says_why) {
  BOOST_CHECK(refused_with("<html>", "HTML"));
  BOOST_CHECK(refused_with("{\"facilities\":[{\"facility_id\"", "half a body"));
  BOOST_CHECK(refused_with("{\"detail\":\"x\"}", "no array 'facilities': it has: detail"));
  BOOST_CHECK(refused_with("[7]", "no usable facility_id"));
  BOOST_CHECK(refused_with("[{\"facility_id\":\"f\"}]", "no array 'units'"));
  BOOST_CHECK(refused_with("[{\"facility_id\":\"f\",\"units\":[{}]}]", "no usable unit_id (facility f)"));
  BOOST_CHECK(
      refused_with("[{\"facility_id\":\"f\",\"units\":[{\"unit_id\":\"u\",\"temperature_unit\":\"X\"}]}]", "unit u"));
  BOOST_CHECK(refused_with("[{\"facility_id\":\"f\",\"units\":[{\"unit_id\":\"u\"},{\"unit_id\":\"v\"}]}]",
                           "more than 1 units", 1));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
