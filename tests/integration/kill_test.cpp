// An acknowledged reading is durable: kill -9 at random moments under load loses none, doubles none, and the alarms are
// those of an undisturbed run. COLDVIGIL_FULL=1 runs the whole campaign.
#include "core/rule_text.hpp"
#include "core/time.hpp"
#include "db/store.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/temp_postgres.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace coldvigil::test {
namespace {

constexpr std::size_t units = 4;
constexpr std::size_t batch_size = 10;
constexpr std::uint64_t seed = 20261121;

struct planned {
  timestamp at;
  double celsius;
};
/// Of one unit, in event order.
using unit_plan = std::vector<planned>;
using fleet_plan = std::vector<unit_plan>;

/// A reading a minute of each unit, with excursions; fixed by the seed and by a day that is long past.
fleet_plan plan(int minutes) {
  std::mt19937_64 random(seed);
  const timestamp begin = from_ms(1'700'000'000'000);
  fleet_plan out(units);
  for (unit_plan& unit : out) {
    double level = -20;
    for (int m = 0; m < minutes; ++m) {
      if (random() % 60 == 0) level = -23 + static_cast<double>(random() % 13);
      const double noise = static_cast<double>(random() % 100) / 100.0;
      unit.push_back({begin + std::chrono::minutes{m}, level + noise});
    }
  }
  return out;
}

std::string body_of(std::size_t unit, const unit_plan& all, std::size_t from, std::size_t to) {
  boost::json::array items;
  for (std::size_t i = from; i < to; ++i)
    items.push_back({{"storage_unit_id", "u" + std::to_string(unit)},
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
  std::string database; ///< of PostgreSQL

  explicit campaign(bool postgres = false) {
    std::ofstream config(folder.path("test.toml"));
    config << "[demo]\nenabled = true\n[model]\ndeadline_ms = 60000\n[[customer]]\ncode = \"T\"\nname = \"Test\"\n";
    for (std::size_t u = 0; u < units; ++u)
      config << "[[customer.unit]]\nfacility = \"f\"\ncode = \"u" << u
             << "\"\nset_temperature = -20.0\nlow_limit = -25.0\nhigh_limit = -15.0\n";
    store_settings = {"store.path=" + folder.path("coldvigil.db")};
    if (!postgres) return;
    cluster = std::make_unique<temp_postgres>();
    database = cluster->fresh_database();
    store_settings.insert(store_settings.end(), {"store.kind=postgres", "store.url=" + database});
  }
  /// Delays, a sum and a count beside the rules that every unit has, as if they had been there since long before the
  /// first reading: a change by a person counts from its time on, and the readings are of a day that is past.
  void give_delays_sums_and_counts() {
    start(); // makes the customer known
    server.reset();
    store_options options;
    options.path = folder.path("coldvigil.db");
    options.url = database;
    auto durable = (cluster ? open_postgres(options) : open_sqlite(options)).value();
    rule_change change;
    change.rule.rule.customer = durable->load_registry().value().customers.at(0).id;
    change.rule.rule.scope = rule_scope::customer;
    std::uint32_t id = static_cast<std::uint32_t>(first_stored_rule);
    for (const char* text : {"kind=high_limit level=warning limit=-16000 on_delay=300000 off_delay=240000 deadband=500",
                             "kind=cumulative level=warning limit=-17000 window=7200000 cumulative=1200000",
                             "kind=low_limit level=warning limit=-21500 consecutive=4 off_delay=120000"}) {
      change.rule.rule.what = parse_rule_text(text).value();
      change.rule.rule.what.id = rule_id{id++};
      BOOST_REQUIRE(durable->change_rules(std::span(&change, 1)).ok());
    }
    durable->close();
  }
  void start() {
    server.reset();
    server = std::make_unique<running_server>(folder.path("test.toml"), store_settings, folder.path("log"));
    token = std::string(read_tokens(folder.path("tokens.json")).at("T").as_object().at("write").as_string());
  }
  /// True when the answer came: everything in it is durable.
  [[nodiscard]] bool send(std::size_t unit, const unit_plan& all, std::size_t from, std::size_t to) const {
    try {
      return server->post("/api/v1/temperature", token, body_of(unit, all, from, to)).status == 201;
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
                   std::string(a.at("severity").as_string()) + " " + std::string(a.at("raised_at").as_string()) + " " +
                   boost::json::serialize(a.at("cleared_at")));
    return out;
  }
  /// (unit, time, value) of every stored reading.
  [[nodiscard]] std::multiset<std::string> readings(const fleet_plan& all) const {
    std::multiset<std::string> out;
    for (std::size_t u = 0; u < units; ++u) {
      const auto series =
          server->json("/api/v1/units/u" + std::to_string(u) + "/series?from=" + format_utc(all[u].front().at) +
                           "&to=" + format_utc(all[u].back().at) + "&points=20000",
                       token);
      const auto& t = series.at("t").as_array();
      const auto& c = series.at("c").as_array();
      for (std::size_t i = 0; i < t.size(); ++i)
        out.insert(std::to_string(u) + " " + boost::json::serialize(t[i]) + " " + boost::json::serialize(c[i]));
    }
    return out;
  }
};

/// How far every unit has been acknowledged, shared by one sender a unit.
class progress {
 public:
  explicit progress(const fleet_plan& all) : all_(all), sent_(all.size(), 0) {}

  /// Sends what is left of every unit, all units at once, until everything is acknowledged or the server fails.
  /// `meanwhile` runs on the caller's thread while the senders are at work.
  void send(const campaign& run, const std::function<void()>& meanwhile = {}) {
    sending_ = all_.size();
    std::vector<std::jthread> senders;
    for (std::size_t unit = 0; unit < all_.size(); ++unit)
      senders.emplace_back([this, &run, unit] { send_unit(run, unit); });
    if (meanwhile) meanwhile();
  }
  /// Returns when so many batches were acknowledged, or when nobody sends any more.
  void wait_for(std::size_t batches) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return acknowledged_ >= batches || sending_ == 0; });
  }
  /// Not while anybody sends.
  [[nodiscard]] bool complete() const {
    for (std::size_t unit = 0; unit < all_.size(); ++unit)
      if (sent_[unit] < all_[unit].size()) return false;
    return true;
  }

 private:
  void send_unit(const campaign& run, std::size_t unit) {
    const unit_plan& all = all_[unit];
    std::size_t& from = sent_[unit];
    while (from < all.size()) {
      const std::size_t to = std::min(from + batch_size, all.size());
      if (!run.send(unit, all, from, to)) break;
      from = to;
      const std::lock_guard lock(mutex_);
      ++acknowledged_;
      changed_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    --sending_;
    changed_.notify_all();
  }

  const fleet_plan& all_;
  std::vector<std::size_t> sent_; ///< a unit's place belongs to its sender
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t acknowledged_ = 0;
  std::size_t sending_ = 0;
};

void undisturbed(campaign& run, const fleet_plan& all) {
  run.start();
  progress sending(all);
  sending.send(run);
  BOOST_REQUIRE(sending.complete());
}

/// Kills the server at a random moment in each part of the way; what was not acknowledged is sent again.
void disturbed(campaign& run, const fleet_plan& all, int kills) {
  std::mt19937_64 random(seed + 1);
  const std::size_t part = units * all.front().size() / batch_size / static_cast<std::size_t>(kills + 1);
  progress sending(all);
  for (int kill = 0; kill < kills; ++kill) {
    run.start();
    const std::size_t after = part * static_cast<std::size_t>(kill) + random() % part;
    // The moment inside a batch is the point of the test; nothing is asserted about time.
    const std::chrono::microseconds moment{random() % 5'000};
    sending.send(run, [&] {
      sending.wait_for(after);
      std::this_thread::sleep_for(moment);
      run.server->process().signal(SIGKILL);
    });
    BOOST_REQUIRE(run.server->process().wait(call_patience_ms).has_value());
  }
  BOOST_TEST(!sending.complete()); // so every kill met the load
  run.start();
  sending.send(run);
  BOOST_REQUIRE(sending.complete());
}

void nothing_is_lost(bool postgres, int minutes, int kills) {
  const fleet_plan all = plan(minutes);
  campaign calm;
  calm.give_delays_sums_and_counts();
  undisturbed(calm, all);
  campaign stormy(postgres);
  stormy.give_delays_sums_and_counts();
  disturbed(stormy, all, kills);
  const auto expected = calm.readings(all);
  BOOST_TEST(expected.size() == units * static_cast<std::size_t>(minutes));
  BOOST_TEST((stormy.readings(all) == expected));
  const auto alarms = calm.alarms();
  for (const char* kind : {" high_limit critical", " high_limit warning", " low_limit warning", " cumulative warning"})
    BOOST_TEST(std::ranges::any_of(alarms, [&](const auto& each) { return each.find(kind) != std::string::npos; }),
               kind);
  BOOST_TEST((stormy.alarms() == alarms));
}

bool full() {
  return std::getenv("COLDVIGIL_FULL") != nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kill)

BOOST_AUTO_TEST_CASE(acknowledged_readings_and_alarms_survive_kill_9_on_sqlite) {
  nothing_is_lost(false, full() ? 1440 : 400, full() ? 50 : 6);
}

BOOST_AUTO_TEST_CASE(what_people_said_survives_kill_9) {
  campaign run;
  run.start();
  const timestamp at = from_ms(1'700'000'000'000);
  const unit_plan warm{{at, -5.0}};
  BOOST_REQUIRE(run.send(0, warm, 0, 1));
  const auto listed = run.server->json("/api/v1/alarms?open=true&rule=high_limit", run.token);
  BOOST_REQUIRE(!listed.at("items").as_array().empty());
  const std::string alarm = "/api/v1/alarms/" + std::string(listed.at("items").at(0).at("id").as_string());
  BOOST_TEST(run.server->post(alarm + "/ack", run.token, R"({"reason": "on my way"})").status == 200);
  BOOST_TEST(run.server->post(alarm + "/ack", run.token, R"({"reason": "me too"})").status == 409);
  BOOST_TEST(run.server->post("/api/v1/units/u1/out-of-service", run.token, R"({"reason": "mended"})").status == 200);
  run.start(); // the old one is killed
  const auto after = run.server->json(alarm, run.token);
  BOOST_TEST(after.at("stage").as_string() == "acknowledged");
  BOOST_TEST(after.at("life").at("acknowledged").at("text").as_string() == "on my way");
  BOOST_TEST(run.server->post(alarm + "/ack", run.token, R"({"reason": "on my way"})").status == 200);
  BOOST_TEST(run.server->json(alarm, run.token).at("said").as_array().size() == 1U);
  BOOST_TEST(!run.server->json("/api/v1/units/u1", run.token).at("out_of_service").is_null());
}

BOOST_AUTO_TEST_CASE(acknowledged_readings_and_alarms_survive_kill_9_on_postgresql) {
  nothing_is_lost(true, full() ? 1440 : 200, full() ? 50 : 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
