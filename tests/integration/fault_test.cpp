// A database that refuses what the engine writes ends the process, and the next start goes on from what is committed.
#include "tests/integration/running_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <fstream>

namespace coldvigil::test {
namespace {

constexpr int exit_fault = 70;

/// Beside the server's own connection: WAL lets it in.
void run_sql(const std::string& file, const char* statement) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open(file.c_str(), &raw);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> session(raw, &sqlite3_close);
  sqlite3_busy_timeout(raw, 10'000);
  if (opened != SQLITE_OK || sqlite3_exec(raw, statement, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(raw));
}

std::string reading(int minute) {
  return R"({"storage_unit_id":"u1","temperature":-20,"recorded_at":"2026-01-01T00:0)" + std::to_string(minute) +
         R"(:00Z"})";
}

struct fixture {
  temp_dir folder;
  std::unique_ptr<running_server> server;
  std::string token;

  fixture() {
    std::ofstream(folder.path("config.toml"))
        << "[demo]\nenabled = true\n[[customer]]\ncode = \"A\"\nname = \"A\"\n"
           "[[customer.unit]]\nfacility = \"f1\"\ncode = \"u1\"\nset_temperature = -20.0\n";
    start();
  }
  void start() {
    server.reset();
    server = std::make_unique<running_server>(folder.path("config.toml"),
                                              std::vector<std::string>{"store.path=" + store(),
                                                                       "engine.shutdown_timeout_ms=1000",
                                                                       "server.answer_timeout_ms=2000"},
                                              folder.path("log"));
    token = std::string(read_tokens(folder.path("tokens.json")).at("A").as_object().at("write").as_string());
  }
  [[nodiscard]] std::string store() const { return folder.path("c.db"); }
  [[nodiscard]] std::size_t stored() const {
    return server
        ->json("/api/v1/temperature?unit_id=u1&start_date=2026-01-01T00:00:00Z&end_date=2026-01-02T00:00:00Z", token)
        .at("items")
        .as_array()
        .size();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(faults, fixture)

BOOST_AUTO_TEST_CASE(a_commit_that_is_refused_for_good_ends_the_process_and_loses_nothing) {
  BOOST_TEST(server->post("/api/v1/temperature", token, reading(1)).status == 201);
  run_sql(store(), "CREATE TRIGGER broken BEFORE INSERT ON commits BEGIN SELECT RAISE(ABORT, 'broken'); END");
  bool acknowledged = false;
  try {
    acknowledged = server->post("/api/v1/temperature", token, reading(2)).status == 201;
  } catch (const std::exception&) { // the connection ended with the process
  }
  BOOST_TEST(!acknowledged);
  BOOST_TEST(server->process().wait(start_patience_ms).value_or(-1) == exit_fault);
  BOOST_TEST(read_file(folder.path("log")).find("broken") != std::string::npos);
  run_sql(store(), "DROP TRIGGER broken");
  start();
  BOOST_TEST(stored() == 1U);
  BOOST_TEST(server->post("/api/v1/temperature", token, reading(2)).status == 201);
  BOOST_TEST(stored() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
