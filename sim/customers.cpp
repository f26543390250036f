#include "sim/customers.hpp"

#include "sim/chance.hpp"
#include "sim/industry.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace coldvigil::sim {
namespace {

struct customer_plan {
  char code;
  const industry_template* of;
  bool csv;
  int frequency_s;
  std::array<int, 5> units; ///< of each facility; 0 = no such facility
};

constexpr std::array<customer_plan, 10> plans{{
    {'A', &pharmaceutical, false, 60, {6, 5}},
    {'B', &food_storage, true, 300, {3}},
    {'C', &industrial, false, 660, {5, 6, 5, 5}},
    {'D', &industrial, false, 840, {5, 6, 5, 5, 5}},
    {'E', &food_storage, true, 300, {4}},
    {'F', &industrial, false, 660, {5, 6, 5, 5}},
    {'G', &food_storage, true, 300, {3}},
    {'H', &small_business, true, 300, {2}},
    {'I', &small_business, true, 300, {1}},
    {'J', &small_business, true, 300, {2}},
}};

/// How far healthy operation may go from the set point, °C below and above: cycling, doors, restocking, defrosts.
struct tolerance {
  double below, above;
};
constexpr tolerance tolerance_of(unit_class kind) {
  switch (kind) {
  case unit_class::vaccine:
    return {3, 4};
  case unit_class::cooler:
    return {4, 9};
  case unit_class::freezer:
    return {6, 14};
  case unit_class::ultra_low:
    return {9, 14};
  }
  return {6, 14};
}

double tenth(double value) {
  return std::round(value * 10) / 10;
}

std::optional<std::string> given(std::string_view name, bool missing) {
  if (name.empty() || missing) return std::nullopt;
  return std::string(name);
}

simulated_unit make_unit(const industry_template& of, std::uint64_t key, const std::string& code,
                         const std::string& number) {
  simulated_unit unit;
  unit.code = code;
  unit.name = given(of.unit_name, uniform(mix({key, 1})) < of.null_name);
  if (unit.name) *unit.name += " " + number;
  unit.fahrenheit = of.fahrenheit;
  unit.set_point = tenth(between(mix({key, 2}), of.set_point.low, of.set_point.high));
  unit.size = std::round(between(mix({key, 3}), of.size.low, of.size.high));
  unit.size_unit = of.size_unit;
  unit.null_chance = of.null_reading;
  const double set = unit.celsius(unit.set_point);
  const tolerance around = tolerance_of(class_of(set));
  unit.low = tenth(unit.own(set - around.below));
  unit.high = tenth(unit.own(set + around.above));
  unit.sensor = "sensor_" + code + "_" + std::to_string(1 + mix({key, 4}) % 4);
  return unit;
}

/// `number` counts a customer's facilities from 1.
simulated_facility make_facility(const industry_template& of, const std::string& customer, int number, int units,
                                 std::uint64_t key) {
  const std::string suffix = customer + "_" + std::to_string(number);
  simulated_facility out;
  out.code = "facility_" + suffix;
  out.name = given(of.facility_name, uniform(mix({key, 11})) < of.null_name);
  if (out.name) *out.name += " " + customer + std::to_string(number);
  const place& where = of.places[mix({key, 12}) % of.place_count];
  out.city = given(where.city, uniform(mix({key, 13})) < of.null_city);
  out.country = where.country;
  for (int u = 1; u <= units; ++u)
    out.units.push_back(make_unit(of, mix({key, 100 + static_cast<std::uint64_t>(u)}),
                                  "unit_" + suffix + "_" + std::to_string(u),
                                  std::to_string(number) + "." + std::to_string(u)));
  return out;
}

simulated_customer make_customer(const industry_template& of, const std::string& code, int frequency_s, bool csv) {
  simulated_customer customer;
  customer.code = code;
  customer.name = std::string(of.customer_name) + " " + code;
  customer.industry = of.name;
  customer.csv = csv;
  customer.frequency = std::chrono::seconds{frequency_s};
  customer.reliability = of.reliability;
  return customer;
}

int drawn(std::uint64_t number, between_both<int> from) {
  return from.low + static_cast<int>(number % static_cast<std::uint64_t>(from.high - from.low + 1));
}

const industry_template& drawn_industry(std::uint64_t number) {
  double left = uniform(number);
  for (const industry_template* each : industries) {
    left -= each->share;
    if (left < 0) return *each;
  }
  return *industries.back();
}

/// A to Z, then CUST_27 and so on.
std::string generated_code(std::size_t index) {
  if (index < 26) return std::string(1, static_cast<char>('A' + index));
  return "CUST_" + std::to_string(index + 1);
}

} // namespace

std::vector<simulated_customer> reference_customers(std::uint64_t seed) {
  std::vector<simulated_customer> out;
  for (const customer_plan& plan : plans) {
    simulated_customer customer = make_customer(*plan.of, std::string(1, plan.code), plan.frequency_s, plan.csv);
    const auto key = static_cast<std::uint64_t>(plan.code);
    for (int f = 1; f <= 5 && plan.units[static_cast<std::size_t>(f - 1)] > 0; ++f)
      customer.facilities.push_back(make_facility(*plan.of, customer.code, f,
                                                  plan.units[static_cast<std::size_t>(f - 1)],
                                                  mix({seed, key, static_cast<std::uint64_t>(f)})));
    out.push_back(std::move(customer));
  }
  return out;
}

std::vector<simulated_customer> generate_customers(std::size_t count, std::uint64_t seed) {
  std::vector<simulated_customer> out;
  for (std::size_t i = 0; i < std::min(count, max_generated_customers); ++i) {
    const std::uint64_t key = mix({seed, 1'000 + i});
    const industry_template& of = drawn_industry(mix({key, 1}));
    simulated_customer customer = make_customer(of, generated_code(i), drawn(mix({key, 2}), of.frequency_s), of.csv);
    const int facilities = drawn(mix({key, 3}), of.facilities);
    for (int f = 1; f <= facilities; ++f) {
      const std::uint64_t of_facility = mix({key, 100 + static_cast<std::uint64_t>(f)});
      customer.facilities.push_back(
          make_facility(of, customer.code, f, drawn(mix({of_facility, 14}), of.units), of_facility));
    }
    out.push_back(std::move(customer));
  }
  return out;
}

} // namespace coldvigil::sim
