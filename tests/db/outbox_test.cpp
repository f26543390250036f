// What people are told: on both databases.
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

const callee anna{"anna", "mail", "anna@example.org"};
const callee hook{"ben", "hook", ""};

alarm_notice notice_of(int alarm, std::uint64_t transition) {
  alarm_notice out;
  out.alarm = some_uuid(alarm);
  out.transition = transition;
  out.state = notice_state::corrected;
  out.level = severity::warning;
  out.customer = customer_id{3};
  out.facility = facility_id{4};
  out.customer_name = "Alpha";
  out.facility_name = "Store Łódź";
  out.unit_name = "U1";
  out.rule = "too warm";
  out.raised_at = at_second(10);
  out.ended_at = at_second(20);
  out.value = -12'345;
  out.limit = -18'000;
  out.scale = temperature_scale::fahrenheit;
  out.explanation = "why";
  out.ending = "it is over";
  out.retroactive = true;
  out.hold_until = at_second(15);
  out.finding = "rising 4.2 K/h (limit 2.0 K/h)";
  out.facility_place = "Łódź, Poland";
  out.codes = {"A", "F-1", "U1", some_uuid(40)};
  return out;
}

alarm_case case_of(int alarm, std::uint64_t seen) {
  alarm_case out;
  out.alarm = some_uuid(alarm);
  out.seen = seen;
  out.policy = "usual";
  out.opened_by = 1;
  out.opened_at = at_second(11);
  out.follow_up = true;
  out.round = 5;
  out.rounds = 2;
  out.step = 1;
  out.calls = 4;
  out.next_at = at_second(60);
  out.acknowledged_at = at_second(50);
  out.acknowledged_by = "anna";
  out.shelved_until = at_second(70);
  out.told = {anna, hook};
  return out;
}

outbox_entry entry_of(const std::string& key, std::vector<uuid> alarms = {}) {
  outbox_entry out;
  out.key = key;
  out.kind = message_kind::follow_up;
  out.to = hook;
  out.alarms = std::move(alarms);
  out.subject = "OVER – U1";
  out.text = "line\nline {link}";
  out.data = R"({"a":"\"1\\2"})";
  out.created_at = out.next_at = at_second(12);
  return out;
}

outbox_entry settled(outbox_entry entry, std::int64_t second) {
  entry.state = outbox_state::dead;
  entry.attempts = 3;
  entry.settled_at = at_second(second);
  entry.last_error = "550 no";
  return entry;
}

commit_batch batch_of(notification_changes changes) {
  commit_batch out;
  out.at = at_second(100);
  out.notifications = std::move(changes);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(notifications)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_case_goes_on_where_it_was, World, worlds) {
  const World world;
  const auto store = opened(world);
  alarm_notice plain;
  plain.alarm = some_uuid(2);
  plain.transition = 1;
  alarm_case plain_case;
  plain_case.alarm = plain.alarm;
  plain_case.seen = 1;
  plain_case.opened_at = at_second(12);
  must(store->commit(batch_of({.notices = {notice_of(1, 1), notice_of(1, 2), plain, notice_of(3, 7)}})));
  must(store->commit(batch_of({.notices = {notice_of(1, 2)}, .cases = {case_of(1, 1), plain_case, case_of(1, 2)}})));
  must(store->commit(batch_of({.notices = {notice_of(1, 3)}})));
  const auto found = must(store->load_notifications(at_second(0), at_second(0)));
  BOOST_REQUIRE(found.cases.size() == 2U);
  BOOST_TEST((found.cases[0] == std::pair(case_of(1, 2), notice_of(1, 2))));
  BOOST_TEST((found.cases[1] == std::pair(plain_case, plain)));
  BOOST_TEST((found.unseen == std::vector{notice_of(1, 3), notice_of(3, 7)}));
  BOOST_TEST(found.newest_transition == 7U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_long_over_is_left_in_the_store, World, worlds) {
  const World world;
  const auto store = opened(world);
  alarm_case old = case_of(1, 1);
  old.finished_at = at_second(30);
  message_link link{"ab", link_purpose::acknowledge, "m1", "anna", {some_uuid(1), some_uuid(2)}, at_second(40), {}};
  must(store->commit(batch_of({.notices = {notice_of(1, 1)},
                               .cases = {old},
                               .outbox = {settled(entry_of("m1"), 30), entry_of("m2")},
                               .links = {link}})));
  auto found = must(store->load_notifications(at_second(29), at_second(39)));
  BOOST_TEST((found.cases.at(0).first == old));
  BOOST_TEST((found.outbox == std::vector{settled(entry_of("m1"), 30), entry_of("m2")}));
  BOOST_TEST((found.links == std::vector{link}));
  found = must(store->load_notifications(at_second(30), at_second(40)));
  BOOST_TEST(found.cases.empty());
  BOOST_TEST(found.unseen.empty());
  BOOST_TEST((found.outbox == std::vector{entry_of("m2")}));
  BOOST_TEST(found.links.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(messages_keep_their_order_and_take_their_state, World, worlds) {
  const World world;
  const auto store = opened(world);
  const std::vector<uuid> about{some_uuid(1), some_uuid(2)};
  must(store->commit(batch_of({.outbox = {entry_of("b", about), entry_of("a"), entry_of("c")}})));
  const outbox_entry gone = settled(entry_of("a"), 50);
  must(store->commit(batch_of({.outbox = {entry_of("a"), gone}})));
  const auto found = must(store->load_notifications(at_second(0), at_second(0)));
  BOOST_TEST((found.outbox == std::vector{entry_of("b", about), gone, entry_of("c")}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_attempt_is_kept, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto attempt = [](const std::string& key, std::uint32_t number) {
    return delivery_record{
        key, number, anna, message_kind::alarm, at_second(number), millis{12}, send_result::retry, "451 later"};
  };
  must(store->commit(batch_of({.outbox = {entry_of("a", {some_uuid(1)}), entry_of("b", {some_uuid(2)})},
                               .deliveries = {attempt("a", 1), attempt("b", 1)}})));
  must(store->commit(batch_of({.deliveries = {attempt("a", 2)}})));
  const auto reader = must(store->make_reader());
  const auto ask = [&](const delivery_query& query) { return must(reader->deliveries(query)); };
  BOOST_TEST((ask({}) == std::vector{attempt("a", 2), attempt("b", 1), attempt("a", 1)}));
  BOOST_TEST((ask({.message = "a"}) == std::vector{attempt("a", 2), attempt("a", 1)}));
  BOOST_TEST((ask({.alarm = some_uuid(2)}) == std::vector{attempt("b", 1)}));
  BOOST_TEST((ask({.message = "a", .alarm = some_uuid(2)}).empty()));
  BOOST_TEST((ask({.limit = 1, .offset = 1}) == std::vector{attempt("b", 1)}));
  // One by person and channel, and one that arrived.
  delivery_record arrived{"c",  1, hook, message_kind::self_test, at_second(5), millis{3}, send_result::delivered,
                          "250"};
  must(store->commit(batch_of({.outbox = {entry_of("c")}, .deliveries = {arrived}})));
  BOOST_TEST((ask({.person = "ben"}) == std::vector{arrived}));
  BOOST_TEST((ask({.person = "nobody"}).empty()));
  BOOST_TEST((ask({.channel = "mail", .limit = 1}) == std::vector{attempt("a", 2)}));
  BOOST_TEST((ask({.result = send_result::delivered}) == std::vector{arrived}));
  BOOST_TEST((ask({.result = send_result::refused}).empty()));
  BOOST_TEST((ask({.from = at_second(2)}) == std::vector{arrived, attempt("a", 2)}));
  BOOST_TEST((ask({.to = at_second(2)}).size() == 3U));
  BOOST_TEST((ask({.from = at_second(2), .to = at_second(2)}) == std::vector{attempt("a", 2)}));
  BOOST_TEST(
      (ask({.message = "a", .person = "anna", .channel = "mail", .result = send_result::retry, .to = at_second(1)}) ==
       std::vector{attempt("a", 1)}));
  for (const char* change : {"UPDATE deliveries SET person = 'x'", "UPDATE alarm_notices SET rule = 'x'"}) {
    must(store->commit(batch_of({.notices = {notice_of(1, 1)}})));
    BOOST_CHECK_THROW(world.look()->script(change), db::error);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(links_and_self_tests_remember_their_use, World, worlds) {
  const World world;
  const auto store = opened(world);
  message_link link{"ab", link_purpose::confirm_receipt, "t1", "anna", {}, at_second(1000), {}};
  self_test test{"t1", anna, at_second(5), {}, false};
  const self_test other{"t2", hook, at_second(6), {}, false};
  must(store->commit(batch_of({.links = {link}, .self_tests = {test, other}})));
  link.used_at = at_second(60);
  test.received_at = at_second(60);
  test.overdue = true;
  const self_test next{"t3", anna, at_second(700), {}, false};
  must(store->commit(batch_of({.links = {link}, .self_tests = {test, next}})));
  const auto found = must(store->load_notifications(at_second(0), at_second(0)));
  BOOST_TEST((found.links == std::vector{link}));
  BOOST_TEST((found.self_tests == std::vector{other, next}));
  const auto reader = must(store->make_reader());
  BOOST_TEST((must(reader->self_tests(10)) == std::vector{next, other, test}));
  BOOST_TEST((must(reader->self_tests(1)) == std::vector{next}));
}

// The message and what it tells of are there together or not at all.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_commit_leaves_no_message, World, worlds) {
  const World world;
  const auto store = opened(world);
  commit_batch bad = batch_of({.notices = {notice_of(1, 1)}, .outbox = {entry_of("a")}});
  chunk alone;
  bad.chunks = {alone};
  BOOST_TEST(!store->commit(bad).ok());
  const auto found = must(store->load_notifications(at_second(0), at_second(0)));
  BOOST_TEST(found.unseen.empty());
  BOOST_TEST(found.outbox.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(damage_is_named, World, worlds) {
  const World world;
  const auto store = opened(world);
  must(store->commit(batch_of({.outbox = {entry_of("a")}})));
  world.look()->script("UPDATE outbox SET alarms = 'x'");
  const auto found = store->load_notifications(at_second(0), at_second(0));
  BOOST_REQUIRE(!found.ok());
  BOOST_TEST((found.error().code == error_code::corrupt));
  BOOST_TEST(found.error().where.find("message_key=a") != std::string::npos);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(system_alarms_are_kept_under_their_id_with_what_became_of_them, World, worlds) {
  const World world;
  system_alarm disk;
  disk.id = some_uuid(1);
  disk.level = alarm_level::critical;
  disk.what = {system_fault::disk_low, {}, "store", "0.9 GiB are free", {}};
  disk.raised_at = at_second(10);
  system_alarm site = disk;
  site.id = some_uuid(2);
  site.raised_at = at_second(20);
  {
    const auto store = opened(world);
    const auto units = make_units(*store, 2);
    const customer_id customer = units[0].unit.customer;
    site.what = {system_fault::site_silent, customer, "Łódź", "nothing is heard", {units[0].unit.id}};
    commit_batch batch;
    batch.at = at_second(30);
    batch.system_alarms = {disk, site};
    site.what.units.push_back(units[1].unit.id);
    site.acknowledged = alarm_life::mark{at_second(25), "token:anna", "power cut"};
    batch.system_alarms.push_back(site); // the last of each id stands
    must(store->commit(batch));
    store->close();
  }
  const auto store = opened(world);
  BOOST_TEST((must(store->load_system_alarms(10)) == std::vector{site, disk}));
  system_alarm second = disk;
  second.id = some_uuid(3);
  commit_batch refused;
  refused.system_alarms = {second}; // at most one of a fault, a customer and a subject is open
  BOOST_TEST(!store->commit(refused).ok());
  commit_batch over;
  over.at = at_second(40);
  disk.cleared_at = at_second(40);
  over.system_alarms = {disk, second};
  must(store->commit(over));
  BOOST_TEST((must(store->load_system_alarms(10)) == std::vector{site, second, disk}));
  BOOST_TEST((must(store->load_system_alarms(0)) == std::vector{site, second}));
  BOOST_CHECK_THROW(world.look()->script("DELETE FROM system_alarms"), db::error);
}

BOOST_AUTO_TEST_SUITE_END()
