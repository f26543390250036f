// An acknowledged reading is durable: kill -9 at random moments under load loses none, doubles none, and the alarms are
// those of an undisturbed run. COLDVIGIL_FULL=1 runs the whole campaign.
#include "core/time.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/temp_postgres.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

namespace coldvigil::test {
namespace {

constexpr int units = 4;
constexpr std::size_t batch_size = 40;
constexpr std::uint64_t seed = 20261121;

struct planned {
  int unit;
  timestamp at;
  double celsius;
};

/// A day's readings a minute of four units in event order, with excursions; fixed by the seed.
std::vector<planned> plan(int minutes) {
  std::mt19937_64 random(seed);
  std::vector<planned> out;
  const timestamp begin = from_ms(1'790'000'000'000);
  std::vector<double> level(units, -20);
  for (int m = 0; m < minutes; ++m)
    for (int u = 0; u < units; ++u) {
      if (random() % 60 == 0) level[static_cast<std::size_t>(u)] = -20 + static_cast<double>(random() % 13) - 3;
      const double noise = static_cast<double>(random() % 100) / 100.0;
      out.push_back({u, begin + std::chrono::minutes{m}, level[static_cast<std::size_t>(u)] + noise});
    }
  return out;
}

std::string body_of(const std::vector<planned>& all, std::size_t from, std::size_t to) {
  boost::json::array items;
  for (std::size_t i = from; i < to; ++i)
    items.push_back({{"storage_unit_id", "u" + std::to_string(all[i].unit)},
                     {"temperature", all[i].celsius},
                     {"temperature_unit", "C"},
                     {"recorded_at", format_utc(all[i].at)}});
  return boost::json::serialize(items);
}

struct campaign {
  temp_dir folder;
  std::unique_ptr<temp_postgres> cluster; ///< nothing = SQLite
  std::string token;
  std::unique_ptr<running_server> server;
  std::vector<std::string> store_settings;

  explicit campaign(bool postgres = false) {
    std::ofstream config(folder.path("test.toml"));
    config << "[demo]\nenabled = true\n[model]\ndeadline_ms = 60000\n[[customer]]\ncode = \"T\"\nname = \"Test\"\n";
    for (int u = 0; u < units; ++u)
      config << "[[customer.unit]]\nfacility = \"f\"\ncode = \"u" << u
             << "\"\nset_temperature = -20.0\nlow_limit = -25.0\nhigh_limit = -15.0\n";
    store_settings = {"store.path=" + folder.path("coldvigil.db")};
    if (!postgres) return;
    cluster = std::make_unique<temp_postgres>();
    store_settings.insert(store_settings.end(), {"store.kind=postgres", "store.url=" + cluster->fresh_database()});
  }
  void start() {
    server.reset();
    server = std::make_unique<running_server>(folder.path("test.toml"), store_settings, folder.path("log"));
    token = std::string(read_tokens(folder.path("tokens.json")).at("T").as_object().at("write").as_string());
  }
  /// True when the answer came: everything in it is durable.
  bool send(const std::vector<planned>& all, std::size_t from, std::size_t to) const {
    try {
      const auto reply = server->post("/api/v1/temperature", token, body_of(all, from, to));
      return reply.status == 201;
    } catch (const std::runtime_error&) {
      return false; // the server is gone
    }
  }
  [[nodiscard]] std::multiset<std::string> alarms() const {
    std::multiset<std::string> out;
    const auto page = server->json("/api/v1/alarms?limit=1000", token);
    for (const auto& a : page.at("items").as_array())
      if (a.at("state").as_string() != "annulled")
        out.insert(std::string(a.at("unit_code").as_string()) + " " + std::string(a.at("rule").as_string()) + " " +
                   std::string(a.at("raised_at").as_string()) + " " + boost::json::serialize(a.at("cleared_at")));
    return out;
  }
  /// (unit, time, value) of every stored reading.
  [[nodiscard]] std::multiset<std::string> readings(const std::vector<planned>& all) const {
    std::multiset<std::string> out;
    for (int u = 0; u < units; ++u) {
      const auto series =
          server->json("/api/v1/units/u" + std::to_string(u) + "/series?from=" + format_utc(all.front().at) +
                           "&to=" + format_utc(all.back().at) + "&points=20000",
                       token);
      const auto& t = series.at("t").as_array();
      const auto& c = series.at("c").as_array();
      for (std::size_t i = 0; i < t.size(); ++i)
        out.insert(std::to_string(u) + " " + boost::json::serialize(t[i]) + " " + boost::json::serialize(c[i]));
    }
    return out;
  }
};

void undisturbed(campaign& run, const std::vector<planned>& all) {
  run.start();
  for (std::size_t from = 0; from < all.size(); from += batch_size)
    BOOST_REQUIRE(run.send(all, from, std::min(from + batch_size, all.size())));
}

/// Sends everything, with a kill somewhere inside every part of it; what was not acknowledged is sent again.
void disturbed(campaign& run, const std::vector<planned>& all, int kills) {
  std::mt19937_64 random(seed + 1);
  run.start();
  std::size_t from = 0;
  const std::size_t part = all.size() / static_cast<std::size_t>(kills + 1);
  for (int kill = 0; kill < kills; ++kill) {
    const std::size_t stop_at = part * static_cast<std::size_t>(kill + 1);
    std::atomic<bool> struck{false};
    const auto delay = std::chrono::microseconds{random() % 40'000};
    std::thread killer([&] {
      // The moment of the kill is the point of the test; nothing is asserted about time.
      std::this_thread::sleep_for(delay);
      run.server->process().signal(SIGKILL);
      struck = true;
    });
    while (from < all.size() && run.send(all, from, std::min(from + batch_size, all.size()))) {
      from = std::min(from + batch_size, all.size());
      if (from >= stop_at && struck) break;
    }
    killer.join();
    BOOST_REQUIRE(run.server->process().wait(60'000).has_value());
    run.start();
  }
  for (; from < all.size(); from += batch_size)
    BOOST_REQUIRE(run.send(all, from, std::min(from + batch_size, all.size())));
}

void nothing_is_lost(bool postgres, int minutes, int kills) {
  const auto all = plan(minutes);
  campaign calm;
  undisturbed(calm, all);
  campaign stormy(postgres);
  disturbed(stormy, all, kills);
  const auto expected = calm.readings(all);
  BOOST_TEST(expected.size() == all.size());
  BOOST_TEST((stormy.readings(all) == expected));
  BOOST_TEST(!calm.alarms().empty());
  BOOST_TEST((stormy.alarms() == calm.alarms()));
}

bool full() {
  return std::getenv("COLDVIGIL_FULL") != nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kill)

BOOST_AUTO_TEST_CASE(acknowledged_readings_and_alarms_survive_kill_9_on_sqlite) {
  nothing_is_lost(false, full() ? 1440 : 400, full() ? 50 : 6);
}

BOOST_AUTO_TEST_CASE(acknowledged_readings_and_alarms_survive_kill_9_on_postgresql) {
  nothing_is_lost(true, full() ? 1440 : 200, full() ? 50 : 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
