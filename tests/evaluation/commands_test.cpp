// The commands as people run them: a fleet through simulate, train, calibrate, backtest, evaluate and plot.
#include "core/utf8.hpp"
#include "tests/support/command_run.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace coldvigil {
namespace {

constexpr int patience_ms = 280'000;

using finished = test::finished_command;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct commands {
  test::temp_dir folder;
  int runs = 0;

  finished run(std::vector<std::string> arguments) {
    return test::run_command(std::move(arguments), folder.path("errors" + std::to_string(++runs)), patience_ms);
  }
  boost::json::value json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const finished done = run(std::move(arguments));
    BOOST_REQUIRE_MESSAGE(done.code == 0, done.errors);
    return boost::json::parse(done.out);
  }
  void export_fleet(const std::string& name, const std::string& seed = "7") {
    json({"simulate", "--export", folder.path(name), "--units", "20", "--days", "14", "--interval", "900", "--seed",
          seed, "--faults-per-unit", "1"});
  }
  /// Rooms of another generator with faults after eight days, every 15 and every 5 min; gives the script's exit code.
  int draw_other_fleet(const std::string& name, const std::string& seed, const std::string& days = "18") {
    test::child_process script({COLDVIGIL_SOURCE_DIR "/scripts/other-fleet", folder.path(name), "--seed", seed,
                                "--units", "6", "--days", days, "--training-days", "8", "--intervals", "15,5",
                                "--faults"},
                               folder.path("errors" + std::to_string(++runs)));
    return script.wait(patience_ms).value_or(-1);
  }
  /// Start and end of each row.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> events_of(const std::string& file) const {
    std::ifstream in(folder.path(file));
    std::string unit, start, end, kind;
    std::getline(in, kind); // the columns
    std::vector<std::pair<std::string, std::string>> events;
    while (std::getline(in, unit, ',') && std::getline(in, start, ',') && std::getline(in, end, ',') &&
           std::getline(in, kind))
      events.emplace_back(start, end);
    return events;
  }
  finished backtest(const std::string& fleet, const std::string& alarms, const std::string& scores,
                    std::vector<std::string> more = {}) {
    std::vector<std::string> all{"backtest",
                                 "--readings",
                                 folder.path(fleet + "/readings.csv"),
                                 "--units",
                                 folder.path(fleet + "/units.csv"),
                                 "--alarms",
                                 folder.path(alarms),
                                 "--scores",
                                 folder.path(scores)};
    all.insert(all.end(), more.begin(), more.end());
    return run(std::move(all));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(command_line, commands)

BOOST_AUTO_TEST_CASE(a_door_ajar_is_found_by_how_the_temperature_moves_where_the_compressor_holds_it) {
  json({"simulate", "--export", folder.path("doors"), "--units", "32", "--days", "24", "--seed", "9", "--faults",
        "door_ajar", "--faults-per-unit", "4", "--kinds", "chilled_room,freezer"});
  BOOST_TEST(backtest("doors", "a.csv", "s.csv", {"--train-until", "2026-01-15"}).code == 0);
  const auto report =
      json({"evaluate", "--alarms", folder.path("a.csv"), "--labels", folder.path("doors/labels.csv"), "--readings",
            folder.path("doors/readings.csv"), "--units", folder.path("doors/units.csv"), "--skip-days", "10"});
  const auto& alarms = report.at("rows").as_array()[0];
  BOOST_TEST(alarms.at("all").at("recall").at("estimate").to_number<double>() > 0.6); // 0.50 without the network
  std::ifstream in(folder.path("a.csv"));
  std::size_t by_shape = 0;
  for (std::string line; std::getline(in, line);)
    by_shape += line.find("the temperature moves as with a door ajar") != std::string::npos ? 1 : 0;
  BOOST_TEST(by_shape > 10U);
}

BOOST_AUTO_TEST_CASE(a_fleet_goes_through_all_commands) {
  export_fleet("fleet");
  BOOST_TEST(
      backtest("fleet", "a.csv", "s.csv",
               {"--train-until", "2026-01-15", "--budget", "1", "--model", COLDVIGIL_SOURCE_DIR "/model/default.cvm"})
          .code == 0);
  const auto report = json({"evaluate", "--alarms", folder.path("a.csv"), "--labels", folder.path("fleet/labels.csv"),
                            "--readings", folder.path("fleet/readings.csv"), "--units", folder.path("fleet/units.csv"),
                            "--scores", folder.path("s.csv"), "--skip-days", "10"});
  const auto& rows = report.at("rows").as_array();
  BOOST_REQUIRE(rows.size() == 4U);
  BOOST_TEST(rows[0].at("name").as_string() == "alarms");
  BOOST_TEST(rows[0].at("all").at("faults").to_number<int>() > 8);
  BOOST_TEST(rows[0].at("all").at("recall").at("estimate").to_number<double>() >=
             rows[3].at("all").at("recall").at("estimate").to_number<double>());
  const double area = report.at("scores").at("auc_pr").to_number<double>();
  BOOST_TEST((area > 0 && area <= 1));

  json({"plot", "--readings", folder.path("fleet/readings.csv"), "--unit", "u000003", "--units",
        folder.path("fleet/units.csv"), "--scores", folder.path("s.csv"), "--alarms", folder.path("a.csv"), "--labels",
        folder.path("fleet/labels.csv"), "--out", folder.path("p.svg")});
  BOOST_TEST(content(folder.path("p.svg")).starts_with("<svg"));
}

BOOST_AUTO_TEST_CASE(the_same_file_and_model_give_the_same_bytes) {
  export_fleet("one");
  export_fleet("again");
  export_fleet("other", "8");
  for (const char* file : {"/readings.csv", "/units.csv", "/labels.csv"})
    BOOST_TEST(content(folder.path("one") + file) == content(folder.path("again") + file));
  BOOST_TEST(content(folder.path("one/readings.csv")) != content(folder.path("other/readings.csv")));
  BOOST_TEST(backtest("one", "a1.csv", "s1.csv").code == 0);
  BOOST_TEST(backtest("again", "a2.csv", "s2.csv").code == 0);
  BOOST_TEST(content(folder.path("s1.csv")) == content(folder.path("s2.csv")));
  BOOST_TEST(content(folder.path("a1.csv")) == content(folder.path("a2.csv")));
}

BOOST_AUTO_TEST_CASE(rooms_of_another_generator_are_drawn_and_judged) {
  BOOST_TEST(draw_other_fleet("one", "1") == 0);
  BOOST_TEST(draw_other_fleet("again", "1") == 0);
  BOOST_TEST(draw_other_fleet("other", "2") == 0);
  BOOST_TEST(draw_other_fleet("short", "1", "8") == 2);
  for (const char* interval : {"15min", "5min"}) {
    const std::string one = std::string("one/") + interval;
    for (const char* file : {"/readings.csv", "/units.csv", "/labels.csv", "/incidents.csv"})
      BOOST_TEST(content(folder.path(one + file)) == content(folder.path("again/" + std::string(interval) + file)));
    BOOST_TEST(content(folder.path(one + "/readings.csv")) !=
               content(folder.path("other/" + std::string(interval) + "/readings.csv")));

    // They begin on 2025-09-01: faults are in the last ten days, incidents in the first eight.
    const auto labels = events_of(one + "/labels.csv"), incidents = events_of(one + "/incidents.csv");
    BOOST_TEST(labels.size() > 5U);
    BOOST_TEST(!incidents.empty());
    for (const auto& [start, end] : labels)
      BOOST_TEST(("2025-09-09" < start && start < end && end < "2025-09-19"), start << " " << end);
    for (const auto& [start, end] : incidents)
      BOOST_TEST(("2025-09-01" < start && start < end && end < "2025-09-09"), start << " " << end);

    BOOST_TEST(backtest(one, "a.csv", "s.csv", {"--train-until", "2025-09-09"}).code == 0);
    const auto report =
        json({"evaluate", "--alarms", folder.path("a.csv"), "--labels", folder.path(one + "/labels.csv"), "--readings",
              folder.path(one + "/readings.csv"), "--units", folder.path(one + "/units.csv"), "--skip-days", "8"});
    BOOST_TEST(report.at("rows").at(0).at("all").at("faults").to_number<std::size_t>() == labels.size());
  }
}

BOOST_AUTO_TEST_CASE(a_model_is_trained_and_calibrated_and_used) {
  export_fleet("fleet");
  const std::string readings = folder.path("fleet/readings.csv");
  json({"train", "--readings", readings, "--units", folder.path("fleet/units.csv"), "--out", folder.path("models/new"),
        "--epochs", "1"});
  const auto fitted = json({"calibrate", "--readings", readings, "--model", folder.path("models/new"), "--budget",
                            "0.5", "--out", folder.path("calibrated.cvm")});
  BOOST_TEST(fitted.at("unit_months").to_number<double>() > 4);
  const finished used = backtest("fleet", "a.csv", "s.csv", {"--model", folder.path("calibrated.cvm"), "--json"});
  BOOST_TEST(boost::json::parse(used.out).at("threshold").to_number<double>() ==
             fitted.at("threshold").to_number<double>());
  const auto said = boost::json::parse(used.out).at("time_to_breach").as_object();
  BOOST_TEST(said.at("readings").to_number<std::uint64_t>() > 0U);
  for (const char* horizon : {"minutes", "six_hours", "day", "later"})
    BOOST_TEST(said.at(horizon).at("said").to_number<std::uint64_t>() >=
               said.at(horizon).at("came_true").to_number<std::uint64_t>());
  const finished strict =
      backtest("fleet", "a.csv", "s.csv", {"--model", folder.path("calibrated.cvm"), "--json", "--budget", "0.1"});
  BOOST_TEST(boost::json::parse(strict.out).at("threshold").to_number<double>() >
             fitted.at("threshold").to_number<double>());
  BOOST_TEST(backtest("fleet", "a.csv", "s.csv", {"--model", folder.path("models/new"), "--autoencoder"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_folder_of_models_stands_for_its_active_or_only_one) {
  export_fleet("fleet");
  const std::string readings = folder.path("fleet/readings.csv"), models = folder.path("models");
  const auto train = [&](const std::string& seed) {
    const auto made = json({"train", "--readings", readings, "--out", models, "--epochs", "1", "--seed", seed});
    return std::string(made.at("file").as_string());
  };
  const auto sha_of = [&](const std::string& model) {
    const finished used = backtest("fleet", "a.csv", "s.csv", {"--model", model, "--json"});
    BOOST_REQUIRE_MESSAGE(used.code == 0, used.errors);
    return boost::json::parse(used.out).at("model_sha256");
  };
  const std::string first = train("1");
  const std::string version = std::filesystem::path(first).stem().string();
  BOOST_TEST(sha_of(models) == sha_of(first));
  const std::string second = train("2");
  const finished which = backtest("fleet", "a.csv", "s.csv", {"--model", models});
  BOOST_TEST(which.code == 2);
  BOOST_TEST(which.errors.find("2 models") != std::string::npos, which.errors);
  json({"models", "activate", version, "--folder", models});
  BOOST_TEST(sha_of(models) == sha_of(first));
  const auto fitted = json({"calibrate", "--readings", readings, "--model", models, "--out", folder.path("fitted")});
  BOOST_TEST(std::filesystem::path(fitted.at("out").as_string().c_str()).parent_path() == folder.path("fitted"));
  BOOST_TEST(fitted.at("rows_left_out").to_number<int>() == 0);
  const finished none = backtest("fleet", "a.csv", "s.csv", {"--model", folder.path("fleet")});
  BOOST_TEST(none.code == 2);
  BOOST_TEST(none.errors.find("no model in this folder") != std::string::npos, none.errors);
}

BOOST_AUTO_TEST_CASE(a_model_that_is_no_plain_file_is_refused_at_once) {
  const std::string pipe = folder.path("pipe.cvm");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::ofstream(folder.path("r.csv")) << "unit_id,timestamp,temperature\nu1,2026-01-05T00:00:00Z,-20\n";
  for (const std::string& model : {pipe, std::string("/dev/zero")}) {
    const finished read =
        run({"backtest", "--readings", folder.path("r.csv"), "--alarms", folder.path("a.csv"), "--model", model});
    BOOST_TEST(read.code == 2);
    BOOST_TEST(read.errors.find("no plain file") != std::string::npos, read.errors);
  }
  const finished written = run({"train", "--readings", folder.path("r.csv"), "--out", pipe});
  BOOST_TEST(written.code == 2);
  BOOST_TEST(written.errors.find("no plain file") != std::string::npos, written.errors);
  const finished active = run({"models", "activate", pipe, "--folder", folder.path("models")});
  BOOST_TEST(active.code == 2);
  BOOST_TEST(active.errors.find("no plain file") != std::string::npos, active.errors);
}

BOOST_AUTO_TEST_CASE(what_is_left_out_of_a_file_is_said_by_all_who_read_it) {
  std::ofstream file(folder.path("r.csv"));
  file << "unit_id,timestamp,temperature\n";
  for (int i = 0; i < 200; ++i)
    file << "K\xFChl," << 1'767'571'200 + 300 * (i % 100) << ",-20\nK\xFChl,soon,-20\n"; // the second half is late
  file.close();
  const std::string readings = folder.path("r.csv");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"backtest", "--readings", readings, "--alarms", folder.path("a.csv"), "--json"},
           {"calibrate", "--readings", readings, "--json"}}) {
    const finished done = run(arguments);
    BOOST_TEST(done.code == 0);
    BOOST_TEST(done.errors.find("200 rows left out") != std::string::npos, done.errors);
    BOOST_TEST(done.errors.find("more than 64 places too late") != std::string::npos, done.errors);
    const auto said = boost::json::parse(done.out);
    BOOST_TEST(said.at("rows_left_out").to_number<int>() == 200);
    BOOST_TEST(said.at("readings_too_late").to_number<int>() > 0);
  }
  json({"plot", "--readings", readings, "--unit", "K\xFChl", "--out", folder.path("p.svg")});
  BOOST_TEST(content(folder.path("p.svg")).find("<title>K\xC3\xBChl</title>") != std::string::npos);
  std::ofstream(folder.path("odd.csv")) << "unit_id,timestamp,temperature\n"
                                        << "a\x96\x01\xFC<&\xC3\xED\xA0\x80,2026-01-05T00:00:00Z,-20\n";
  std::ofstream(folder.path("labels.csv")) << "unit_id,start,end,kind\na\x96\x01\xFC<&\xC3\xED\xA0\x80,"
                                           << "2026-01-04T00:00:00Z,2026-01-06T00:00:00Z,\x84quoted\x93 \xFF\n";
  json({"plot", "--readings", folder.path("odd.csv"), "--labels", folder.path("labels.csv"), "--out",
        folder.path("odd.svg")});
  const std::string odd = content(folder.path("odd.svg"));
  BOOST_TEST(!first_invalid_utf8(odd));
  BOOST_TEST(odd.find("<title>a\xE2\x80\x93\xC3\xBC&lt;&amp;") != std::string::npos);
  BOOST_TEST(odd.find("\xE2\x80\x9Equoted\xE2\x80\x9C") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_model_is_made_active_and_taken_back) {
  const std::string models = folder.path("models");
  const auto models_of = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "models");
    arguments.insert(arguments.end(), {"--folder", models});
    return arguments;
  };
  const auto first = json(models_of({"list"}));
  BOOST_REQUIRE(first.as_array().size() == 1U);
  BOOST_TEST(first.at(0).at("version").as_string() == "shipped");
  BOOST_TEST(first.at(0).at("active").as_bool());

  export_fleet("fleet");
  json({"train", "--readings", folder.path("fleet/readings.csv"), "--out", folder.path("new.cvm"), "--epochs", "1"});
  const auto active = json(models_of({"activate", folder.path("new.cvm")}));
  const std::string version(active.at("active").as_string());
  const auto all = json(models_of({"list"}));
  BOOST_REQUIRE(all.as_array().size() == 2U);
  BOOST_TEST(all.at(1).at("version").as_string() == version);
  BOOST_TEST(all.at(1).at("active").as_bool());
  BOOST_TEST(json(models_of({"rollback"})).at("active").as_string() == "shipped");
  BOOST_TEST(json(models_of({"activate", version.substr(0, 4)})).at("active").as_string() == version);
  for (const auto& wrong : {models_of({"activate", folder.path("fleet/readings.csv")}), models_of({"activate", "none"}),
                            models_of({"list", "--folder"}), models_of({})})
    BOOST_TEST(run(wrong).code == 2);
}

BOOST_AUTO_TEST_CASE(too_little_to_calibrate_on_is_said_and_the_shipped_threshold_used) {
  export_fleet("fleet");
  std::ifstream all(folder.path("fleet/readings.csv"));
  std::ofstream one(folder.path("one.csv"));
  for (std::string line; std::getline(all, line);)
    if (line.starts_with("unit_id") || line.starts_with("u000001,")) one << line << "\n";
  one.close();
  const finished done =
      run({"backtest", "--readings", folder.path("one.csv"), "--alarms", folder.path("a.csv"), "--json"});
  BOOST_TEST(done.code == 0);
  BOOST_TEST(done.errors.find("too little") != std::string::npos);
  const double above = boost::json::parse(done.out).at("threshold").to_number<double>();
  BOOST_TEST(std::abs(above - 1) < 0.1);
  const finished said = run({"backtest", "--readings", folder.path("one.csv"), "--alarms", folder.path("a.csv")});
  BOOST_TEST(said.errors.find("the one that ships is used") != std::string::npos, said.errors);
  BOOST_TEST(said.out.find("the threshold is the one that ships for 0.5 false alarms a unit-month\n") !=
                 std::string::npos,
             said.out);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_and_files_end_with_two_and_a_sentence) {
  export_fleet("fleet");
  const std::string readings = folder.path("fleet/readings.csv");
  const std::string labels = folder.path("fleet/labels.csv");
  const std::vector<std::vector<std::string>> wrong{
      {"simulate"},
      {"simulate", "--export", folder.path("x"), "--faults", "flood"},
      {"simulate", "--export", folder.path("x"), "--kinds", "sauna"},
      {"simulate", "--export", folder.path("x"), "--magnitude", "2:1"},
      {"simulate", "--export", folder.path("x"), "--days", "5"},
      {"simulate", "--export", readings},
      {"simulate", "--export", folder.path("x"), "--clean-share", "nan"},
      {"simulate", "--export", folder.path("x"), "--heat-wave", "nan"},
      {"train", "--readings", readings, "--out", folder.path("x.cvm"), "--quantile", "nan"},
      {"backtest", "--readings", folder.path("none.csv"), "--alarms", folder.path("a.csv")},
      {"backtest", "--readings", labels, "--alarms", folder.path("a.csv")},
      {"backtest", "--readings", readings, "--alarms", folder.path("none/a.csv")},
      {"backtest", "--readings", readings, "--alarms", folder.path("a.csv"), "--model", readings},
      {"backtest", "--readings", readings, "--alarms", folder.path("a.csv"), "--train-until", "soon"},
      {"backtest", "--readings", readings, "--alarms", folder.path("a.csv"), "--budget", "0"},
      {"evaluate", "--alarms", labels, "--labels", labels, "--readings", readings},
      {"calibrate", "--readings", readings, "--until", "soon"},
      {"calibrate", "--budget", "1"},
      {"plot", "--readings", readings, "--unit", "nobody", "--out", folder.path("p.svg")},
      {"plot", "--readings", readings, "--out", folder.path("none/p.svg")},
      {"train", "--readings", readings, "--out", folder.path("none/x.cvm")},
  };
  for (const auto& arguments : wrong) {
    std::string text;
    for (const std::string& each : arguments)
      text += " " + each;
    const finished done = run(arguments);
    BOOST_TEST(done.code == 2, text << ": " << done.code << " " << done.errors);
    BOOST_TEST(done.errors.size() > 20U, text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_a_file_that_has_it_not_is_said) {
  const auto says = [&](std::vector<std::string> arguments, const std::string& what, int code = 2) {
    const finished done = run(std::move(arguments));
    BOOST_TEST(done.code == code, done.code << " " << done.errors);
    BOOST_TEST(done.errors.find(what) != std::string::npos, done.errors);
  };
  const std::string readings = folder.path("r.csv"), bad = folder.path("bad.csv"), alarms = folder.path("a.csv");
  std::ofstream(readings) << "unit_id,timestamp,temperature\nu1,2026-01-05T00:00:00Z,-20\n";
  std::ofstream(bad) << "unit_id,timestamp,temperature\nu1,05.01.2026 later,-20\nu1,2026-01-05T00:00:00Z,cold\n";
  std::ofstream(folder.path("u.csv")) << "unit_id,low,high\nU1,-30,-10\nu1,-30,-10\n";
  says({"backtest", "--readings", bad, "--alarms", alarms}, "no usable row: line 2: ");
  says({"backtest", "--readings", readings, "--alarms", alarms, "--train-until", "2026-02-01"},
       "the last reading, of 2026-01-05T00:00:00");
  says({"backtest", "--readings", readings, "--alarms", alarms, "--units", folder.path("u.csv")},
       "1 of 2 units have no readings", 0);
  says({"plot", "--readings", readings, "--out", folder.path("p.svg"), "--from", "2026-02-01"}, "of another time");
  says({"plot", "--readings", readings, "--out", folder.path("p.png")}, "name one that ends in .svg");
  says({"plot", "--readings", readings, "--out", "/dev/stdout"}, "", 0);
  says({"simulate", "--export", folder.path("x"), "--units", "2", "--days", "11", "--faults", "unseen"},
       "none of these faults fits on these units into the 1 day after the 10 clean ones");
  says({"simulate", "--export", folder.path("x"), "--units", "2", "--days", "11", "--clean-share", "1"}, "", 0);
  says({"plot", "--readings", readings, "--out", folder.path("p.svg"), "--from", "1767571200"}, "", 0);
  std::ofstream(folder.path("c.toml")) << "[store]\npath = \"" << folder.path("none.db") << "\"\n";
  for (const auto& command : std::vector<std::vector<std::string>>{{"backtest", "--alarms", alarms}, {"calibrate"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--from-store", "--config", folder.path("c.toml")});
    says(arguments, "there is no store");
  }
  BOOST_TEST(!std::filesystem::exists(folder.path("none.db")));
}

BOOST_AUTO_TEST_CASE(no_command_writes_over_its_own_input_nor_leaves_half_a_file) {
  const std::string readings = folder.path("r.csv");
  const std::string rows = "unit_id,timestamp,temperature\nu1,2026-01-05T00:00:00Z,-20\n";
  std::ofstream(readings) << rows;
  std::ofstream(folder.path("old.csv")) << "of before\n";
  const auto run_with = [&](const std::string& alarms, const std::string& scores, std::vector<std::string> more = {}) {
    std::vector<std::string> all{"backtest", "--readings", readings, "--alarms", alarms, "--scores", scores};
    all.insert(all.end(), more.begin(), more.end());
    return run(std::move(all));
  };
  for (const auto& [alarms, scores] : {std::pair{readings, folder.path("s.csv")},
                                       {folder.path("a.csv"), readings},
                                       {folder.path("a.csv"), folder.path("a.csv")}}) {
    const finished done = run_with(alarms, scores);
    BOOST_TEST(done.code == 2);
    BOOST_TEST(done.errors.find("own name") != std::string::npos, done.errors);
  }
  BOOST_TEST(run_with(folder.path("old.csv"), folder.path("s.csv"), {"--model", readings}).code == 2);
  BOOST_TEST(run_with(folder.path("a.csv"), folder.path("s.csv"), {"--budget", "nan"}).code == 2);
  BOOST_TEST(content(readings) == rows);
  BOOST_TEST(content(folder.path("old.csv")) == "of before\n");
  for (const auto& left : std::filesystem::directory_iterator(folder.path()))
    BOOST_TEST(left.path().extension() != ".part", left.path());
}

BOOST_AUTO_TEST_CASE(rows_of_a_lost_clock_change_nothing_for_anybody_else) {
  json({"simulate", "--export", folder.path("fleet"), "--units", "24", "--days", "15", "--interval", "900",
        "--faults-per-unit", "1"});
  const std::string readings = folder.path("fleet/readings.csv");
  const auto all_of = [this](const std::string& name) {
    const finished done = backtest("fleet", name + ".a.csv", name + ".s.csv", {"--json"});
    BOOST_REQUIRE_MESSAGE(done.code == 0, done.errors);
    const auto report = json({"evaluate", "--alarms", folder.path(name + ".a.csv"), "--labels",
                              folder.path("fleet/labels.csv"), "--readings", folder.path("fleet/readings.csv")});
    BOOST_TEST(done.errors.find("too little") == std::string::npos, done.errors);
    BOOST_TEST((done.errors.find("more than a day from all others") != std::string::npos) == (name == "odd"));
    return std::tuple{boost::json::parse(done.out).at("threshold"), report, content(folder.path(name + ".a.csv")),
                      content(folder.path(name + ".s.csv"))};
  };
  const auto plain = all_of("plain");
  const std::string rows = content(readings);
  const std::size_t header = rows.find('\n') + 1;
  std::ofstream(readings, std::ios::trunc) << rows.substr(0, header) << "u000001,1970-01-01T00:00:00Z,-20\n"
                                           << rows.substr(header) << "u000002,2099-01-01T00:00:00Z,-20\n";
  const auto odd = all_of("odd");
  const std::vector<std::string> plot{"plot",  "--readings",        readings, "--unit", "u000001",
                                      "--out", folder.path("p.svg")};
  BOOST_TEST(json(plot).at("from").as_string().starts_with("2026"));
  auto asked_for = plot;
  asked_for.insert(asked_for.end(), {"--from", "1970-01-01"});
  BOOST_TEST(json(asked_for).at("from").as_string().starts_with("1970"));
  BOOST_TEST((std::get<0>(odd) == std::get<0>(plain)));
  BOOST_TEST((std::get<1>(odd) == std::get<1>(plain)));
  BOOST_TEST((std::get<2>(odd) == std::get<2>(plain)));
  BOOST_TEST((std::get<3>(odd) == std::get<3>(plain)));
}

BOOST_AUTO_TEST_CASE(no_command_reads_what_is_no_plain_file) {
  const std::string pipe = folder.path("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string rows = "unit_id,timestamp,temperature,start,end,kind,opened_at,score\n";
  const std::string good = folder.path("r.csv"), out = folder.path("o.csv"), picture = folder.path("o.svg");
  std::ofstream(good) << rows << "u,2026-01-05T00:00:00Z,-20,2026-01-05,2026-01-06,x,2026-01-05T00:00:00Z,1\n";
  for (const auto& [command, options] : std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>>{
           {{"train", "--out", folder.path("m.cvm")}, {"--readings", "--units"}},
           {{"backtest", "--alarms", out}, {"--readings", "--units", "--model"}},
           {{"calibrate"}, {"--readings", "--model"}},
           {{"evaluate"}, {"--readings", "--alarms", "--labels", "--units", "--scores"}},
           {{"plot", "--out", picture}, {"--readings", "--units", "--scores", "--alarms", "--labels"}}})
    for (const std::string& wrong : options) {
      auto arguments = command;
      for (const std::string& option : options)
        if (option == wrong || option != "--model")
          arguments.insert(arguments.end(), {option, option == wrong ? pipe : good});
      const finished done = run(arguments);
      BOOST_TEST(done.code == 2, command.front() << " " << wrong << ": " << done.code);
      BOOST_TEST(done.errors.find("no plain file") != std::string::npos, command.front()
                                                                             << " " << wrong << ": " << done.errors);
    }
  BOOST_TEST((!std::filesystem::exists(out) && !std::filesystem::exists(picture)));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_told_before_the_work) {
  const std::string readings = folder.path("r.csv");
  std::ofstream(readings) << "unit_id,timestamp,temperature\nu1,2026-01-05T00:00:00Z,-20\n";
  std::filesystem::create_directory(folder.path("folder"));
  const std::vector<std::string> train{"train", "--readings", readings, "--out"},
      calibrate{"calibrate", "--readings", readings, "--out"}, plot{"plot", "--readings", readings, "--out"},
      backtest{"backtest", "--readings", readings, "--alarms"};
  for (auto [arguments, out] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{{train, "/proc/m.cvm"},
                                                                     {train, "/proc/models"},
                                                                     {train, folder.path("none/m.cvm")},
                                                                     {calibrate, "/proc/m.cvm"},
                                                                     {calibrate, readings},
                                                                     {plot, "/proc/p.svg"},
                                                                     {plot, folder.path("folder")},
                                                                     {plot, folder.path("none/p.svg")},
                                                                     {backtest, "/proc/a.csv"},
                                                                     {backtest, folder.path("folder")}}) {
    arguments.push_back(out);
    const finished done = run(arguments);
    BOOST_TEST(done.code == 2, arguments.front() << " " << out << ": " << done.code);
    BOOST_TEST(done.errors.find("epoch") == std::string::npos, done.errors); // of a training
    BOOST_TEST(done.errors.size() > 20U);
  }
  const std::string config = folder.path("c.toml"), store = folder.path("store.db");
  std::ofstream(config) << "[store]\npath = \"" << store << "\"\n";
  for (const std::string& own : {config, store}) {
    const finished done = run({"backtest", "--from-store", "--config", config, "--alarms", own});
    BOOST_TEST(done.code == 2);
    BOOST_TEST(done.errors.find("own name") != std::string::npos, done.errors);
  }
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path("folder")), {}) == 0);
}

BOOST_AUTO_TEST_CASE(an_interrupted_backtest_leaves_nothing_behind) {
  export_fleet("fleet");
  const std::string pipe = folder.path("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::ofstream(folder.path("a.csv")) << "of before\n";
  test::child_process program({COLDVIGIL_BINARY, "backtest", "--readings", folder.path("fleet/readings.csv"),
                               "--alarms", folder.path("a.csv"), "--scores", pipe},
                              folder.path("errors"));
  const int reader = ::open(pipe.c_str(), O_RDONLY); // waits until the scores are opened, which is after the alarms
  const auto drafts = [this] {
    return std::count_if(std::filesystem::directory_iterator(folder.path()), {},
                         [](const auto& each) { return each.path().extension() == ".part"; });
  };
  BOOST_TEST(drafts() == 1);
  program.signal(SIGINT); // nobody reads the scores: it cannot have ended
  BOOST_TEST(program.wait(patience_ms).value_or(-1) == 128 + SIGINT);
  ::close(reader);
  BOOST_TEST(drafts() == 0);
  BOOST_TEST(content(folder.path("a.csv")) == "of before\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
