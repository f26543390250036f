#include "sim/world.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>

namespace coldvigil::sim {
namespace {

class manual_clock final : public clock {
 public:
  timestamp at = from_ms(1'790'000'000'000);
  [[nodiscard]] timestamp now() const override { return at; }
};

struct fixture {
  manual_clock time;
  std::unique_ptr<simulated_world> world = make({});
  std::unique_ptr<simulated_world> make(world_options options) {
    return std::move(simulated_world::make(options, time)).value();
  }
  boost::json::value get(const std::string& customer, const std::string& target, int status = 200,
                         const std::string& method = "GET", const std::string& body = "") {
    const auto answer = world->handler(customer)({method, target, body});
    BOOST_TEST(answer.status == status);
    return boost::json::parse(answer.body.empty() ? "null" : answer.body);
  }
};

unit_trace freezer(std::uint64_t unit) {
  return unit_trace(draw_design(1, unit, unit_class::freezer, -20));
}

bool same(const std::vector<trace_reading>& a, const std::vector<trace_reading>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const trace_reading& x, const trace_reading& y) {
    return x.at == y.at && x.celsius == y.celsius;
  });
}

} // namespace

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

BOOST_AUTO_TEST_CASE(a_units_past_is_the_same_in_any_order_of_questions) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    auto whole = freezer(seed % 7);
    const timestamp begin = from_ms(1'790'000'000'000 / 5000 * 5000);
    const timestamp end = begin + std::chrono::hours{12};
    const auto expected = whole.readings(begin, end, std::chrono::minutes{5});
    auto asked = freezer(seed % 7);
    for (int i = 0; i < 20; ++i) {
      const auto from = static_cast<std::ptrdiff_t>(random() % expected.size());
      const auto to = from + static_cast<std::ptrdiff_t>(random() % (expected.size() - static_cast<std::size_t>(from)));
      const auto part = asked.readings(expected[static_cast<std::size_t>(from)].at,
                                       expected[static_cast<std::size_t>(to)].at, std::chrono::minutes{5});
      RC_ASSERT(same(part, {expected.begin() + from, expected.begin() + to + 1}));
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(a_units_past_is_the_same_across_the_thirty_day_grid) {
  const std::int64_t block_ms = 30ll * 24 * 3'600'000;
  const timestamp edge = from_ms((1'790'000'000'000 / block_ms) * block_ms);
  auto one = freezer(3);
  auto other = freezer(3);
  const auto across = one.readings(edge - std::chrono::hours{1}, edge + std::chrono::hours{1}, std::chrono::minutes{1});
  auto after = other.readings(edge, edge + std::chrono::hours{1}, std::chrono::minutes{1});
  auto before = other.readings(edge - std::chrono::hours{1}, edge - std::chrono::minutes{1}, std::chrono::minutes{1});
  before.insert(before.end(), after.begin(), after.end());
  BOOST_TEST(same(across, before));
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
  for (const auto& customer : world->customers())
    for (const auto& facility : customer.facilities)
      for (const auto& unit : facility.units) {
        std::size_t outside = 0;
        const auto all = world->readings(customer, unit, std::chrono::hours{7 * 24});
        for (const auto& reading : all)
          if (reading.value && (*reading.value < unit.low || *reading.value > unit.high)) ++outside;
        BOOST_TEST(static_cast<double>(outside) <= 0.01 * static_cast<double>(all.size()), unit.code);
      }
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

BOOST_AUTO_TEST_CASE(endpoints_have_their_shapes) {
  BOOST_TEST(get("A", "/").at("total_units").as_int64() == 11);
  BOOST_TEST(get("A", "/health").at("status").as_string() == "ok");
  BOOST_TEST(get("A", "/facilities").at("facilities").as_array().size() == 2U);
  const auto current = get("A", "/temperature/current");
  BOOST_TEST(current.at("reading_count").to_number<std::size_t>() == current.at("readings").as_array().size());
  const auto history = get("A", "/temperature/historical?unit_id=unit_A_1_1&hours=24&limit=10");
  BOOST_TEST(history.at("readings").as_array().size() == 10U);
  BOOST_TEST(get("A", "/temperature/unit/unit_A_1_1").at("temp").is_int64());
  const auto csv = world->handler("B")({"GET", "/data/download.csv?hours=2", ""});
  BOOST_TEST(csv.content_type == "text/csv");
  BOOST_TEST(csv.body.starts_with("customer_id,facility_id,unit_id,unit_name,temperature,temperature_unit,timestamp,"));
  BOOST_TEST(world->handler("B")({"GET", "/data/download.csv?hours=0", ""}).status == 204);
}

BOOST_AUTO_TEST_CASE(bad_questions_get_clear_answers) {
  get("A", "/nowhere", 404);
  get("A", "/temperature/historical?unit_id=unit_B_1_1", 404);
  get("A", "/temperature/historical", 400);
  for (const char* hours : {"-1", "nan", "1e9", "x", ""})
    get("A", std::string("/temperature/current?hours=") + hours, 400);
  get("A", "/", 405, "DELETE");
  get("A", "/simulate/fault/unit_A_1_1", 405);
  for (const char* body : {"", "[]", R"({"kind":"flood"})", R"({"kind":"sensor_offset","minutes":-1})",
                           R"({"kind":"sensor_offset","magnitude":1e400})", R"({"kind":7})"})
    get("A", "/simulate/fault/unit_A_1_1", 400, "POST", body);
  get("A", "/simulate/fault/nobody", 404, "POST", R"({"kind":"sensor_offset"})");
}

BOOST_AUTO_TEST_CASE(every_fault_shows) {
  const timestamp begin = from_ms(1'790'000'000'000 / 5000 * 5000);
  for (const fault_profile& profile : fault_profiles) {
    auto healthy = freezer(5);
    auto faulty = freezer(5);
    BOOST_TEST(faulty.add({profile.kind, begin, begin + std::chrono::hours{12}, profile.usual}));
    const auto a =
        healthy.readings(begin, begin + std::chrono::hours{12} - std::chrono::minutes{1}, std::chrono::minutes{1});
    const auto b =
        faulty.readings(begin, begin + std::chrono::hours{12} - std::chrono::minutes{1}, std::chrono::minutes{1});
    double apart = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
      apart = std::max(apart, std::abs(a[i].celsius - b[i].celsius));
    BOOST_TEST((b.size() < a.size() || apart > 0.5), profile.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
