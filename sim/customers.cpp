#include "sim/customers.hpp"

#include "sim/chance.hpp"

#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace coldvigil::sim {
namespace {

struct place {
  std::string_view city; ///< empty = not given
  std::string_view country;
};

struct industry_template {
  std::string_view name, customer_name, facility_name, unit_name; ///< an empty name is not given
  std::array<place, 4> places;
  std::size_t place_count;
  double size_low, size_high;
  std::string_view size_unit;
  double set_low, set_high;
  bool fahrenheit;
  double null_reading, null_name, null_city;
  double reliability;
};

constexpr industry_template pharmaceutical{
    "pharmaceutical",
    "Pharma Corp",
    "Pharma Facility",
    "Ultra-Low Freezer",
    {{{"London", "England"}, {"Cambridge", "England"}, {"Oxford", "England"}, {}}},
    3,
    50,
    500,
    "sqm",
    -80,
    -60,
    false,
    0.0001,
    0,
    0,
    0.95};
constexpr industry_template food_storage{"food_storage",
                                         "Food Storage Ltd",
                                         "Cold Storage",
                                         "Freezer Unit",
                                         {{{"Manchester", "England"}, {"Birmingham", "England"}, {"", "England"}, {}}},
                                         3,
                                         1000,
                                         10000,
                                         "sqft",
                                         -25,
                                         5,
                                         true,
                                         0.002,
                                         0,
                                         0,
                                         0.85};
constexpr industry_template small_business{"small_business",
                                           "Local Business",
                                           "",
                                           "",
                                           {{{"", "England"}, {"Leeds", "England"}, {"Sheffield", "England"}, {}}},
                                           3,
                                           100,
                                           1000,
                                           "sqm",
                                           -20,
                                           0,
                                           false,
                                           0.01,
                                           0.8,
                                           0.5,
                                           0.75};
constexpr industry_template industrial{
    "industrial",
    "Industrial Corp",
    "Plant",
    "Industrial Freezer",
    {{{"Newcastle", "England"}, {"Liverpool", "England"}, {"Glasgow", "Scotland"}, {"Cardiff", "Wales"}}},
    4,
    5000,
    50000,
    "sqft",
    -30,
    10,
    true,
    0.005,
    0,
    0,
    0.85};

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
  unit.set_point = tenth(between(mix({key, 2}), of.set_low, of.set_high));
  unit.size = std::round(between(mix({key, 3}), of.size_low, of.size_high));
  unit.size_unit = of.size_unit;
  unit.null_chance = of.null_reading;
  const double set = unit.celsius(unit.set_point);
  const tolerance around = tolerance_of(class_of(set));
  unit.low = tenth(unit.own(set - around.below));
  unit.high = tenth(unit.own(set + around.above));
  unit.sensor = "sensor_" + code + "_" + std::to_string(1 + mix({key, 4}) % 4);
  return unit;
}

simulated_facility make_facility(const customer_plan& plan, std::uint64_t key, int number) {
  const industry_template& of = *plan.of;
  const std::string suffix = std::string(1, plan.code) + "_" + std::to_string(number);
  simulated_facility out;
  out.code = "facility_" + suffix;
  out.name = given(of.facility_name, uniform(mix({key, 11})) < of.null_name);
  if (out.name) *out.name += " " + std::string(1, plan.code) + std::to_string(number);
  const place& where = of.places[mix({key, 12}) % of.place_count];
  out.city = given(where.city, uniform(mix({key, 13})) < of.null_city);
  out.country = where.country;
  for (int u = 1; u <= plan.units[static_cast<std::size_t>(number - 1)]; ++u)
    out.units.push_back(make_unit(of, mix({key, 100 + static_cast<std::uint64_t>(u)}),
                                  "unit_" + suffix + "_" + std::to_string(u),
                                  std::to_string(number) + "." + std::to_string(u)));
  return out;
}

} // namespace

std::vector<simulated_customer> reference_customers(std::uint64_t seed) {
  std::vector<simulated_customer> out;
  for (const customer_plan& plan : plans) {
    simulated_customer customer;
    customer.code = std::string(1, plan.code);
    customer.name = std::string(plan.of->customer_name) + " " + customer.code;
    customer.industry = plan.of->name;
    customer.reliability = plan.of->reliability;
    customer.csv = plan.csv;
    customer.frequency = std::chrono::seconds{plan.frequency_s};
    for (int f = 1; f <= 5 && plan.units[static_cast<std::size_t>(f - 1)] > 0; ++f)
      customer.facilities.push_back(
          make_facility(plan, mix({seed, static_cast<std::uint64_t>(plan.code), static_cast<std::uint64_t>(f)}), f));
    out.push_back(std::move(customer));
  }
  return out;
}

} // namespace coldvigil::sim
