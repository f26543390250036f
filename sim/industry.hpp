#pragma once
// The four kinds of business that customers are made from.

#include <array>
#include <span>
#include <string_view>

namespace coldvigil::sim {

struct place {
  std::string_view city; ///< empty = not given
  std::string_view country;
};

template <class T> struct between_both {
  T low, high; ///< both inclusive
};

struct industry_template {
  std::string_view name, customer_name, facility_name, unit_name; ///< an empty name is not given
  std::array<place, 4> places;
  std::size_t place_count;
  bool csv;
  between_both<int> facilities, units, frequency_s;
  between_both<double> size;
  std::string_view size_unit;
  between_both<double> set_point;
  bool fahrenheit;
  double null_reading, null_name, null_city; ///< chances
  double reliability;
  double share; ///< of generated customers
};

inline constexpr industry_template pharmaceutical{
    .name = "pharmaceutical",
    .customer_name = "Pharma Corp",
    .facility_name = "Pharma Facility",
    .unit_name = "Ultra-Low Freezer",
    .places = {{{"London", "England"}, {"Cambridge", "England"}, {"Oxford", "England"}, {}}},
    .place_count = 3,
    .csv = false,
    .facilities = {1, 2},
    .units = {2, 8},
    .frequency_s = {60, 300},
    .size = {50, 500},
    .size_unit = "sqm",
    .set_point = {-80, -60},
    .fahrenheit = false,
    .null_reading = 0.0001,
    .null_name = 0,
    .null_city = 0,
    .reliability = 0.95,
    .share = 0.1};

inline constexpr industry_template food_storage{
    .name = "food_storage",
    .customer_name = "Food Storage Ltd",
    .facility_name = "Cold Storage",
    .unit_name = "Freezer Unit",
    .places = {{{"Manchester", "England"}, {"Birmingham", "England"}, {"", "England"}, {}}},
    .place_count = 3,
    .csv = true,
    .facilities = {1, 3},
    .units = {1, 4},
    .frequency_s = {300, 900},
    .size = {1000, 10000},
    .size_unit = "sqft",
    .set_point = {-25, 5},
    .fahrenheit = true,
    .null_reading = 0.002,
    .null_name = 0,
    .null_city = 0,
    .reliability = 0.85,
    .share = 0.4};

inline constexpr industry_template small_business{
    .name = "small_business",
    .customer_name = "Local Business",
    .facility_name = "",
    .unit_name = "",
    .places = {{{"", "England"}, {"Leeds", "England"}, {"Sheffield", "England"}, {}}},
    .place_count = 3,
    .csv = true,
    .facilities = {1, 1},
    .units = {1, 2},
    .frequency_s = {600, 1800},
    .size = {100, 1000},
    .size_unit = "sqm",
    .set_point = {-20, 0},
    .fahrenheit = false,
    .null_reading = 0.01,
    .null_name = 0.8,
    .null_city = 0.5,
    .reliability = 0.75,
    .share = 0.3};

inline constexpr industry_template industrial{
    .name = "industrial",
    .customer_name = "Industrial Corp",
    .facility_name = "Plant",
    .unit_name = "Industrial Freezer",
    .places = {{{"Newcastle", "England"}, {"Liverpool", "England"}, {"Glasgow", "Scotland"}, {"Cardiff", "Wales"}}},
    .place_count = 4,
    .csv = false,
    .facilities = {2, 5},
    .units = {3, 10},
    .frequency_s = {300, 600},
    .size = {5000, 50000},
    .size_unit = "sqft",
    .set_point = {-30, 10},
    .fahrenheit = true,
    .null_reading = 0.005,
    .null_name = 0,
    .null_city = 0,
    .reliability = 0.85,
    .share = 0.2};

inline constexpr std::array<const industry_template*, 4> industries{&pharmaceutical, &food_storage, &small_business,
                                                                    &industrial};

} // namespace coldvigil::sim
