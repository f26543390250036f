// A model is calibrated on what a store holds, made active beside a running server, and taken back.
#include "tests/integration/running_server.hpp"
#include "tests/support/command_run.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>

namespace coldvigil::test {
namespace {

struct installation {
  temp_dir folder;
  int runs = 0;

  finished_command run(std::vector<std::string> arguments) {
    return run_command(std::move(arguments), folder.path("errors" + std::to_string(++runs)), start_patience_ms);
  }
  boost::json::value json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const finished_command done = run(std::move(arguments));
    BOOST_REQUIRE_MESSAGE(done.code == 0, done.errors);
    return boost::json::parse(done.out);
  }
  [[nodiscard]] std::vector<std::string> overrides() const {
    return {"simulation.base_port=0", "simulation.history_hours=24", "store.path=" + folder.path("coldvigil.db"),
            "model.registry=" + folder.path("models")};
  }
  [[nodiscard]] std::vector<std::string> of_store(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--from-store", "--config", COLDVIGIL_SOURCE_DIR "/config/demo.toml"});
    for (const std::string& each : overrides())
      arguments.insert(arguments.end(), {"--set", each});
    return arguments;
  }
};

bool was_activated(const running_server& server, const std::string& admin, const std::string& who,
                   const std::string& version) {
  const auto entries = server.json("/api/v1/audit?limit=1000", admin);
  for (const auto& entry : entries.as_array())
    if (entry.at("action").as_string() == "model.activated" && entry.at("actor").as_string() == who &&
        std::string_view(entry.at("new_value").as_string()).starts_with(version + " from "))
      return true;
  return false;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(models, installation)

BOOST_AUTO_TEST_CASE(a_model_made_active_takes_over_in_the_running_server_and_back) {
  running_server server(COLDVIGIL_SOURCE_DIR "/config/demo.toml", overrides(), folder.path("log"));
  const std::string admin(read_tokens(folder.path("tokens.json")).at("admin").as_string());
  BOOST_TEST(was_activated(server, admin, "configuration", "shipped"));
  const auto full = [&] { return server.json("/api/v1/temperature/latest", admin).as_array().size() == 94; };
  BOOST_TEST(eventually(full));

  const std::vector<std::string> there{"--folder", folder.path("models"), "--who", "anna"};
  std::ofstream(folder.path("r.csv")) << "unit_id,timestamp,temperature\nu,2026-01-01T00:00:00Z,4\n";
  json({"calibrate", "--readings", folder.path("r.csv"), "--out", folder.path("new.cvm")});
  std::vector<std::string> activate{"models", "activate", folder.path("new.cvm")};
  activate.insert(activate.end(), there.begin(), there.end());
  const std::string version(json(activate).at("active").as_string());
  BOOST_TEST(eventually([&] { return was_activated(server, admin, "anna", version); }));
  std::vector<std::string> back{"models", "rollback"};
  back.insert(back.end(), there.begin(), there.end());
  BOOST_TEST(json(back).at("active").as_string() == "shipped");
  BOOST_TEST(eventually([&] { return was_activated(server, admin, "anna", "shipped"); }));
  BOOST_TEST(server.get("/metrics", admin).body.find("coldvigil_model_budget 0.5") != std::string::npos);

  server.process().signal(SIGTERM);
  BOOST_TEST(server.process().wait(10'000).value_or(-1) == 0);
  const auto tested = json(of_store({"backtest", "--alarms", folder.path("a.csv")}));
  BOOST_TEST(tested.at("units").to_number<int>() == 94);
  BOOST_TEST(tested.at("scored").to_number<int>() > 94 * 100);
  BOOST_TEST(tested.at("budget").to_number<double>() == 0.5);
  json(activate);
  const auto served =
      json(of_store({"backtest", "--alarms", folder.path("a.csv"), "--set", "model.budget=1", "--days", "1"}));
  BOOST_TEST(served.at("budget").to_number<double>() == 1.0); // the server's, and so is the model
  const auto said = json(of_store({"backtest", "--alarms", folder.path("a.csv"), "--budget", "1", "--days", "1",
                                   "--model", folder.path("new.cvm")}));
  BOOST_TEST(said.at("budget").to_number<double>() == 1.0);
  BOOST_TEST(served.at("model_sha256") == said.at("model_sha256"));
  BOOST_TEST(served.at("model_sha256") != tested.at("model_sha256"));
  const auto fitted = json(of_store({"calibrate", "--out", folder.path("store.cvm")}));
  BOOST_TEST(!fitted.at("fitted").as_bool()); // a day is too little, and it says so
  const auto listed = json({"models", "list", "--folder", folder.path("models")});
  BOOST_TEST(listed.as_array().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
