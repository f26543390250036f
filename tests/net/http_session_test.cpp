// The rules of HTTP and the limits, on real sockets, with raw bytes.
#include "net/plain_listener.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace coldvigil;
using coldvigil::test::raw_connection;

namespace {

http_limits small_limits() {
  http_limits limits;
  limits.max_header_bytes = 1024;
  limits.max_body_bytes = 4096;
  limits.max_connections = 4;
  return limits;
}

/// Answers with what it got; "/throw" throws.
http_message_response echo(const http_message_request& request) {
  if (request.target == "/throw") throw std::runtime_error("a secret of the inside");
  http_message_response out;
  out.content_type = "text/plain";
  out.body = request.method + " " + request.target + " " + request.body;
  return out;
}

struct running {
  explicit running(const http_limits& limits = small_limits()) : listener(threads, limits, echo) {
    port = *listener.start("127.0.0.1", 0);
  }
  network_threads threads{1};
  plain_listener listener;
  std::uint16_t port = 0;
};

int status_of(std::uint16_t port, const std::string& bytes) {
  raw_connection connection(port);
  connection.send(bytes);
  const auto reply = connection.read_reply();
  return reply ? reply->status : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_session)

BOOST_AUTO_TEST_CASE(answers_and_keeps_the_connection) {
  running server;
  raw_connection connection(server.port);
  for (int i = 0; i < 3; ++i) {
    connection.send("POST /a?b=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    const auto reply = connection.read_reply();
    BOOST_REQUIRE(reply);
    BOOST_TEST(reply->status == 200);
    BOOST_TEST(reply->body == "POST /a?b=1 hi");
  }
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  running server;
  raw_connection connection(server.port);
  std::string bytes;
  for (int i = 0; i < 50; ++i)
    bytes += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  connection.send(bytes);
  for (int i = 0; i < 50; ++i) {
    const auto reply = connection.read_reply();
    BOOST_REQUIRE(reply);
    BOOST_TEST(reply->body == "GET /" + std::to_string(i) + " ");
  }
}

BOOST_AUTO_TEST_CASE(chunked_body) {
  running server;
  raw_connection connection(server.port);
  connection.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  BOOST_TEST(connection.read_reply()->body == "POST /c abcde");
}

BOOST_AUTO_TEST_CASE(http_1_0_is_served_and_closed) {
  running server;
  raw_connection connection(server.port);
  connection.send("GET /old HTTP/1.0\r\n\r\n");
  const auto reply = connection.read_reply();
  BOOST_REQUIRE(reply);
  BOOST_TEST(reply->body == "GET /old ");
  BOOST_TEST(connection.ended());
}

BOOST_AUTO_TEST_CASE(head_has_the_length_and_no_body) {
  running server;
  raw_connection connection(server.port);
  connection.send("HEAD /h HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto reply = connection.read_reply(true);
  BOOST_REQUIRE(reply);
  BOOST_TEST(reply->headers.at("content-length") == "7");
  BOOST_TEST(connection.ended());
}

BOOST_AUTO_TEST_CASE(expect_continue) {
  running server;
  raw_connection connection(server.port);
  connection.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  BOOST_TEST(connection.read_reply()->status == 100);
  connection.send("ok");
  BOOST_TEST(connection.read_reply()->body == "POST /e ok");
}

BOOST_AUTO_TEST_CASE(malformed_requests) {
  running server;
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n";
  BOOST_TEST(status_of(server.port, start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, start + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc") == 400);
  BOOST_TEST(status_of(server.port, start + "Content-Length: -3\r\n\r\nabc") == 400);
  BOOST_TEST(status_of(server.port, start + "Content-Length: 99999999999999999999999\r\n\r\nabc") == 400);
  BOOST_TEST(status_of(server.port, start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, start + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n") == 400);
  BOOST_TEST(status_of(server.port, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, "GET / HTTP/1.1\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, "GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
  BOOST_TEST(status_of(server.port, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, "GET / HTTP/1.1\r\nHost : a\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, std::string("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 34)) == 400);
  BOOST_TEST(status_of(server.port, "\x16\x03\x01 not http at all\r\n\r\n") == 400);
  BOOST_TEST(test::get(server.port, "/still").status == 200);
}

BOOST_AUTO_TEST_CASE(fields_after_the_body_are_refused) {
  running server;
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n";
  const auto fields = [](int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
      out += "A: b\r\n";
    return out + "\r\n";
  };
  BOOST_TEST(status_of(server.port, start + fields(0)) == 200);
  BOOST_TEST(status_of(server.port, start + "Host: y\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, start + "Authorization: Bearer x\r\n\r\n") == 400);
  BOOST_TEST(status_of(server.port, start + fields(10'000)) == 400);
  BOOST_TEST(status_of(server.port, start + fields(100'000)) == 431);
}

BOOST_AUTO_TEST_CASE(an_old_client_is_told_nothing_before_the_answer) {
  running server;
  raw_connection connection(server.port);
  connection.send("POST /e HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");
  BOOST_TEST(connection.read_reply()->body == "POST /e ok");
}

BOOST_AUTO_TEST_CASE(sizes_at_the_limit) {
  running server;
  const std::string body(4096, 'b');
  BOOST_TEST(test::post(server.port, "/", body).status == 200);
  BOOST_TEST(test::post(server.port, "/", body + "b").status == 413);
  BOOST_TEST(test::post(server.port, "/", std::string(1'000'000, 'b')).status == 413);
  raw_connection chunked(server.port);
  chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n" + std::string(0x2000, 'c'));
  BOOST_TEST(chunked.read_reply()->status == 413);

  const std::string line = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
  const std::string fits(1024 - line.size() - 4, 'x');
  BOOST_TEST(status_of(server.port, line + fits + "\r\n\r\n") == 200);
  BOOST_TEST(status_of(server.port, line + fits + "x\r\n\r\n") == 431);
  BOOST_TEST(status_of(server.port, "GET /" + std::string(200'000, 'u') + " HTTP/1.1\r\n") == 431);
}

BOOST_AUTO_TEST_CASE(slow_clients_are_told_408) {
  http_limits limits = small_limits();
  limits.header_timeout = millis{20};
  limits.body_timeout = millis{20};
  running server(limits);
  BOOST_TEST(status_of(server.port, "GET / HTTP/1.1\r\nHost:") == 408);
  BOOST_TEST(status_of(server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab") == 408);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_closed_silently) {
  http_limits limits = small_limits();
  limits.idle_timeout = millis{20};
  running server(limits);
  raw_connection connection(server.port);
  BOOST_TEST(connection.ended());
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_limit_get_503) {
  running server;
  std::vector<std::unique_ptr<raw_connection>> held;
  for (int i = 0; i < 4; ++i) {
    held.push_back(std::make_unique<raw_connection>(server.port));
    held.back()->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(held.back()->read_reply()->status == 200);
  }
  raw_connection fifth(server.port);
  BOOST_TEST(fifth.read_reply()->status == 503);
}

BOOST_AUTO_TEST_CASE(one_address_leaves_room_for_others) {
  http_limits limits = small_limits();
  limits.max_connections_per_address = 2;
  running server(limits);
  const raw_connection half_open(server.port), another(server.port);
  raw_connection third(server.port);
  BOOST_TEST(third.read_reply()->status == 503);
  raw_connection neighbour(server.port, 5'000, 0, 2);
  neighbour.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  BOOST_TEST(neighbour.read_reply()->status == 200);
}

BOOST_AUTO_TEST_CASE(a_throwing_handler_tells_nothing) {
  running server;
  const auto reply = test::get(server.port, "/throw");
  BOOST_TEST(reply.status == 500);
  BOOST_TEST(reply.body.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_an_error_that_names_it) {
  running server;
  plain_listener second(server.threads, small_limits(), echo);
  const auto started = second.start("127.0.0.1", server.port);
  BOOST_REQUIRE(!started);
  BOOST_TEST(started.error().text().find(std::to_string(server.port)) != std::string::npos);
  BOOST_TEST(!second.start("localhost", 0));
}

BOOST_AUTO_TEST_CASE(stop_ends_idle_and_half_read_connections) {
  running server;
  raw_connection idle(server.port);
  raw_connection half(server.port);
  half.send("GET / HT");
  raw_connection used(server.port);
  used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  BOOST_TEST(used.read_reply()->status == 200);
  server.listener.stop();
  BOOST_TEST(idle.ended());
  BOOST_TEST(half.ended());
  BOOST_TEST(used.ended());
  BOOST_CHECK_THROW(raw_connection(server.port), std::runtime_error);
  server.listener.stop();
}

BOOST_AUTO_TEST_SUITE_END()
