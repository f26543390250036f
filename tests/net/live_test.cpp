// The live feed on real sockets: tickets, snapshot, resume, gap, slow clients, the end.
#include "tests/net/fake_engine.hpp"
#include "tests/support/ws_test_client.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <future>
#include <thread>

using namespace coldvigil;
using coldvigil::test::fake_engine;
using coldvigil::test::running_server;
using coldvigil::test::ws_client;
namespace json = boost::json;

namespace {

const std::vector<std::string> as_a{"Authorization: Bearer a-read"};

std::string ticket_for(const running_server& server, const std::string& token, const std::string& query = {}) {
  const auto reply = test::post(server.port, "/api/v1/live/ticket" + query, "", token);
  BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.body);
  return std::string(json::parse(reply.body).at("ticket").as_string());
}

json::value next(ws_client& client) {
  const auto text = client.read_text();
  BOOST_REQUIRE(text);
  return json::parse(*text);
}

std::string type_of(const json::value& frame) {
  return std::string(frame.at("type").as_string());
}

/// True when so many WebSockets have ended and their places are free.
bool sessions_end(running_server& server, std::size_t count) {
  if (!server.ended("/api/v1/live", 101, count)) return false;
  // The one network thread has destroyed the session when it answers this.
  return test::get(server.port, "/ping").status == 200;
}

/// Occupies the one network thread between construction and `release`, so that what is posted to it waits.
class busy_thread {
 public:
  explicit busy_thread(running_server& server) {
    server.engine.fates = [this](const submission&) {
      reached_.set_value();
      go_on_.get_future().wait();
      return std::vector<item_result>{{item_outcome::stored, {}}};
    };
    caller_ = std::thread([&server] {
      (void)test::post(server.port, "/api/v1/temperature",
                       R"({"storage_unit_id":"ua_1","temperature":-20,"recorded_at":"2027-01-15T08:00:00Z"})",
                       "a-write");
    });
    reached_.get_future().wait();
  }
  void release() {
    go_on_.set_value();
    caller_.join();
  }

 private:
  std::promise<void> reached_, go_on_;
  std::thread caller_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(live_feed)

BOOST_AUTO_TEST_CASE(a_ticket_is_good_once_and_for_thirty_seconds) {
  running_server server;
  const std::string ticket = ticket_for(server, "a-read");
  const std::string path = "/api/v1/live?ticket=" + ticket;
  BOOST_TEST(ws_client(server.port, path).status() == 101);
  BOOST_TEST(ws_client(server.port, path).status() == 401);
  const std::string late = ticket_for(server, "a-read");
  server.time.advance(millis{30'000});
  BOOST_TEST(ws_client(server.port, "/api/v1/live?ticket=" + late).status() == 401);
  BOOST_TEST(ws_client(server.port, "/api/v1/live").status() == 401);
  BOOST_TEST(ws_client(server.port, "/api/v1/live", as_a).status() == 101);
}

BOOST_AUTO_TEST_CASE(a_customer_takes_no_tickets_from_others) {
  server_options options;
  options.tickets.most_each = 2;
  running_server server(options);
  const std::string oldest = ticket_for(server, "a-read");
  const std::string other = ticket_for(server, "b-read");
  const std::string kept = ticket_for(server, "a-read");
  (void)ticket_for(server, "a-read");
  BOOST_TEST(ws_client(server.port, "/api/v1/live?ticket=" + oldest).status() == 401);
  BOOST_TEST(ws_client(server.port, "/api/v1/live?ticket=" + kept).status() == 101);
  BOOST_TEST(ws_client(server.port, "/api/v1/live?ticket=" + other).status() == 101);
}

BOOST_AUTO_TEST_CASE(a_customer_takes_no_places_from_others) {
  server_options options;
  options.max_websocket_clients_each = 1;
  running_server server(options);
  ws_client first(server.port, "/api/v1/live", as_a);
  BOOST_TEST(first.status() == 101);
  BOOST_TEST(ws_client(server.port, "/api/v1/live", as_a).status() == 503);
  BOOST_TEST(server.web->metrics().ws_refused.load() == 1U);
  BOOST_TEST(ws_client(server.port, "/api/v1/live?ticket=" + ticket_for(server, "b-read")).status() == 101);
}

BOOST_AUTO_TEST_CASE(no_more_tickets_than_the_limit) {
  server_options options;
  options.tickets.most = 2;
  running_server server(options);
  (void)ticket_for(server, "a-read");
  (void)ticket_for(server, "a-read");
  BOOST_TEST(test::post(server.port, "/api/v1/live/ticket", "", "a-read").status == 429);
  server.time.advance(millis{30'000});
  (void)ticket_for(server, "a-read");
}

BOOST_AUTO_TEST_CASE(refused_upgrades) {
  running_server server;
  BOOST_TEST(test::get(server.port, "/api/v1/live", "a-read").status == 426);
  test::http_call call;
  call.target = "/api/v1/live";
  call.token = "a-read";
  call.headers = {"Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 7",
                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="};
  const auto old = test::call(server.port, call);
  BOOST_TEST(old.status == 426);
  BOOST_TEST(old.headers.at("sec-websocket-version") == "13");
  BOOST_TEST(old.headers.at("content-type") == "application/problem+json");
  call.headers = {"Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"};
  BOOST_TEST(test::call(server.port, call).status == 400);
  auto foreign = as_a;
  foreign.push_back("Origin: http://evil.example");
  BOOST_TEST(ws_client(server.port, "/api/v1/live", foreign).status() == 403);
  auto own = as_a;
  own.push_back("Origin: http://localhost");
  BOOST_TEST(ws_client(server.port, "/api/v1/live", own).status() == 101);
  BOOST_TEST(ws_client(server.port, "/api/v1/live?after=x", as_a).status() == 422);
  BOOST_TEST(ws_client(server.port, "/api/v1/live?after=3.", as_a).status() == 422);
  BOOST_TEST(ws_client(server.port, "/api/v1/live?customer=B", as_a).status() == 404);
}

BOOST_AUTO_TEST_CASE(a_refused_request_does_not_use_up_the_ticket) {
  running_server server;
  const std::string path = "/api/v1/live?ticket=" + ticket_for(server, "a-read");
  BOOST_TEST(ws_client(server.port, path + "&after=x").status() == 422);
  BOOST_TEST(ws_client(server.port, path).status() == 101);
}

BOOST_AUTO_TEST_CASE(snapshot_then_what_it_does_not_contain) {
  running_server server;
  for (int i = 0; i < 5; ++i)
    server.engine.advance_feed();
  ws_client client(server.port, "/api/v1/live", as_a);
  const auto listener = server.engine.listener();
  BOOST_REQUIRE(listener);
  BOOST_TEST((server.engine.subscribed_scope == customer_id{1}));
  const auto snapshot = next(client);
  BOOST_TEST(type_of(snapshot) == "snapshot");
  BOOST_TEST(snapshot.at("cursor").as_string() == "3.5");
  BOOST_TEST(snapshot.at("units").as_array().size() == 2u);
  listener->on_frame(fake_engine::frame(customer_id{1}, 4, 2));
  listener->on_frame(fake_engine::frame(customer_id{1}, 1, 7));
  auto pre_rendered = fake_engine::frame(customer_id{1}, 8, 1);
  pre_rendered->text = R"({"type":"items","cursor":"3.8","first":8,"items":[]})";
  listener->on_frame(pre_rendered);
  const auto cut = next(client);
  BOOST_TEST(type_of(cut) == "items");
  BOOST_TEST(cut.at("first").to_number<int>() == 6);
  BOOST_TEST(cut.at("cursor").as_string() == "3.7");
  BOOST_REQUIRE(cut.at("items").as_array().size() == 2u);
  const auto& item = cut.at("items").at(0);
  BOOST_TEST(item.at("n").to_number<int>() == 6);
  BOOST_TEST(item.at("unit_id").as_string() == fake_engine::unit_uuid(1));
  BOOST_TEST(item.at("c").to_number<double>() == -20.0);
  BOOST_TEST(item.at("score").as_double() == 0.5);
  BOOST_TEST(client.read_text().value_or("") == pre_rendered->text);
}

BOOST_AUTO_TEST_CASE(all_customers_and_one_of_them) {
  running_server server;
  ws_client all(server.port, "/api/v1/live?ticket=" + ticket_for(server, "admin"));
  BOOST_TEST(next(all).at("units").as_array().size() == 3u);
  const auto first_listener = server.engine.listener();
  BOOST_TEST((server.engine.subscribed_scope == customer_id{0}));
  ws_client one(server.port, "/api/v1/live?ticket=" + ticket_for(server, "admin", "?customer=B"));
  BOOST_TEST(next(one).at("units").as_array().size() == 1u);
  BOOST_REQUIRE(server.engine.listener(first_listener));
  BOOST_TEST((server.engine.subscribed_scope == customer_id{2}));
}

BOOST_AUTO_TEST_CASE(a_resume_that_works) {
  running_server server;
  server.engine.resume_works = true;
  ws_client client(server.port, "/api/v1/live?after=3.2", as_a);
  const auto resumed = next(client);
  BOOST_TEST(type_of(resumed) == "resumed");
  BOOST_TEST(resumed.at("cursor").as_string() == "3.2");
  server.engine.listener()->on_frame(fake_engine::frame(customer_id{1}, 3, 1));
  BOOST_TEST(next(client).at("first").to_number<int>() == 3);
}

BOOST_AUTO_TEST_CASE(a_resume_that_does_not_says_why) {
  running_server server;
  server.engine.advance_feed();
  server.engine.advance_feed();
  for (const auto& [after, reason] :
       {std::pair("2.1", "epoch"), std::pair("3.9", "ahead"), std::pair("3.1", "too_old")}) {
    ws_client client(server.port, std::string("/api/v1/live?after=") + after, as_a);
    const auto gap = next(client);
    BOOST_TEST(type_of(gap) == "gap");
    BOOST_TEST(gap.at("reason").as_string() == reason);
    BOOST_TEST(type_of(next(client)) == "snapshot");
  }
  BOOST_TEST(server.web->metrics().ws_gaps.load() == 3u);
}

BOOST_AUTO_TEST_CASE(a_hole_in_the_feed_is_said_and_mended) {
  running_server server;
  ws_client client(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(client)) == "snapshot");
  for (int i = 0; i < 3; ++i)
    server.engine.advance_feed();
  const auto listener = server.engine.listener();
  listener->on_frame(fake_engine::frame(customer_id{1}, 3, 1));
  BOOST_TEST(type_of(next(client)) == "gap");
  BOOST_TEST(next(client).at("cursor").as_string() == "3.3");
  listener->on_frame(fake_engine::frame(customer_id{1}, 4, 1));
  BOOST_TEST(next(client).at("first").to_number<int>() == 4);
}

BOOST_AUTO_TEST_CASE(a_stalled_client_gets_one_folded_span) {
  server_options options;
  options.ws_soft_queue_bytes = 20'000;
  options.ws_send_buffer = 4'096;
  running_server server(options);
  ws_client client(server.port, "/api/v1/live", as_a, 5'000, 4'096);
  BOOST_TEST(type_of(next(client)) == "snapshot");
  const auto listener = server.engine.listener();
  std::uint64_t n = 1;
  while (server.web->metrics().ws_coalesced.load() == 0 && n < 200'000) {
    listener->on_frame(fake_engine::frame(customer_id{1}, n, 50));
    n += 50;
    // The one network thread has worked off the frame when it answers this.
    BOOST_REQUIRE(test::get(server.port, "/ping").status == 200);
  }
  BOOST_REQUIRE(server.web->metrics().ws_coalesced.load() > 0u);
  std::uint64_t expected = 1;
  bool folded = false;
  while (expected < n) {
    const auto frame = next(client);
    if (type_of(frame) == "coalesced") {
      folded = true;
      BOOST_TEST(frame.at("from").to_number<std::uint64_t>() == expected);
      expected = frame.at("to").to_number<std::uint64_t>() + 1;
      BOOST_TEST(frame.at("items").as_array().size() == 1u);
      BOOST_TEST(frame.at("items").at(0).at("n").to_number<std::uint64_t>() == expected - 1);
    } else {
      BOOST_TEST(frame.at("first").to_number<std::uint64_t>() == expected);
      expected += frame.at("items").as_array().size();
    }
  }
  BOOST_TEST(folded);
  BOOST_TEST(expected == n);
}

BOOST_AUTO_TEST_CASE(a_client_beyond_the_hard_bound_is_closed_and_others_are_not) {
  server_options options;
  options.ws_soft_queue_bytes = 2'000;
  options.ws_hard_queue_bytes = 2'000;
  running_server server(options);
  ws_client slow(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(slow)) == "snapshot");
  const auto slow_feed = server.engine.listener();
  ws_client good(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(good)) == "snapshot");
  const auto good_feed = server.engine.listener(slow_feed);
  BOOST_REQUIRE(good_feed);
  busy_thread network(server);
  slow_feed->on_frame(fake_engine::frame(customer_id{1}, 1, 100));
  slow_feed->on_frame(fake_engine::frame(customer_id{1}, 101, 1));
  network.release();
  BOOST_TEST(slow.read_close().value_or(0) == 1013);
  good_feed->on_frame(fake_engine::frame(customer_id{1}, 1, 1));
  BOOST_TEST(next(good).at("first").to_number<int>() == 1);
  BOOST_TEST(server.web->metrics().ws_dropped.load() == 1u);
}

BOOST_AUTO_TEST_CASE(one_frame_larger_than_the_queue_reaches_who_waits_for_nothing) {
  server_options options;
  options.ws_soft_queue_bytes = 500;
  options.ws_hard_queue_bytes = 2'000;
  running_server server(options);
  ws_client client(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(client)) == "snapshot");
  const auto listener = server.engine.listener();
  for (const std::uint64_t first : {1U, 701U}) {
    listener->on_frame(fake_engine::frame(customer_id{1}, first, 700));
    const auto frame = next(client);
    BOOST_TEST(type_of(frame) == "items");
    BOOST_TEST(frame.at("items").as_array().size() == 700U);
  }
  BOOST_TEST(server.web->metrics().ws_dropped.load() == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_is_cut) {
  server_options options;
  options.ws_stall_timeout = millis{20};
  options.ws_send_buffer = 4'096;
  running_server server(options);
  ws_client client(server.port, "/api/v1/live", as_a, 5'000, 4'096);
  BOOST_TEST(type_of(next(client)) == "snapshot");
  server.engine.listener()->on_frame(fake_engine::frame(customer_id{1}, 1, 20'000));
  BOOST_TEST(sessions_end(server, 1));
  BOOST_TEST(server.web->metrics().ws_dropped.load() == 1U);
  BOOST_TEST(server.web->metrics().ws_clients.load() == 0U);
}

BOOST_AUTO_TEST_CASE(no_more_clients_than_the_limit) {
  server_options options;
  options.max_websocket_clients = 1;
  running_server server(options);
  {
    ws_client first(server.port, "/api/v1/live", as_a);
    BOOST_TEST(first.status() == 101);
    BOOST_TEST(ws_client(server.port, "/api/v1/live", as_a).status() == 503);
  }
  BOOST_TEST(sessions_end(server, 1));
  BOOST_TEST(server.web->metrics().ws_clients.load() == 0U);
  BOOST_TEST(ws_client(server.port, "/api/v1/live", as_a).status() == 101);
}

BOOST_AUTO_TEST_CASE(what_clients_say_is_ignored_up_to_its_limit) {
  running_server server;
  ws_client client(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(client)) == "snapshot");
  client.send(1, "hello");
  client.send(1, std::string(4096, 'x'));
  client.send(9, "are you there");
  const auto pong = client.read_frame();
  BOOST_REQUIRE(pong);
  BOOST_TEST(pong->opcode == 10);
  client.send(1, std::string(4097, 'x'));
  BOOST_TEST(client.read_close().value_or(0) == 1009);
  ws_client unmasked(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(unmasked)) == "snapshot");
  unmasked.send_raw(std::string_view("\x81\x02hi", 4));
  BOOST_TEST(unmasked.read_close().value_or(0) == 1002);
}

BOOST_AUTO_TEST_CASE(silent_clients_are_pinged_and_then_cut) {
  server_options options;
  options.ws_ping_interval = millis{30};
  running_server server(options);
  ws_client client(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(client)) == "snapshot");
  const auto ping = client.read_frame();
  BOOST_REQUIRE(ping);
  BOOST_TEST(ping->opcode == 9);
  BOOST_TEST(sessions_end(server, 1));
  BOOST_TEST(server.web->metrics().ws_clients.load() == 0U);
}

BOOST_AUTO_TEST_CASE(stop_says_going_away_and_late_frames_find_nobody) {
  running_server server;
  auto client = std::make_unique<ws_client>(server.port, "/api/v1/live", as_a);
  BOOST_TEST(type_of(next(*client)) == "snapshot");
  const auto listener = server.engine.listener();
  std::optional<int> code;
  std::thread reader([&] {
    code = client->read_close();
    client->finish();
    client.reset();
  });
  server.web->stop();
  reader.join();
  BOOST_TEST(code.value_or(0) == 1001);
  listener->on_frame(fake_engine::frame(customer_id{1}, 1, 1));
}

BOOST_AUTO_TEST_CASE(stop_does_not_wait_for_a_stalled_client) {
  server_options options;
  options.ws_close_timeout = millis{20};
  options.ws_send_buffer = 4'096;
  running_server server(options);
  ws_client client(server.port, "/api/v1/live", as_a, 5'000, 4'096);
  BOOST_TEST(type_of(next(client)) == "snapshot");
  server.engine.listener()->on_frame(fake_engine::frame(customer_id{1}, 1, 20'000));
  server.web->stop();
  BOOST_TEST(server.web->metrics().ws_clients.load() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
