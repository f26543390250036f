#include "tests/sim/fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <future>
#include <map>
#include <random>

namespace coldvigil::sim {
BOOST_FIXTURE_TEST_SUITE(world, fixture)

BOOST_AUTO_TEST_CASE(ten_customers_21_facilities_94_units_whatever_the_seed) {
  for (const std::uint64_t seed : {1, 2, 77}) {
    const auto customers = reference_customers(seed);
    std::size_t facilities = 0;
    std::size_t units = 0;
    for (const auto& customer : customers) {
      facilities += customer.facilities.size();
      for (const auto& facility : customer.facilities)
        units += facility.units.size();
    }
    BOOST_TEST(customers.size() == 10U);
    BOOST_TEST(facilities == 21U);
    BOOST_TEST(units == 94U);
  }
}

BOOST_AUTO_TEST_CASE(generated_customers_keep_to_their_templates) {
  const auto all = generate_customers(400, 5);
  BOOST_TEST(all.size() == 400U);
  BOOST_TEST(all[25].code == "Z");
  BOOST_TEST(all[26].code == "CUST_27");
  std::map<std::string, std::size_t> of;
  for (const auto& customer : all) {
    ++of[customer.industry];
    BOOST_TEST((customer.facilities.size() >= 1 && customer.facilities.size() <= 5));
    BOOST_TEST((customer.frequency.count() >= 60 && customer.frequency.count() <= 1800));
    for (const auto& facility : customer.facilities)
      for (const auto& unit : facility.units)
        BOOST_TEST((unit.low < unit.set_point && unit.set_point < unit.high));
  }
  BOOST_TEST(of.size() == 4U);
  BOOST_TEST((of["food_storage"] > 120 && of["food_storage"] < 200));
  BOOST_TEST(generate_customers(10, 5).back().name == all[9].name);
  BOOST_TEST(generate_customers(max_generated_customers + 1, 5).size() == max_generated_customers);
}

BOOST_AUTO_TEST_CASE(a_generated_fleet_answers_like_the_reference) {
  world_options options;
  options.generated_customers = 30;
  world = make(options);
  for (const auto& customer : world->customers())
    BOOST_TEST(!get(customer.code, "/temperature/current?hours=1").at("readings").as_array().empty(), customer.code);
}

BOOST_AUTO_TEST_CASE(what_was_reported_is_reported_again_by_another_world_later) {
  const auto& customer = world->customers().front();
  const auto& unit = customer.facilities.front().units.front();
  const auto first = world->readings(customer, unit, std::chrono::minutes{30});
  time.at += std::chrono::minutes{20};
  const auto again = make({})->readings(customer, unit, std::chrono::minutes{50});
  for (const auto& reading : first)
    BOOST_TEST(std::any_of(again.begin(), again.end(),
                           [&](const reported_reading& r) { return r.at == reading.at && r.value == reading.value; }));
}

BOOST_AUTO_TEST_CASE(the_archive_lies_on_the_grid_of_the_live_readings) {
  const auto& customer = world->customers().front();
  const auto& unit = customer.facilities.front().units.front();
  const auto now = world->readings(customer, unit, std::chrono::minutes{40});
  time.at += std::chrono::hours{5};
  std::size_t common = 0;
  for (const auto& old : world->readings(customer, unit, std::chrono::hours{6}))
    for (const auto& reading : now)
      if (old.at == reading.at) {
        ++common;
        BOOST_TEST((old.value == reading.value));
      }
  BOOST_TEST(common >= 7U);
}

BOOST_AUTO_TEST_CASE(healthy_units_stay_within_their_limits) {
  struct tally {
    std::size_t outside = 0, all = 0;
  };
  std::map<unit_class, tally> of;
  for (const auto& customer : world->customers())
    for (const auto& facility : customer.facilities)
      for (const auto& unit : facility.units) {
        tally one;
        for (const auto& reading : world->readings(customer, unit, std::chrono::hours{7 * 24})) {
          ++one.all;
          if (reading.value && (*reading.value < unit.low || *reading.value > unit.high)) ++one.outside;
        }
        BOOST_TEST(static_cast<double>(one.outside) <= 0.01 * static_cast<double>(one.all), unit.code);
        tally& sum = of[class_of(unit.celsius(unit.set_point))];
        sum.outside += one.outside;
        sum.all += one.all;
        // An offset of 20 K leaves them wherever the unit is in its cycle.
        BOOST_TEST(unit.celsius(unit.high) - unit.celsius(unit.set_point) < 15);
      }
  for (const auto& [kind, sum] : of)
    BOOST_TEST(static_cast<double>(sum.outside) <= 0.005 * static_cast<double>(sum.all));
}

BOOST_AUTO_TEST_CASE(nulls_missing_names_and_missing_cities_occur) {
  bool null_reading = false, no_name = false, no_city = false;
  for (const auto& customer : world->customers())
    for (const auto& facility : customer.facilities) {
      no_city = no_city || !facility.city;
      for (const auto& unit : facility.units) {
        no_name = no_name || !unit.name;
        for (const auto& reading : world->readings(customer, unit, std::chrono::hours{48}))
          null_reading = null_reading || !reading.value;
      }
    }
  BOOST_TEST(null_reading);
  BOOST_TEST(no_name);
  BOOST_TEST(no_city);
}

BOOST_AUTO_TEST_CASE(a_fault_really_starts_and_leaves_the_past_alone) {
  const auto& customer = world->customers().front();
  const auto& unit = customer.facilities.front().units.front();
  const auto before = world->readings(customer, unit, std::chrono::minutes{30});
  get("A", "/simulate/fault/" + unit.code, 200, "POST", R"({"kind":"sensor_offset","minutes":30,"magnitude":20})");
  time.at += std::chrono::minutes{5};
  const auto after = world->readings(customer, unit, std::chrono::minutes{35});
  for (std::size_t i = 0; i < before.size(); ++i)
    BOOST_TEST((after[i].value == before[i].value));
  BOOST_TEST(*after.back().value > *before.back().value + 10);
  time.at += std::chrono::minutes{40};
  BOOST_TEST(*world->readings(customer, unit, std::chrono::minutes{2}).back().value < *before.back().value + 8);
}

BOOST_AUTO_TEST_CASE(faults_survive_a_restart_in_their_file) {
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("coldvigil-faults-" + std::to_string(std::random_device{}()) + ".json"))
                               .string();
  world_options options;
  options.faults_path = path;
  const auto first = make(options);
  const auto& unit = first->customers().front().facilities.front().units.front();
  BOOST_TEST(first->start_fault(unit.code, fault_kind::sensor_offset, 60, 20).ok());
  time.at += std::chrono::minutes{5};
  const auto there = first->readings(first->customers().front(), unit, std::chrono::minutes{4});
  const auto again = make(options);
  BOOST_TEST(
      (again->readings(again->customers().front(), unit, std::chrono::minutes{4}).back().value == there.back().value));
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fputs("[{]", file);
  std::fclose(file);
  BOOST_TEST(!simulated_world::make(options, time).ok());
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(two_that_keep_their_faults_in_one_file_leave_a_whole_one) {
  const test::temp_dir folder;
  world_options options;
  options.faults_path = folder.path("faults.json");
  const auto starts = [this, options] {
    const auto own = make(options);
    const auto& unit = own->customers().front().facilities.front().units.front();
    bool kept = true;
    for (int i = 0; i < 20; ++i)
      kept = own->start_fault(unit.code, fault_kind::sensor_offset, 1, 20).ok() && kept;
    return kept;
  };
  auto other = std::async(std::launch::async, starts);
  BOOST_TEST(starts());
  BOOST_TEST(other.get());
  BOOST_TEST(simulated_world::make(options, time).ok());
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_fault_that_cannot_be_kept_is_said_so) {
  world_options options;
  options.faults_path = "/nonexistent/faults.json";
  world = make(options);
  const auto answer = get("A", "/simulate/fault/unit_A_1_1", 500, "POST", R"({"kind":"sensor_offset"})");
  BOOST_TEST(answer.at("detail").as_string().find("will not survive a restart") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_unit_that_had_too_many_faults_refuses_the_next) {
  for (std::size_t i = 0; i < unit_trace::max_faults; ++i)
    get("A", "/simulate/fault/unit_A_1_1", 200, "POST", R"({"kind":"sensor_offset","minutes":1})");
  get("A", "/simulate/fault/unit_A_1_1", 409, "POST", R"({"kind":"sensor_offset","minutes":1})");
  get("A", "/simulate/fault/unit_A_1_2", 200, "POST", R"({"kind":"sensor_offset","minutes":1})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
