// The small parts of the network side, without a network.
#include "core/now_keeper.hpp"
#include "net/asset_answer.hpp"
#include "net/fair_places.hpp"
#include "net/if_match.hpp"
#include "net/json_writer.hpp"
#include "net/live_backlog.hpp"
#include "net/live_json.hpp"
#include "net/metrics_text.hpp"
#include "net/query_string.hpp"
#include "net/random.hpp"
#include "net/reading_page.hpp"
#include "net/router.hpp"
#include "net/tickets.hpp"
#include "net/token_book.hpp"
#include "tests/net/fake_engine.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <set>

using namespace coldvigil;
using coldvigil::test::fake_engine;

namespace {

std::string written(milli_celsius value) {
  std::string text;
  json_writer(text).thousandths(value);
  return text;
}

std::string written_text(std::string_view value) {
  std::string text;
  json_writer(text).value(value);
  return text;
}

token_record record(const std::string& text, std::optional<customer_id> customer, permission level) {
  token_record out;
  out.sha256_hex = sha256_hex(text);
  out.name = text;
  out.customer = customer;
  out.level = level;
  return out;
}

std::shared_ptr<feed_frame> alarms(std::uint64_t first, std::size_t count) {
  auto frame = fake_engine::frame(customer_id{1}, first, 1);
  const auto unit = std::get<feed_reading>(frame->items[0]).unit;
  frame->items.assign(count, std::make_shared<const feed_alarm>(feed_alarm{unit, {}}));
  return frame;
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_parts)

BOOST_AUTO_TEST_CASE(thousandths_are_exact) {
  BOOST_TEST(written(0) == "0");
  BOOST_TEST(written(-20'000) == "-20");
  BOOST_TEST(written(-20'050) == "-20.05");
  BOOST_TEST(written(-1) == "-0.001");
  BOOST_TEST(written(4'200) == "4.2");
  BOOST_TEST(written(std::numeric_limits<milli_celsius>::min() + 1) == "-2147483.647");
  BOOST_TEST(written(no_temperature) == "null");
}

BOOST_AUTO_TEST_CASE(text_becomes_valid_json_whatever_it_is) {
  BOOST_TEST(written_text("a\"b\\c\n\x01") == "\"a\\\"b\\\\c\\u000a\\u0001\"");
  BOOST_TEST(written_text("Kühlraum €\xF0\x9F\xA7\x8A") == "\"Kühlraum €\xF0\x9F\xA7\x8A\"");
  for (const char* broken : {"\xff", "a\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    boost::json::error_code error;
    (void)boost::json::parse(written_text(broken), error);
    BOOST_TEST(!error);
    BOOST_TEST(written_text(broken).find("\xEF\xBF\xBD") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(separators_and_numbers) {
  std::string text;
  json_writer out(text);
  out.begin_object().member("a", 1).member("b", true).member("c", std::optional<int>{}).key("d").begin_array();
  out.value(0.1).value(std::numeric_limits<double>::infinity()).begin_object().end_object().value("x:").value(2);
  out.end_array().end_object();
  BOOST_TEST(text == R"({"a":1,"b":true,"c":null,"d":[0.1,null,{},"x:",2]})");
}

BOOST_AUTO_TEST_CASE(query_strings) {
  query_string query("a=1&b=%41+%2B&a=2&c&=x&d=%4");
  BOOST_TEST(query.text("a").value() == "1");
  BOOST_TEST(query.text("b").value() == "A +");
  BOOST_TEST(query.text("c").value().empty());
  BOOST_TEST(!query.text("d"));
  BOOST_REQUIRE(query.errors().size() == 2u);
  BOOST_TEST(query.errors()[0].pointer == "?a"); // which of the two is meant?
  BOOST_TEST(query.errors()[1].pointer == "?d");
  query_string times("t=2027-01-15T08:00:00+01:00&u=2027-01-15 08:00Z");
  BOOST_TEST((times.time("t") == parse_utc("2027-01-15T07:00:00Z")));
  BOOST_TEST((times.time("u") == parse_utc("2027-01-15T08:00:00Z")));
}

BOOST_AUTO_TEST_CASE(routes_match_by_segment) {
  BOOST_TEST(match_route(http::verb::get, "/api/v1/units/a%2Fb").path.at(0) == "a/b");
  BOOST_TEST(!match_route(http::verb::get, "/api/v1/units/a/b").found);
  BOOST_TEST(!match_route(http::verb::get, "/api/v1/units/%zz").found);
  BOOST_TEST(!match_route(http::verb::get, "/ping/").found);
  BOOST_TEST(!match_route(http::verb::get, "ping").found);
  BOOST_TEST(!match_route(http::verb::get, "").found);
  BOOST_TEST(match_route(http::verb::put, "/api/v1/alarms").allow == "GET, HEAD");
  BOOST_TEST(match_route(http::verb::get, "/predict").allow == "POST");
}

BOOST_AUTO_TEST_CASE(tokens_by_their_hash) {
  token_book book;
  const customer_id a{1};
  book.replace({record("one", a, permission::read), record("all", {}, permission::admin),
                record("nobody", {}, permission::write)});
  auto limited = record("limited", a, permission::write);
  limited.expires_at = from_ms(1000);
  book.add(limited);
  book.add(record("nobody2", {}, permission::read));
  BOOST_TEST((book.find("one", from_ms(0))->customer == a));
  BOOST_TEST((book.find("all", from_ms(0))->level == permission::admin));
  BOOST_TEST(!book.find("nobody", from_ms(0)));
  BOOST_TEST(!book.find("nobody2", from_ms(0)));
  BOOST_TEST(!book.find(sha256_hex("one"), from_ms(0)));
  BOOST_TEST(!book.find("", from_ms(0)));
  BOOST_TEST(book.find("limited", from_ms(999)).has_value());
  BOOST_TEST(!book.find("limited", from_ms(1000)));
  book.replace({});
  BOOST_TEST(!book.find("one", from_ms(0)));
}

BOOST_AUTO_TEST_CASE(tokens_are_random_and_hashes_are_right) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i)
    seen.insert(make_token());
  BOOST_TEST(seen.size() == 100u);
  BOOST_TEST(seen.begin()->size() == 64u);
  BOOST_TEST(make_token([](std::span<std::uint8_t> bytes) { std::fill(bytes.begin(), bytes.end(), 0xab); }) ==
             "abababababababababababababababababababababababababababababababab");
  BOOST_TEST(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(tickets_within_their_bound) {
  live_tickets tickets({.lifetime = millis{10}, .most = 2, .most_each = 2});
  const identity other{"other", customer_id{7}, permission::read};
  const auto first = tickets.issue({}, from_ms(0));
  const auto second = tickets.issue({}, from_ms(5));
  BOOST_TEST(!tickets.issue(other, from_ms(9)));
  BOOST_TEST(tickets.redeem(first->text, from_ms(9)).has_value());
  BOOST_TEST(!tickets.redeem(first->text, from_ms(9)));
  BOOST_TEST(!tickets.redeem(second->text, from_ms(15)));
  BOOST_TEST(tickets.issue({}, from_ms(15)).has_value());
}

BOOST_AUTO_TEST_CASE(a_ticket_too_many_displaces_its_own_customers_oldest) {
  live_tickets tickets({.lifetime = millis{10}, .most = 10, .most_each = 2});
  const identity other{"other", customer_id{7}, permission::read};
  const auto first = tickets.issue({}, from_ms(0));
  const auto theirs = tickets.issue(other, from_ms(0));
  const auto second = tickets.issue({}, from_ms(1));
  const auto third = tickets.issue({}, from_ms(2));
  BOOST_TEST(third->displaced);
  BOOST_TEST(!second->displaced);
  BOOST_TEST(!tickets.redeem(first->text, from_ms(3)));
  for (const auto& kept : {theirs, second, third})
    BOOST_TEST(tickets.redeem(kept->text, from_ms(3)).has_value());
}

BOOST_AUTO_TEST_CASE(a_page_of_the_newest) {
  reading_page page(3);
  for (int i = 0; i < 10; ++i) {
    judged_reading reading;
    reading.at = from_ms((i * 7) % 10);
    page.offer(reading, 0);
  }
  BOOST_TEST(page.total() == 10u);
  const auto kept = page.take(1);
  BOOST_REQUIRE(kept.size() == 2u);
  BOOST_TEST(to_ms(kept[0].reading.at) == 8);
  BOOST_TEST(to_ms(kept[1].reading.at) == 7);
}

BOOST_AUTO_TEST_CASE(a_backlog_folds_and_overflows_at_its_bounds) {
  const auto frame = fake_engine::frame(customer_id{1}, 1, 10);
  const std::size_t size = estimated_bytes(*frame, 1);
  live_backlog backlog(size, size + 2'000);
  BOOST_TEST((backlog.add(frame, 1) == live_backlog::outcome::kept));
  BOOST_TEST((backlog.add(alarms(11, 1), 11) == live_backlog::outcome::folded));
  BOOST_TEST((backlog.add(fake_engine::frame(customer_id{1}, 12, 10), 12) != live_backlog::outcome::overflow));
  const auto first = backlog.pop();
  BOOST_REQUIRE(first);
  const auto& span = std::get<live_backlog::span>(*first);
  BOOST_TEST(span.from == 1u);
  BOOST_TEST(span.to == 21u);
  BOOST_REQUIRE(span.items.size() == 2u);
  BOOST_TEST(span.items[0].number == 11u);
  BOOST_TEST(span.items[1].number == 21u);
  BOOST_TEST(!backlog.pop());
  BOOST_TEST(backlog.bytes() == 0u);
  std::uint64_t n = 22;
  auto outcome = live_backlog::outcome::kept;
  while (outcome != live_backlog::outcome::overflow && n < 100)
    outcome = backlog.add(alarms(n, 1), n), ++n;
  BOOST_TEST((outcome == live_backlog::outcome::overflow));
  BOOST_TEST(backlog.bytes() == 0u);
  BOOST_TEST(!backlog.pop());
}

BOOST_AUTO_TEST_CASE(an_empty_backlog_takes_one_frame_of_any_size) {
  live_backlog backlog(10, 20);
  BOOST_TEST((backlog.add(alarms(1, 50), 1) == live_backlog::outcome::kept));
  BOOST_TEST(std::holds_alternative<live_backlog::plain>(backlog.pop().value()));
  BOOST_TEST((backlog.add(alarms(51, 50), 51) == live_backlog::outcome::kept));
  BOOST_TEST((backlog.add(alarms(101, 1), 101) == live_backlog::outcome::overflow));
  BOOST_TEST(backlog.bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(places_are_taken_many_at_a_time) {
  fair_places<int> places(10, 6);
  auto six = places.take(1, 6);
  BOOST_TEST(!!six);
  BOOST_TEST(!places.take(1));
  BOOST_TEST(!places.take(2, 5));
  const auto four = places.take(2, 4);
  BOOST_TEST(!!four);
  BOOST_TEST(places.taken() == 10U);
  six.reset();
  BOOST_TEST(places.taken() == 4U);
  BOOST_TEST(!places.take(1, 7));
  BOOST_TEST(!!places.take(1, 6));
  BOOST_TEST(!places.take(1, std::numeric_limits<std::size_t>::max()));
}

BOOST_AUTO_TEST_CASE(folding_keeps_the_newest_by_event_time) {
  auto frame = fake_engine::frame(customer_id{1}, 2, 2);
  std::get<feed_reading>(frame->items[0]).reading.at += std::chrono::hours{1};
  live_backlog backlog(0, 10'000);
  BOOST_TEST((backlog.add(fake_engine::frame(customer_id{1}, 1, 1), 1) == live_backlog::outcome::kept));
  BOOST_TEST((backlog.add(frame, 2) == live_backlog::outcome::folded));
  const auto message = backlog.pop();
  const auto& span = std::get<live_backlog::span>(*message);
  BOOST_REQUIRE(span.items.size() == 1u);
  BOOST_TEST(span.items[0].number == 2u);
}

BOOST_AUTO_TEST_CASE(a_snapshot_shows_stages_as_they_are_now) {
  now_board board;
  now_keeper keeper(board, 1, {});
  customer_record customer;
  customer.id = customer_id{1};
  keeper.add_customer(customer);
  facility_record facility;
  facility.id = facility_id{1};
  facility.customer = customer.id;
  keeper.add_facility(facility);
  unit_record unit;
  unit.id = unit_id{1};
  unit.customer = customer.id;
  unit.facility = facility.id;
  keeper.add_unit(unit);
  alarm_record alarm;
  alarm.id = alarm_id{1};
  alarm.unit = unit.id;
  alarm.customer = customer.id;
  alarm.facility = facility.id;
  alarm_life life = untouched(alarm);
  const timestamp until = from_ms(1'800'000'000'000);
  life.shelved = alarm_life::mark{until - std::chrono::minutes{5}, "anna", "a door is being mended"};
  life.shelved_until = until;
  keeper.restore_alarm(alarm);
  keeper.restore_life(alarm, life);
  keeper.publish();
  const auto stage_at = [&](timestamp now) {
    const auto text = render_snapshot({1, 1}, {customer_view(board.of(customer.id))}, {now});
    return std::string(boost::json::parse(text).at("alarms").at(0).at("stage").as_string());
  };
  BOOST_TEST(stage_at(until - millis{1}) == "shelved");
  BOOST_TEST(stage_at(until) == "unacknowledged");
}

// The board has forgotten an alarm that ended when its frame is written: who acknowledged it goes with the frame.
BOOST_AUTO_TEST_CASE(the_end_of_an_acknowledged_alarm_says_who_acknowledged_it) {
  fake_engine engine;
  alarm_record alarm = fake_engine::first_alarm(alarm_id{1});
  alarm.cleared_at = from_ms(3);
  alarm_life life = untouched(alarm);
  life.acknowledged = {from_ms(2), "anna", "seen"};
  auto frame = fake_engine::frame(customer_id{1}, 1, 1);
  const auto unit = std::get<feed_reading>(frame->items[0]).unit;
  frame->items[0] = std::make_shared<const feed_alarm>(
      feed_alarm{unit, {alarm, transition_kind::cleared, from_ms(3), from_ms(3)}, std::make_shared<alarm_life>(life)});
  const auto told = boost::json::parse(render_items(*frame, engine.board())).at("items").at(0).at("alarm");
  BOOST_TEST(told.at("stage").as_string() == "normal");
  BOOST_TEST(told.at("life").at("acknowledged").at("who").as_string() == "anna");
}

BOOST_AUTO_TEST_CASE(cursors) {
  BOOST_TEST((parse_cursor("3.120") == feed_cursor{3, 120}));
  BOOST_TEST(to_string(feed_cursor{3, 120}) == "3.120");
  for (const char* wrong : {"", "3", "3.", ".3", "a.b", "3.1x", "-1.2", "3.99999999999999999999"})
    BOOST_TEST(!parse_cursor(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(codings_by_what_the_client_takes) {
  BOOST_TEST((choose_coding("gzip, br", true, true) == coding::brotli));
  BOOST_TEST((choose_coding("gzip, br;q=0", true, true) == coding::gzip));
  BOOST_TEST((choose_coding("gzip;q=0.0, br;q=0", true, true) == coding::identity));
  BOOST_TEST((choose_coding("br", true, false) == coding::identity));
  BOOST_TEST((choose_coding("*", true, true) == coding::brotli));
  BOOST_TEST((choose_coding("*, br;q=0", true, true) == coding::gzip));
  BOOST_TEST((choose_coding("", true, true) == coding::identity));
  BOOST_TEST((choose_coding("GZIP ; q=0.5", true, true) == coding::gzip));
  BOOST_TEST(tag_matches("\"a\", W/\"b\"", "\"b\""));
  BOOST_TEST(tag_matches("*", "\"b\""));
  BOOST_TEST(!tag_matches("\"a\"", "\"b\""));
}

BOOST_AUTO_TEST_CASE(metrics_as_prometheus_reads_them) {
  metrics_text text;
  text.family("x_total", "counter", "Things.");
  text.sample(3, "a=\"b\"");
  text.sample(0.5, {}, "_sum");
  BOOST_TEST(text.text() == "# HELP x_total Things.\n# TYPE x_total counter\nx_total{a=\"b\"} 3\nx_total_sum 0.5\n");
}

// RFC 9110, 13.1.1 and 8.8.3.
BOOST_AUTO_TEST_CASE(if_match_takes_lists_weak_tags_and_any) {
  const auto of = [](std::initializer_list<const char*> fields) {
    http_request request;
    for (const char* each : fields)
      request.insert(http::field::if_match, each);
    return read_if_match(request);
  };
  BOOST_TEST(of({}).fits(7));
  BOOST_TEST(!of({}).given);
  for (const char* one :
       {"\"7\"", " \"7\" ", "\"6\", \"7\"", "\"6\",\"7\",", ", ,\"7\"", "\"a,b\", \"7\"", "W/\"7\", \"7\"", "*", " * "})
    BOOST_TEST(of({one}).fits(7), one);
  for (const char* other : {"\"6\"", "W/\"7\"", "w/\"7\"", "7", "\"7", "7\"", "\"7\" \"8\"", "\"07\"", "\"6,7\"",
                            "\"7\", *", "*, \"7\"", "\"7\", 8", "\"\"", ",", "\"7 \"", "\"7\"x"}) {
    BOOST_TEST(of({other}).given, other);
    BOOST_TEST(!of({other}).fits(7), other);
  }
  BOOST_TEST(of({"\"6\"", "\"7\""}).fits(7)); // several fields are one list
  BOOST_TEST(!of({"\"7\"", "x"}).fits(7));
  BOOST_TEST(!of({"\"7\"", "*"}).fits(7));
  BOOST_TEST(!of({"*", "\"7\""}).any);
}

BOOST_AUTO_TEST_SUITE_END()
