// Customers whose endpoints misbehave harm nobody else, and the list of polls shows each as what it is.
#include "core/time.hpp"
#include "tests/http_client/loopback_server.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>

namespace coldvigil::test {
namespace {

constexpr std::size_t longest_body = 65'536;
/// Every customer is polled until it has this many runs: what failed once is tried again, and changes nothing.
constexpr std::size_t rounds = 2;

std::string answer_text(const std::string& type, const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

loopback_server::behaviour flood() {
  return [](loopback_server::socket& connection, const std::string&) {
    boost::system::error_code error;
    boost::asio::write(connection, boost::asio::buffer(std::string("HTTP/1.1 200 OK\r\n\r\n")), error);
    const std::string piece(4'096, ' ');
    while (!error)
      boost::asio::write(connection, boost::asio::buffer(piece), error);
  };
}

/// One reading, measured when it is asked for.
loopback_server::behaviour well_behaved() {
  return [](loopback_server::socket& connection, const std::string& request) {
    answer_with(
        answer_text("application/json", R"({"readings":[{"unit_id":"u1","facility_id":"f1","temperature":-20.5,)"
                                        R"("temperature_unit":"C","timestamp":")" +
                                            format_utc(system_clock{}.now()) + "\"}]}"))(connection, request);
  };
}

struct customer {
  std::string code;
  std::string format;
  loopback_server::behaviour act;
  std::string told; ///< what the error of its polls says; empty = none
};

std::vector<customer> customers() {
  return {
      {"good", "json", well_behaved(), ""},
      {"hanging", "json", hang(), "silent for 300 ms"},
      {"stalled", "json", hang("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), "silent for 300 ms"},
      {"broken", "json", answer_with("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"),
       "the endpoint answered 500"},
      {"empty", "json", answer_with("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), "with an empty body"},
      {"redirecting", "json", answer_with("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
       "redirects are not followed"},
      {"half", "json", answer_with("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"readings\":["), "half a body"},
      {"silent", "json", answer_with(""), "closed without an answer"},
      {"nonsense", "json", answer_with("hello\r\n\r\n"), "the answer is not HTTP"},
      {"page", "json", answer_with(answer_text("text/html", "<!doctype html><p>Log in")), "the body is HTML or XML"},
      {"latin", "json", answer_with(answer_text("application/json", "{\"readings\":[{\"unit_id\":\"K\xFChlraum\"}]}")),
       "the body is not UTF-8"},
      {"column", "csv", answer_with(answer_text("text/csv", "unit_id,temperature\nu1,-20\n")),
       "the CSV has no column 'timestamp'"},
      {"endless", "json", flood(), "larger than 65536 bytes"},
      {"gigabyte", "json", answer_with("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n{"),
       "larger than 65536 bytes"},
  };
}

struct fixture {
  temp_dir folder;
  std::vector<customer> all = customers();
  std::vector<std::unique_ptr<loopback_server>> endpoints; ///< outlive the server: some wait for it to go
  std::unique_ptr<running_server> server;
  std::string admin, push;

  fixture() {
    std::ofstream config(folder.path("test.toml"));
    config << "[demo]\nenabled = true\n[ingestion]\nread_timeout_ms = 300\nbackoff_initial_ms = 50\n"
           << "backoff_max_ms = 100\nmax_body_bytes = " << longest_body << "\n"
           << "[[customer]]\ncode = \"push\"\nname = \"Push\"\n"
           << "[[customer.unit]]\nfacility = \"f1\"\ncode = \"p1\"\nset_temperature = -20.0\n";
    for (const customer& each : all) {
      endpoints.push_back(std::make_unique<loopback_server>(each.act));
      config << "[[customer]]\ncode = \"" << each.code << "\"\nformat = \"" << each.format << "\"\nurl = \""
             << endpoints.back()->url() << "\"\ninterval_seconds = 1\nregister_units = true\n";
    }
    config.close();
    server = std::make_unique<running_server>(folder.path("test.toml"),
                                              std::vector<std::string>{"store.path=" + folder.path("coldvigil.db")},
                                              folder.path("log"));
    const auto tokens = read_tokens(folder.path("tokens.json"));
    admin = std::string(tokens.at("admin").as_string());
    push = std::string(tokens.at("push").as_object().at("write").as_string());
  }

  [[nodiscard]] boost::json::array polls_of(const std::string& code) const {
    return server->json("/api/v1/polls?limit=1000&customer=" + code, admin).as_array();
  }
  [[nodiscard]] bool posted(int number) const {
    const std::string at = format_utc(system_clock{}.now() - std::chrono::minutes{number});
    return server
               ->post("/api/v1/temperature", push,
                      R"({"storage_unit_id":"p1","temperature":-20.5,"temperature_unit":"C","recorded_at":")" + at +
                          "\"}")
               .status == 201;
  }
};

void check_good(const boost::json::object& poll) {
  BOOST_TEST(poll.at("status").as_string() == "success");
  BOOST_TEST(poll.at("received").to_number<int>() == 1);
  BOOST_TEST(poll.at("stored").to_number<int>() == 1);
  BOOST_TEST(poll.at("error").is_null());
}

void check_bad(const boost::json::object& poll, const std::string& told) {
  BOOST_TEST(poll.at("status").as_string() == "failure");
  BOOST_TEST(poll.at("received").to_number<int>() == 0);
  BOOST_TEST(poll.at("stored").to_number<int>() == 0);
  const auto& error = poll.at("error");
  const std::string text(error.is_string() ? std::string(error.as_string()) : "no error");
  BOOST_TEST((text.find(told) != std::string::npos), "\"" << text << "\" does not say \"" << told << "\"");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(misbehaving, fixture)

BOOST_AUTO_TEST_CASE(bad_endpoints_are_named_and_harm_nobody_else) {
  for (const customer& each : all)
    BOOST_TEST_CONTEXT("customer " << each.code) {
      BOOST_TEST(eventually([&] { return polls_of(each.code).size() >= rounds; }));
      for (const auto& poll : polls_of(each.code)) {
        if (each.told.empty())
          check_good(poll.as_object());
        else
          check_bad(poll.as_object(), each.told);
      }
    }

  // Afterwards the good ones still go on: another poll, another post.
  const std::size_t before = polls_of("good").size();
  BOOST_TEST(eventually([&] { return polls_of("good").size() > before; }));
  BOOST_TEST(posted(1));
  BOOST_TEST(posted(2));
  const auto latest = server->json("/api/v1/temperature/latest", admin).as_array();
  BOOST_TEST(latest.size() == 2U);
  BOOST_TEST(server->get("/health", "").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
