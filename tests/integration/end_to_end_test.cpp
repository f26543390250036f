// The whole way of a reading, with the real binary and its ten simulated customers.
#include "core/time.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/ws_test_client.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <sys/stat.h>

namespace coldvigil::test {
namespace {

struct fixture {
  temp_dir folder;
  std::unique_ptr<running_server> server;
  boost::json::object tokens;

  void start() {
    server.reset();
    server = std::make_unique<running_server>(
        COLDVIGIL_SOURCE_DIR "/config/demo.toml",
        std::vector<std::string>{"simulation.base_port=0", "store.path=" + folder.path("coldvigil.db")},
        folder.path("log"));
    tokens = read_tokens(folder.path("tokens.json"));
  }
  [[nodiscard]] std::string admin() const { return std::string(tokens.at("admin").as_string()); }
  [[nodiscard]] std::string of(const char* customer, const char* level) const {
    return std::string(tokens.at(customer).as_object().at(level).as_string());
  }
  [[nodiscard]] std::size_t units_with_values() const {
    return server->json("/api/v1/temperature/latest", admin()).as_array().size();
  }
  [[nodiscard]] boost::json::array open_alarms(const std::string& unit_code) const {
    boost::json::array out;
    const auto page = server->json("/api/v1/alarms?open=true&limit=1000", admin());
    for (const auto& alarm : page.at("items").as_array())
      if (alarm.at("unit_code").as_string() == unit_code) out.push_back(alarm);
    return out;
  }
};

timestamp time_of(const boost::json::value& reading) {
  return parse_utc(std::string(reading.at("recorded_at").as_string())).value_or(timestamp{});
}

bool has_high_limit(const boost::json::array& alarms) {
  for (const auto& alarm : alarms)
    if (alarm.at("rule").as_string() == "high_limit") return true;
  return false;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(end_to_end, fixture)

BOOST_AUTO_TEST_CASE(simulated_customers_are_polled_scored_judged_stored_and_told) {
  start();
  struct stat mode {};
  BOOST_TEST(::stat(folder.path("tokens.json").c_str(), &mode) == 0);
  BOOST_TEST((mode.st_mode & 0777) == 0600U);
  BOOST_TEST(eventually([&] { return units_with_values() == 94; }));

  // Fourteen days are behind the live values, at the archive's five-minute steps.
  const auto units = server->json("/api/v1/units?limit=1000", admin()).at("items").as_array();
  BOOST_TEST(units.size() == 94U);
  const timestamp oldest = system_clock{}.now() - std::chrono::hours{14 * 24 - 1};
  const std::string of_unit = "/api/v1/temperature/unit/unit_A_1_1?limit=50&start_date=" + format_utc(oldest);
  const auto page = server->json(of_unit, of("A", "read"));
  BOOST_TEST(page.at("total").to_number<int>() > 13 * 288);
  const auto first_hours =
      server->json(of_unit + "&end_date=" + format_utc(oldest + std::chrono::hours{2}), of("A", "read"));
  const auto& rows = first_hours.at("items").as_array();
  BOOST_TEST(rows.size() >= 20U);
  for (std::size_t i = 1; i < rows.size(); ++i)
    BOOST_TEST((time_of(rows[i - 1]) - time_of(rows[i])).count() % 300'000 == 0);

  // A listener with a ticket hears the fault that the simulator's endpoint starts.
  const auto ticket = server->post("/api/v1/live/ticket", of("A", "read"), "");
  BOOST_TEST(ticket.status == 200);
  const std::string one_time(boost::json::parse(ticket.body).at("ticket").as_string());
  ws_client live(server->port, "/api/v1/live?ticket=" + one_time, {}, call_patience_ms);
  BOOST_TEST(live.status() == 101);
  const auto fault =
      call(server->simulated.at("A"),
           {"POST", "/simulate/fault/unit_A_1_1", "", R"({"kind":"sensor_offset","minutes":60,"magnitude":30})", {}},
           call_patience_ms);
  BOOST_TEST(fault.status == 200);
  bool heard = false;
  for (int i = 0; i < 2000 && !heard; ++i) {
    const auto text = live.read_text();
    if (!text) break;
    heard = text->find("\"raised\"") != std::string::npos && text->find("unit_A_1_1") != std::string::npos &&
            text->find("high_limit") != std::string::npos;
  }
  BOOST_TEST(heard);
  BOOST_TEST(has_high_limit(open_alarms("unit_A_1_1")));
  const auto alarm_before = open_alarms("unit_A_1_1");

  // Another customer sees none of it.
  BOOST_TEST(server->get("/api/v1/units/unit_A_1_1", of("B", "read")).status == 404);

  // A clean end within ten seconds, and everything is there afterwards.
  server->process().signal(SIGTERM);
  const auto code = server->process().wait(10'000);
  BOOST_TEST((code == 0), "exit code " << code.value_or(-1));
  start();
  BOOST_TEST(has_high_limit(open_alarms("unit_A_1_1")));
  BOOST_TEST(units_with_values() == 94U);
  for (const auto& alarm : alarm_before) {
    const std::string id(alarm.at("id").as_string());
    BOOST_TEST((server->json("/api/v1/alarms/" + id, admin()).at("raised_at") == alarm.at("raised_at")));
  }
  const auto again = server->json(of_unit, of("A", "read"));
  BOOST_TEST(again.at("total").to_number<int>() >= page.at("total").to_number<int>());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
