// What of a body is read, and for whom: decided on the header, within a room that all bodies share.
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <thread>

using namespace coldvigil;
using coldvigil::test::raw_connection;
using coldvigil::test::running_server;

namespace {

const std::string readings = "/api/v1/temperature";

std::string header(const std::string& target, const std::string& token, std::size_t length,
                   const std::string& method = "POST") {
  return method + " " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n" +
         (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n";
}

std::string expecting(std::string head) {
  return head.insert(head.size() - 2, "Expect: 100-continue\r\n");
}

std::string chunked_header(const std::string& target, const std::string& token) {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer " + token +
         "\r\n\r\n";
}

/// The status that comes on this alone, and with which the connection ends; 0 when none comes or it does not end.
int refusal_of(const running_server& server, const std::string& bytes) {
  raw_connection connection(server.port);
  connection.send(bytes);
  const auto reply = connection.read_reply();
  return reply && connection.ended() ? reply->status : 0;
}

/// Room for one large body of each customer, and not for two of all.
server_options narrow() {
  server_options options;
  options.http.max_body_bytes = 6'500;
  options.max_small_body_bytes = 500;
  options.max_bodies_bytes_each = 6'000;
  options.max_bodies_bytes = 10'000;
  return options;
}

/// So many bytes of a body of 6,500 are on their way and have been counted.
void send_part(raw_connection& to, const std::string& token, std::size_t bytes) {
  to.send(expecting(header(readings, token, 6'500)));
  BOOST_TEST(to.read_reply()->status == 100);
  to.send(std::string(bytes, ' '));
}

/// As an operator sees it.
bool holds(const running_server& server, std::size_t bytes) {
  const auto seen = test::get(server.port, "/metrics", "admin");
  return seen.body.find("coldvigil_http_bodies_bytes " + std::to_string(bytes) + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bodies)

BOOST_AUTO_TEST_CASE(who_may_not_is_refused_before_the_body) {
  const running_server server;
  constexpr std::size_t large = 8 * 1024 * 1024;
  BOOST_TEST(refusal_of(server, header(readings, "", large)) == 401);
  BOOST_TEST(refusal_of(server, header(readings, "wrong", 1)) == 401);
  BOOST_TEST(refusal_of(server, header("/predict", "", 1)) == 401);
  BOOST_TEST(refusal_of(server, header(readings, "a-read", large)) == 403);
  BOOST_TEST(refusal_of(server, header("/nowhere", "a-write", large)) == 404);
  BOOST_TEST(refusal_of(server, header(readings, "a-write", large, "PUT")) == 405);
  BOOST_TEST(refusal_of(server, header(readings + "?nonsense=1", "a-write", large)) == 422);
  BOOST_TEST(refusal_of(server, expecting(header(readings, "", large))) == 401);
  BOOST_TEST(refusal_of(server, chunked_header(readings, "a-read")) == 403);
}

BOOST_AUTO_TEST_CASE(a_token_after_the_body_is_none) {
  server_options options;
  options.demo_mode = true;
  const running_server server(options);
  const std::string start = "POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";
  const std::string rest = "13\r\n{\"temperature\": -20}\r\n0\r\nAuthorization: Bearer a-read\r\n\r\n";
  BOOST_TEST(refusal_of(server, start + "Authorization: Bearer wrong\r\n\r\n" + rest) == 401);
  BOOST_TEST(refusal_of(server, start + "\r\n" + rest) == 400);
}

BOOST_AUTO_TEST_CASE(only_posts_of_readings_may_be_large) {
  const running_server server;
  BOOST_TEST(test::post(server.port, "/predict", std::string(65'536, ' '), "a-read").status == 400);
  BOOST_TEST(refusal_of(server, header("/predict", "a-read", 65'537)) == 413);
  BOOST_TEST(refusal_of(server, header("/l/x", "", 65'537)) == 413);
  BOOST_TEST(refusal_of(server, chunked_header("/predict", "a-read") + "10001\r\n" + std::string(0x10001, ' ')) == 413);
  BOOST_TEST(test::post(server.port, readings, std::string(8 * 1024 * 1024, ' '), "a-write").status == 400);
  BOOST_TEST(refusal_of(server, header(readings, "a-write", 8 * 1024 * 1024 + 1)) == 413);
}

BOOST_AUTO_TEST_CASE(large_bodies_under_way_share_their_room) {
  const running_server server(narrow());
  raw_connection own(server.port);
  send_part(own, "a-write", 6'499);
  while (!holds(server, 6'000)) // without its first 500
    std::this_thread::yield();

  const auto second = test::post(server.port, readings, std::string(501, ' '), "a-write");
  BOOST_TEST(second.status == 503);
  BOOST_TEST(second.headers.at("retry-after") == "5");
  BOOST_TEST(refusal_of(server, chunked_header(readings, "a-write") + "1F5\r\n" + std::string(501, ' ')) == 503);
  BOOST_TEST(server.web->metrics().bodies_refused.load() == 2U);
  // Small ones are always taken.
  BOOST_TEST(test::post(server.port, readings, "{}", "a-write").status == 422);

  raw_connection neighbour(server.port);
  send_part(neighbour, "b-write", 500);
  neighbour.send(std::string(6'000, ' '));
  BOOST_TEST(neighbour.read_reply()->status == 503); // 4,000 are left for it

  own.send(" ");
  BOOST_TEST(own.read_reply()->status == 400);
  // The first body is forgotten when the next request of its connection is read.
  own.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
  BOOST_TEST(own.read_reply()->status == 200);
  BOOST_TEST(holds(server, 0));
  BOOST_TEST(test::post(server.port, readings, std::string(6'500, ' '), "a-write").status == 400);
}

BOOST_AUTO_TEST_CASE(what_was_announced_and_does_not_come_takes_no_room) {
  const running_server server(narrow());
  std::vector<std::unique_ptr<raw_connection>> silent;
  for (int i = 0; i < 8; ++i)
    send_part(*silent.emplace_back(std::make_unique<raw_connection>(server.port)), i % 2 ? "a-write" : "b-write", 500);
  BOOST_TEST(test::post(server.port, readings, std::string(6'500, ' '), "a-write").status == 400);
}

BOOST_AUTO_TEST_CASE(a_refused_body_is_in_the_log_with_its_reason) {
  server_options options = narrow();
  options.max_bodies_bytes = 1;
  running_server server(options);
  BOOST_TEST(test::post(server.port, readings, std::string(502, ' '), "a-write").status == 503);
  BOOST_REQUIRE(server.ended(readings, 503));
  const std::lock_guard lock(server.log_mutex);
  BOOST_TEST(server.log.back().error == "Too many large bodies are under way; try again.");
  BOOST_TEST(server.log.back().token == "a-write");
}

BOOST_AUTO_TEST_CASE(requests_behind_a_body_are_answered_in_order) {
  const running_server server;
  raw_connection connection(server.port);
  const std::string post = header(readings, "a-write", 2) + "{}";
  const std::string ping = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
  connection.send(post + ping + post + ping);
  for (const int status : {422, 200, 422, 200})
    BOOST_TEST(connection.read_reply()->status == status);
}

BOOST_AUTO_TEST_SUITE_END()
