#include "client_fixture.hpp"
#include "loopback_server.hpp"

#include <boost/asio/write.hpp>

#include <atomic>
#include <mutex>

namespace coldvigil {
namespace {

const std::string ok_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

std::string ok(const std::string& body) {
  return ok_head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string problem_with(const std::string& answer, const http_client_options& options = {}) {
  loopback_server server(answer_with(answer));
  return client_fixture(options).problem(server.url());
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_client_fetch)

BOOST_AUTO_TEST_CASE(a_body_arrives_in_every_framing) {
  const std::vector<std::string> answers{
      ok("{\"a\":1}"), ok_head + "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
      ok_head + "Connection: close\r\n\r\n{\"a\":1}",
      "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":1}"};
  for (const auto& answer : answers) {
    loopback_server server(answer_with(answer));
    const auto got = client_fixture().get(server.url());
    BOOST_REQUIRE_MESSAGE(got.ok(), (got ? "" : got.error().text()));
    BOOST_TEST(got->status == 200u);
    BOOST_TEST(got->content_type == "application/json");
    BOOST_TEST(got->body == "{\"a\":1}");
  }
}

BOOST_AUTO_TEST_CASE(no_content_is_an_empty_answer) {
  loopback_server server(answer_with("HTTP/1.1 204 No Content\r\n\r\n"));
  const auto got = client_fixture().get(server.url());
  BOOST_REQUIRE(got.ok());
  BOOST_TEST(got->status == 204u);
  BOOST_TEST(got->body.empty());
}

BOOST_AUTO_TEST_CASE(request_carries_target_host_and_credentials) {
  std::string seen;
  std::mutex guard;
  loopback_server server([&](loopback_server::socket& connection, const std::string& request) {
    const std::lock_guard lock(guard);
    seen = request;
    answer_with(ok(""))(connection, request);
  });
  client_fixture client;
  http_fetch what{server.url("/p?hours=0.5")};
  what.user = "me";
  what.password = "open sesame";
  BOOST_TEST(client.get(what).ok());
  {
    const std::lock_guard lock(guard);
    BOOST_CHECK(mentions(seen, "GET /p?hours=0.5 HTTP/1.1\r\n"));
    BOOST_CHECK(mentions(seen, "Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
    BOOST_CHECK(mentions(seen, "Authorization: Basic bWU6b3BlbiBzZXNhbWU=\r\n"));
  }
  http_fetch with_header{server.url()};
  with_header.header_name = "X-Api-Key";
  with_header.header_value = "k";
  BOOST_TEST(client.get(with_header).ok());
  const std::lock_guard lock(guard);
  BOOST_CHECK(mentions(seen, "X-Api-Key: k\r\n"));
}

BOOST_AUTO_TEST_CASE(names_are_looked_up) {
  loopback_server server(answer_with(ok("x")));
  client_fixture client;
  BOOST_TEST(client.get("http://localhost:" + std::to_string(server.port()) + "/").ok());
  BOOST_CHECK(mentions(client.problem("http://no-such-host.invalid/"), "no-such-host.invalid"));
}

BOOST_AUTO_TEST_CASE(other_statuses_say_what_they_are) {
  BOOST_CHECK(mentions(problem_with("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"),
                       "the endpoint answered 500 Internal Server Error (http://127.0.0.1:"));
  BOOST_CHECK(mentions(problem_with("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), "answered 401"));
  BOOST_CHECK(mentions(problem_with("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n"),
                       "redirects (302)"));
  BOOST_CHECK(mentions(problem_with("HTTP/1.1 100 Continue\r\n\r\n"), "answered 100"));
}

BOOST_AUTO_TEST_CASE(a_failing_status_does_not_wait_for_its_body) {
  loopback_server server(hang("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 1000\r\n\r\n"));
  BOOST_CHECK(mentions(client_fixture().problem(server.url()), "answered 500"));
}

BOOST_AUTO_TEST_CASE(half_answers_and_garbage_are_told_apart) {
  BOOST_CHECK(mentions(problem_with(ok_head + "Content-Length: 100\r\n\r\n{\"a\""), "half a body"));
  BOOST_CHECK(mentions(problem_with(ok_head + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"), "half a body"));
  BOOST_CHECK(mentions(problem_with("HTTP/1.1 200 OK\r\nContent-"), "half a body"));
  BOOST_CHECK(mentions(problem_with("SSH-2.0-OpenSSH\r\n\r\n"), "not HTTP"));
  BOOST_CHECK(mentions(problem_with(""), "without an answer"));
  BOOST_CHECK(mentions(problem_with(ok_head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "not HTTP"));
}

BOOST_AUTO_TEST_CASE(two_framings_at_once_are_refused) {
  const std::string chunk = "\r\n1\r\nx\r\n0\r\n\r\n";
  BOOST_CHECK(
      mentions(problem_with(ok_head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n" + chunk), "not HTTP"));
  BOOST_CHECK(
      mentions(problem_with(ok_head + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n" + chunk), "not HTTP"));
}

BOOST_AUTO_TEST_CASE(compressed_answers_are_refused) {
  BOOST_CHECK(mentions(problem_with(ok_head + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"), "compressed"));
}

BOOST_AUTO_TEST_CASE(bodies_up_to_the_limit_are_taken_and_larger_ones_are_not) {
  http_client_options options;
  options.max_body_bytes = 1000;
  BOOST_TEST(problem_with(ok(std::string(1000, 'x')), options) == "");
  BOOST_CHECK(mentions(problem_with(ok(std::string(1001, 'x')), options), "larger than 1000 bytes"));
  BOOST_CHECK(mentions(problem_with(ok_head + "\r\n" + std::string(1001, 'x'), options), "larger than 1000 bytes"));
}

BOOST_AUTO_TEST_CASE(an_endless_body_is_cut_off_early) {
  std::atomic<std::uint64_t> sent{0};
  http_client_options options;
  options.max_body_bytes = 1024 * 1024;
  std::string problem;
  {
    loopback_server server([&](loopback_server::socket& connection, const std::string&) {
      boost::system::error_code error;
      boost::asio::write(connection, boost::asio::buffer(ok_head + "Content-Length: 1073741824\r\n\r\n"), error);
      const std::string piece(64 * 1024, 'x');
      while (!error && sent < (1ull << 30))
        sent += boost::asio::write(connection, boost::asio::buffer(piece), error);
    });
    problem = client_fixture(options).problem(server.url());
  }
  BOOST_CHECK(mentions(problem, "larger than"));
  // What the sockets buffer is the kernel's choice; all of it would be 1 GiB.
  BOOST_TEST(sent < (1ull << 29));
}

BOOST_AUTO_TEST_CASE(headers_are_bounded) {
  http_client_options options;
  options.max_header_bytes = 1024;
  BOOST_CHECK(
      mentions(problem_with(ok_head + "X: " + std::string(2000, 'x') + "\r\nContent-Length: 0\r\n\r\n", options),
               "larger than 1024 bytes"));
}

BOOST_AUTO_TEST_CASE(silence_ends_at_the_read_timeout) {
  http_client_options options;
  options.read_timeout = millis{50};
  loopback_server before(hang());
  BOOST_CHECK(mentions(client_fixture(options).problem(before.url()), "silent for 50 ms"));
  loopback_server within(hang(ok_head + "Content-Length: 100\r\n\r\n{"));
  BOOST_CHECK(mentions(client_fixture(options).problem(within.url()), "silent for 50 ms"));
}

BOOST_AUTO_TEST_CASE(a_drip_ends_at_the_total_timeout) {
  http_client_options options;
  options.total_timeout = millis{100};
  loopback_server server([](loopback_server::socket& connection, const std::string&) {
    boost::system::error_code error;
    boost::asio::write(connection, boost::asio::buffer(ok_head + "\r\n"), error);
    // Never silent, never done: goes on until the client leaves.
    while (!error)
      boost::asio::write(connection, boost::asio::buffer("x", 1), error);
  });
  BOOST_CHECK(mentions(client_fixture(options).problem(server.url()), "took longer than 100 ms"));
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_told) {
  std::string url;
  {
    loopback_server gone(hang());
    url = gone.url();
  }
  BOOST_CHECK(mentions(client_fixture().problem(url), "cannot connect"));
}

BOOST_AUTO_TEST_CASE(bad_requests_never_leave) {
  client_fixture client;
  BOOST_CHECK(mentions(client.problem("ftp://h/"), "http://"));
  http_fetch split{"http://127.0.0.1:1/"};
  split.header_name = "X";
  split.header_value = "a\r\nHost: b";
  const auto got = client.get(split);
  BOOST_REQUIRE(!got.ok());
  BOOST_CHECK(mentions(got.error().text(), "control character"));
  BOOST_TEST(got.error().text().find("Host: b") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(fetches_beyond_the_bound_wait_and_beyond_the_queue_are_refused) {
  http_client_options options;
  options.max_concurrent = 1;
  options.max_waiting = 1;
  std::promise<void> open;
  const auto opened = open.get_future().share();
  loopback_server server([opened](loopback_server::socket& connection, const std::string& request) {
    opened.wait();
    answer_with(ok("x"))(connection, request);
  });
  client_fixture client(options);
  auto first = client.begin({server.url()});
  auto second = client.begin({server.url()});
  const auto third = client.get(server.url());
  BOOST_REQUIRE(!third.ok());
  BOOST_CHECK(third.error().code == error_code::limit);
  open.set_value();
  BOOST_TEST(first.get().ok());
  BOOST_TEST(second.get().ok());
}

BOOST_AUTO_TEST_CASE(a_client_may_end_with_fetches_under_way) {
  loopback_server server(hang());
  client_fixture client;
  auto never = client.begin({server.url()});
  BOOST_TEST((never.wait_for(std::chrono::seconds(0)) == std::future_status::timeout));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
