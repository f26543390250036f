// The commands around the server as people run them: help, config, poll --dry-run, token, simulate, and serve's start.
#include "core/time.hpp"
#include "tests/http_client/loopback_server.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/support/command_run.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <sys/stat.h>

namespace coldvigil::test {
namespace {

using words = std::vector<std::string>;

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

loopback_server::behaviour answering(const std::string& type, const std::string& body) {
  return answer_with("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\n\r\n" + body);
}

struct workplace {
  temp_dir folder;
  int runs = 0;

  finished_command run(words arguments) {
    return run_command(std::move(arguments), folder.path("errors" + std::to_string(++runs)), start_patience_ms);
  }
  /// Writes a configuration whose store is in the folder; gives its path.
  [[nodiscard]] std::string config(const std::string& text) const {
    std::ofstream(folder.path("test.toml")) << text << "\n[store]\npath = \"" << folder.path("coldvigil.db") << "\"\n";
    return folder.path("test.toml");
  }
  finished_command dry_run(const std::string& url, const std::string& customer_keys, const words& more = {}) {
    const std::string file = config("[ingestion]\nread_timeout_ms = 300\n[[customer]]\ncode = \"A\"\nurl = \"" + url +
                                    "\"\n" + customer_keys);
    words all{"poll", "--dry-run", "--config", file, "--customer", "A"};
    all.insert(all.end(), more.begin(), more.end());
    return run(std::move(all));
  }
};

constexpr const char* two_readings = R"({"readings":[
  {"unit_id":"u1","facility_id":"f1","temperature":-4,"temperature_unit":"F","timestamp":"2026-01-01T01:00:00+01:00",
   "sensor_id":"probe"},
  {"unit_id":"u2","facility_id":"f1","temperature":null,"temperature_unit":"C","timestamp":"2026-01-01T00:00:00Z"}]})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(commands, workplace)

BOOST_AUTO_TEST_CASE(help_names_every_command_and_its_options) {
  const auto all = run({"--help"});
  BOOST_TEST(all.code == 0);
  for (const char* command : {"serve", "simulate", "evaluate", "backtest", "calibrate", "plot", "poll", "token",
                              "rules", "verify", "config", "train"}) {
    BOOST_TEST(says(all.out, std::string("\n  ") + command + " "), command);
    const auto one = run({command, "--help"});
    BOOST_TEST(one.code == 0, command);
    BOOST_TEST(says(one.out, "Usage: coldvigil " + std::string(command)), command);
  }
  BOOST_TEST(run({"--version"}).out.starts_with("coldvigil "));
}

BOOST_AUTO_TEST_CASE(config_prints_the_file_that_documents_every_key) {
  const auto done = run({"config"});
  BOOST_TEST(done.code == 0);
  BOOST_TEST((done.out == read_file(COLDVIGIL_SOURCE_DIR "/config/coldvigil.toml")));
}

BOOST_AUTO_TEST_CASE(a_wrong_call_ends_with_two_and_says_what_is_missing) {
  const std::string file = config("");
  const std::vector<std::pair<words, std::string>> wrong{
      {{}, "subcommand"},
      {{"frobnicate"}, "subcommand"},
      {{"serve"}, "--config is required"},
      {{"simulate"}, "--config is missing"},
      {{"poll", "--config", file, "--customer", "A"}, "--dry-run is required"},
      {{"token", "--config", file}, "the token needs a name"},
      {{"token", "--config", file, "--name", "n", "--permission", "owner"}, "--permission"},
      {{"serve", "--config", folder.path("none.toml")}, "none.toml"},
  };
  for (const auto& [arguments, part] : wrong) {
    const auto done = run(arguments);
    BOOST_TEST(done.code == 2, part);
    BOOST_TEST(says(done.errors, part), part << " is not in: " << done.errors);
  }
}

BOOST_AUTO_TEST_CASE(every_wrong_key_is_named_with_its_line_and_the_reason) {
  const std::string file = config("[server]\nprot = 1\nport = 99999");
  for (const char* command : {"serve", "simulate"}) {
    const auto done = run({command, "--config", file, "--set", "live.max_clients=many"});
    BOOST_TEST(done.code == 2);
    BOOST_TEST(done.out == "");
    BOOST_TEST(says(done.errors, "server.prot is no known key (" + file + " line 2): did you mean server.port?"));
    BOOST_TEST(says(done.errors, "server.port must be a whole number from 0 to 65535 (" + file + " line 3)"));
    BOOST_TEST(says(done.errors, "live.max_clients must be a whole number"));
    BOOST_TEST(says(done.errors, "(--set live.max_clients)"));
  }
}

BOOST_AUTO_TEST_CASE(verify_reads_a_store_that_is_there_and_makes_none) {
  const std::string file = config("");
  const auto missing = run({"verify", "--config", file});
  BOOST_TEST(missing.code == 2);
  BOOST_TEST(says(missing.errors, "there is no such database"));
  BOOST_TEST(!std::filesystem::exists(folder.path("coldvigil.db")));

  BOOST_TEST(run({"token", "--config", file, "--name", "n", "--permission", "admin"}).code == 0);
  const auto first = run({"verify", "--config", file});
  BOOST_TEST(first.code == 0);
  BOOST_TEST(says(first.out, "whole: 1 commits"));
  BOOST_TEST(run({"verify", "--config", file}).out == first.out);
}

BOOST_AUTO_TEST_CASE(a_dry_run_shows_rows_as_understood_and_stores_nothing) {
  const loopback_server endpoint(answering("application/json", two_readings));
  const auto done = dry_run(endpoint.url("/current"), "");
  BOOST_TEST(done.code == 0, done.errors);
  BOOST_TEST(
      done.out ==
      endpoint.url("/current") +
          "\n"
          "unit                  time (UTC)                °C         scale  sensor                refused because\n"
          "u1                    2026-01-01T00:00:00Z      -20.000    F      probe\n"
          "u2                    2026-01-01T00:00:00Z      -          C                            null_value\n"
          "2 rows, 2 units\n");
  BOOST_TEST(!std::filesystem::exists(folder.path("coldvigil.db")));

  const auto first = dry_run(endpoint.url(), "", {"--rows", "1"});
  BOOST_TEST(says(first.out, "\nu1 "));
  BOOST_TEST(!says(first.out, "\nu2 "));
  BOOST_TEST(first.out.ends_with("2 rows, 2 units\n"));
}

BOOST_AUTO_TEST_CASE(a_dry_run_names_what_the_mapping_misses) {
  const loopback_server json(answering("application/json", two_readings));
  const loopback_server csv(answering("text/csv", "unit_id,temp,timestamp\nu1,-20,2026-01-01T00:00:00Z\n"));
  const auto list = dry_run(json.url(), "[customer.fields]\nlist = \"data.items\"");
  BOOST_TEST(list.code == 1);
  BOOST_TEST(says(list.errors, "data.items"), list.errors);
  const auto column = dry_run(csv.url(), "format = \"csv\"");
  BOOST_TEST(column.code == 1);
  BOOST_TEST(says(column.errors, "the CSV has no column 'temperature'"), column.errors);
  const auto mended = dry_run(csv.url(), "format = \"csv\"\n[customer.fields]\ntemperature = \"temp\"");
  BOOST_TEST(mended.code == 0);
  BOOST_TEST(says(mended.out, "-20.000"));
  const auto wrong_kind = dry_run(csv.url(), "");
  BOOST_TEST(wrong_kind.code == 1);
  BOOST_TEST(says(wrong_kind.errors, "JSON"), wrong_kind.errors);
}

BOOST_AUTO_TEST_CASE(a_dry_run_names_an_endpoint_that_does_not_answer) {
  std::string gone;
  {
    const loopback_server closed(hang());
    gone = closed.url();
  }
  const auto dead = dry_run(gone, "");
  BOOST_TEST(dead.code == 1);
  BOOST_TEST(says(dead.errors, gone), dead.errors);
  const loopback_server silent(hang());
  BOOST_TEST(says(dry_run(silent.url(), "").errors, "silent for 300 ms"));
  const loopback_server broken(answer_with("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"));
  BOOST_TEST(says(dry_run(broken.url(), "").errors, "the endpoint answered 500"));

  const auto nobody = dry_run(gone, "", {"--history"});
  BOOST_TEST(nobody.code == 2);
  BOOST_TEST(says(nobody.errors, "history_url"), nobody.errors);
}

BOOST_AUTO_TEST_CASE(a_dry_run_sees_the_simulated_customers) {
  const std::string file = config("[simulation]\nenabled = true");
  for (const char* customer : {"A", "B"}) { // by JSON and by CSV
    const auto done = run({"poll", "--dry-run", "--config", file, "--customer", customer});
    BOOST_TEST(done.code == 0, done.errors);
    BOOST_TEST(says(done.out, std::string("unit_") + customer + "_1_1"), done.out);
  }
}

BOOST_AUTO_TEST_CASE(tokens_are_made_listed_and_revoked_while_the_server_is_stopped) {
  const std::string file = config("[[customer]]\ncode = \"A\"\nname = \"Anna\"");
  const auto made = run({"token", "--config", file, "--name", "night shift", "--customer", "A", "--days", "365"});
  BOOST_TEST(made.code == 0, made.errors);
  const std::string text = made.out.substr(0, made.out.find('\n'));
  BOOST_TEST(made.out == text + "\n");
  BOOST_TEST(text.size() >= 32U);

  const auto listed = run({"token", "--config", file, "--list"});
  BOOST_TEST(listed.code == 0);
  BOOST_TEST(says(listed.out, "night shift\tA\tread\t"), listed.out);
  BOOST_TEST(!says(listed.out, text));
  {
    running_server server(file, {}, folder.path("log"));
    BOOST_TEST(server.get("/api/v1/facilities", text).status == 200);
    BOOST_TEST(server.post("/api/v1/temperature", text, "{}").status == 403);
    const auto busy = run({"token", "--config", file, "--list"});
    BOOST_TEST(busy.code == 1);
    BOOST_TEST(says(busy.errors, "coldvigil.db"), busy.errors);
    server.process().signal(SIGTERM);
    BOOST_TEST((server.process().wait(start_patience_ms) == 0));
  }
  const auto revoked = run({"token", "--config", file, "--name", "night shift", "--revoke"});
  BOOST_TEST(revoked.out == "revoked: 1\n");
  BOOST_TEST(run({"token", "--config", file, "--name", "night shift", "--revoke"}).code == 2);
  const running_server server(file, {}, folder.path("log"));
  BOOST_TEST(server.get("/api/v1/facilities", text).status == 401);
}

BOOST_AUTO_TEST_CASE(a_token_says_why_it_is_not_made) {
  const std::string file = config("[[customer]]\ncode = \"A\"");
  const auto nobody = run({"token", "--config", file, "--name", "x", "--customer", "Z"});
  BOOST_TEST(nobody.code == 2);
  BOOST_TEST(says(nobody.errors, "there is no customer \"Z\""), nobody.errors);
  BOOST_TEST(says(run({"token", "--config", file, "--name", "x"}).errors, "must be an admin token"));
  BOOST_TEST(says(run({"token", "--config", file, "--name", "demo x"}).errors, "the demo's own"));
  for (const char* name : {"a\n\x1b[31mb", "\x7f",
                           "\xc2\x9b"
                           "31m"}) {
    const auto refused = run({"token", "--config", file, "--name", name, "--customer", "A"});
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(refused.out == "");
    BOOST_TEST(says(refused.errors, "control character"), refused.errors);
  }
  BOOST_TEST(run({"token", "--config", file, "--name", "Kühlraum", "--permission", "admin"}).code == 0);
}

BOOST_AUTO_TEST_CASE(simulate_serves_ten_customers_until_it_is_told_to_end) {
  const std::string file = config("[simulation]\nbase_port = 0");
  child_process program({COLDVIGIL_BINARY, "simulate", "--config", file}, folder.path("log"));
  std::map<std::string, std::string> urls;
  while (urls.size() < 10) {
    const auto line = program.read_line(start_patience_ms);
    BOOST_REQUIRE(line);
    const auto event = boost::json::parse(*line).as_object();
    urls[std::string(event.at("customer").as_string())] = std::string(event.at("url").as_string());
  }
  for (const auto& [customer, url] : urls)
    BOOST_TEST(call(port_of(url), {"GET", "/health", "", "", {}}, call_patience_ms).status == 200, customer);
  const auto readings = call(port_of(urls.at("A")), {"GET", "/temperature/current", "", "", {}}, call_patience_ms);
  BOOST_TEST(!boost::json::parse(readings.body).at("readings").as_array().empty());

  const auto taken =
      run({"simulate", "--config", file, "--set",
           "simulation.base_port=" + std::to_string(std::min(port_of(urls.at("A")), std::uint16_t{65526}))});
  BOOST_TEST(taken.code == 1);
  BOOST_TEST(says(taken.errors, "cannot listen"), taken.errors);

  program.signal(SIGTERM);
  BOOST_TEST((program.wait(start_patience_ms) == 0));
}

BOOST_AUTO_TEST_CASE(a_version_of_http_that_nobody_speaks_is_no_failure_of_the_server) {
  const std::string file = config("[log]\nlevel = \"debug\"\n[[customer]]\ncode = \"A\"");
  running_server server(file, {}, folder.path("log"));
  raw_connection connection(server.port, call_patience_ms);
  connection.send("GET /ping HTTP/3.0\r\nHost: x\r\n\r\n");
  BOOST_TEST(connection.read_reply().value_or(http_reply{}).status == 505);
  server.process().signal(SIGTERM);
  BOOST_TEST((server.process().wait(start_patience_ms) == 0));
  const std::string log = read_file(folder.path("log"));
  BOOST_TEST(says(log, "505"), log);
  BOOST_TEST(!says(log, "request_failed"), log);
}

BOOST_AUTO_TEST_CASE(a_second_start_on_the_same_port_leaves_the_first_ones_tokens) {
  const std::string file = config("[demo]\nenabled = true\n[[customer]]\ncode = \"A\"");
  const running_server server(file, {}, folder.path("log"));
  const std::string path = folder.path("tokens.json");
  struct stat about {};
  BOOST_REQUIRE(::stat(path.c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0600U);
  const std::string before = read_file(path);

  const auto second = run({"serve", "--config", file, "--set", "store.path=" + folder.path("other.db"), "--set",
                           "server.port=" + std::to_string(server.port)});
  BOOST_TEST(second.code == 1);
  BOOST_TEST(says(second.errors, "cannot listen"), second.errors);
  BOOST_TEST(second.out == "");
  BOOST_TEST(read_file(path) == before);
  const std::string admin(read_tokens(path).at("admin").as_string());
  BOOST_TEST(server.get("/api/v1/facilities", admin).status == 200);
}

BOOST_AUTO_TEST_CASE(rules_are_tried_over_what_a_stopped_server_has_stored) {
  const std::string file = config("[demo]\nenabled = true\n[[customer]]\ncode = \"A\"\n[[customer.unit]]\nfacility = "
                                  "\"f\"\ncode = \"u1\"\nset_temperature = -20.0\nlow_limit = -25.0\nhigh_limit = "
                                  "-15.0\n[[customer.unit]]\nfacility = \"f\"\ncode = \"in_f\"\nscale = \"F\"");
  {
    running_server server(file, {}, folder.path("log"));
    const std::string token(read_tokens(folder.path("tokens.json")).at("A").as_object().at("write").as_string());
    boost::json::array readings;
    for (int minute = 0; minute < 60; ++minute)
      readings.push_back({{"storage_unit_id", "u1"},
                          {"temperature", minute < 30 ? -20 : -17},
                          {"temperature_unit", "C"},
                          {"recorded_at", format_utc(from_ms(1'700'000'000'000) + std::chrono::minutes{minute})}});
    BOOST_REQUIRE(server.post("/api/v1/temperature", token, boost::json::serialize(readings)).status == 201);
    server.process().signal(SIGTERM);
    BOOST_TEST((server.process().wait(start_patience_ms) == 0));
  }
  const auto tried = run({"rules", "preview", "--config", file, "--unit", "u1", "--profile", "food_quick_frozen"});
  BOOST_TEST(tried.code == 0, tried.errors);
  BOOST_TEST(says(tried.out, "60 readings from 2023-11-14T22:13:20"), tried.out);
  BOOST_TEST(says(tried.out, "appears\t2023-11-14T22:43:20"), tried.out);
  BOOST_TEST(says(tried.out, "split 0; less than a day of readings says nothing of a month"), tried.out);
  const auto within = [&](const char* most) {
    return run({"rules", "preview", "--config", file, "--unit", "u1", "--profile", "food_quick_frozen", "--days", "1",
                "--set", std::string("server.max_preview_readings=") + most});
  };
  BOOST_TEST(within("60").code == 0);
  BOOST_TEST(within("59").code == 2);
  BOOST_TEST(says(within("59").errors, "more than 59 readings in that time (u1): ask for fewer days"));
  const std::string rules = folder.path("rules.json");
  std::ofstream(rules) << R"({"rules": [{"kind": "high_limit", "limit": -16}]})";
  const auto limit_of = [&](const char* scope) {
    return run({"rules", "preview", "--config", file, "--unit", "u1", "--rules", rules, "--scope", scope});
  };
  BOOST_TEST(limit_of("unit").code == 0);
  BOOST_TEST(limit_of("facility").code == 2);
  BOOST_TEST(says(limit_of("facility").errors, "#/rules/0/unit is needed, as unit in_f is shown in F"));
  const auto unknown = run({"rules", "preview", "--config", file, "--unit", "u9", "--profile", "food_quick_frozen"});
  BOOST_TEST(unknown.code == 2);
  BOOST_TEST(says(unknown.errors, "no such unit"), unknown.errors);
  const auto nothing = run({"rules", "preview", "--config", file, "--unit", "u1"});
  BOOST_TEST(nothing.code == 2);
  BOOST_TEST(says(nothing.errors, "--profile"), nothing.errors);
}

BOOST_AUTO_TEST_CASE(a_start_with_other_settings_is_an_entry_of_the_audit) {
  const std::string file = config("[demo]\nenabled = true\n[rules]\nconsecutive = 3\n");
  const auto entries_after = [&](const std::vector<std::string>& overrides) {
    running_server server(file, overrides, folder.path("log"));
    const std::string admin(read_tokens(folder.path("tokens.json")).at("admin").as_string());
    return server.json("/api/v1/audit?action=settings", admin).as_array();
  };
  const auto first = entries_after({});
  BOOST_REQUIRE(first.size() == 1U);
  BOOST_TEST(says(std::string(first[0].at("new_value").as_string()), "rules.consecutive = 3"));
  BOOST_TEST(entries_after({}).size() == 1U);
  const auto then = entries_after({"rules.consecutive=4"});
  BOOST_REQUIRE(then.size() == 2U);
  BOOST_TEST(then[0].at("action").as_string() == "settings.changed");
  BOOST_TEST(then[0].at("actor").as_string() == "configuration");
  BOOST_TEST(then[0].at("old_value").as_string() == "rules.consecutive = 3");
  BOOST_TEST(then[0].at("new_value").as_string() == "rules.consecutive = 4");
  BOOST_TEST(says(read_file(folder.path("log")), "settings_changed"));
}

BOOST_AUTO_TEST_CASE(what_a_wrong_clock_says_is_kept_apart_and_listed_and_never_the_latest) {
  const std::string file = config("[demo]\nenabled = true\n[[customer]]\ncode = \"A\"\n[[customer.unit]]\nfacility = "
                                  "\"f\"\ncode = \"u1\"\n");
  running_server server(file, {}, folder.path("log"));
  const std::string token(read_tokens(folder.path("tokens.json")).at("A").as_object().at("write").as_string());
  const auto post = [&](const std::string& at) {
    return server
        .post("/api/v1/temperature", token, R"({"storage_unit_id":"u1","temperature":-20,"recorded_at":")" + at + "\"}")
        .status;
  };
  BOOST_TEST(post("2026-11-01T00:00:00Z") == 201U);
  BOOST_TEST(post("2999-01-01T00:00:00Z") == 422U);
  BOOST_TEST(post("1970-01-01T00:00:10Z") == 422U);
  const auto latest = server.json("/api/v1/temperature/latest", token);
  BOOST_REQUIRE(latest.as_array().size() == 1U);
  BOOST_TEST(latest.at(0).at("recorded_at").as_string() == "2026-11-01T00:00:00Z");
  const auto apart = server.json("/api/v1/rejects?unit_code=u1", token);
  BOOST_REQUIRE(apart.as_array().size() == 2U);
  BOOST_TEST(apart.at(0).at("reason").as_string() == "bad_time");
  BOOST_TEST(apart.at(0).at("sent").as_string() == "1970-01-01T00:00:10Z");
  BOOST_TEST(apart.at(1).at("reason").as_string() == "future");
  BOOST_TEST(apart.at(1).at("recorded_at").as_string() == "2999-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(the_audit_says_by_whose_word_a_unit_is_known) {
  loopback_server endpoint(answering("application/json", two_readings));
  const std::string file = config("[demo]\nenabled = true\n[[customer]]\ncode = \"A\"\n[[customer.unit]]\nfacility = "
                                  "\"f\"\ncode = \"declared\"\n[[customer]]\ncode = \"B\"\nregister_units = true\n"
                                  "url = \"" +
                                  endpoint.url("/") + "\"");
  running_server server(file, {}, folder.path("log"));
  const std::string admin(read_tokens(folder.path("tokens.json")).at("admin").as_string());
  const auto why = [&](const char* unit) {
    const auto entries = server.json("/api/v1/audit?limit=1000", admin);
    for (const auto& each : entries.as_array())
      if (each.at("action").as_string() == "unit.registered" && each.at("subject").as_string() == unit)
        return std::string(each.at("actor").as_string()) + ": " + std::string(each.at("reason").as_string());
    return std::string();
  };
  BOOST_TEST(why("declared") == "configuration: declared in the configuration file");
  BOOST_TEST(eventually([&] { return !why("u1").empty(); }));
  BOOST_TEST(why("u1") == "poll:B: reported by the customer's source");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
