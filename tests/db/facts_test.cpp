// Alarms, rejects, polls, audit, feed: on both databases.
#include "db/audit_search.hpp"
#include "db/sqlite_session.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

rule some_rule(rule_kind kind) {
  rule out;
  out.id = rule_id{100 + static_cast<std::uint32_t>(kind)};
  out.kind = kind;
  out.level = alarm_level::warning;
  out.limit = -18'000;
  out.deadband = 500;
  out.tolerated_to = -10'000;
  out.tolerated_for = std::chrono::minutes{20};
  out.name = "Überwachung = 'streng'; -18 °C";
  return out;
}

alarm_record alarm_of(const registered_unit& unit, int running, rule_kind rule, std::int64_t raised) {
  alarm_record out;
  out.id = alarm_id{number(unit.unit.id) * (1 << 20) + running};
  out.public_id = some_uuid(static_cast<int>(number(unit.unit.id)) * 100 + running);
  out.customer = unit.unit.customer;
  out.facility = unit.facility.id;
  out.unit = unit.unit.id;
  out.rule = rule;
  out.rules = {2, {-25'000, -18'000}, 3};
  out.by = some_rule(rule);
  out.course = {at_second(raised), -18'500, -12'000, -15'250, -14'900, millis{1'500}};
  out.raised_at = at_second(raised);
  out.raised_value = -17'999;
  out.extreme = -12'000;
  out.peak_score = 1.25F;
  out.explanation = "cycling stopped 40 min ago";
  return out;
}

alarm_transition step(const alarm_record& after, transition_kind kind, std::int64_t at) {
  return {after, kind, at_second(at), at_second(at + 1)};
}

alarm_record cleared(alarm_record alarm, std::int64_t at) {
  alarm.cleared_at = at_second(at);
  return alarm;
}

std::vector<alarm_id> ids(const alarm_page& page) {
  std::vector<alarm_id> out;
  for (const alarm_record& each : page.items)
    out.push_back(each.id);
  return out;
}

commit_batch transitions(std::vector<alarm_transition> steps) {
  commit_batch out;
  out.transitions = std::move(steps);
  return out;
}

rejected_reading reject(const registered_unit& unit, std::optional<std::int64_t> second, reject_reason reason) {
  rejected_reading out;
  out.customer = unit.unit.customer;
  out.point = unit.unit.point;
  out.unit_code = unit.unit.code;
  if (second) out.at = at_second(*second);
  out.raw = "null";
  out.sensor = "probe";
  out.reason = reason;
  out.received_at = at_second(100);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(facts)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_alarm_follows_its_transitions, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const alarm_record open = alarm_of(unit, 1, rule_kind::high_limit, 10);
  alarm_record gone = cleared(open, 20);
  gone.retroactive = true;
  gone.peak_score = 0.1F;
  gone.measured = 8'300;
  must(store->commit(transitions({step(open, transition_kind::raised, 10)})));
  const auto reader = must(store->make_reader());
  BOOST_TEST((must(reader->alarms({})).items == std::vector{open}));
  must(
      store->commit(transitions({step(gone, transition_kind::cleared, 20), step(gone, transition_kind::revised, 21)})));
  BOOST_TEST((must(reader->alarms({})).items == std::vector{gone}));
  const auto history = must(reader->transitions(open.id));
  BOOST_TEST((history == std::vector{step(open, transition_kind::raised, 10), step(gone, transition_kind::cleared, 20),
                                     step(gone, transition_kind::revised, 21)}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_open_alarm_a_rule_is_the_databases_law, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  const alarm_record first = alarm_of(unit, 1, rule_kind::low_limit, 10);
  const alarm_record second = alarm_of(unit, 2, rule_kind::low_limit, 30);
  const alarm_record other_rule = alarm_of(unit, 3, rule_kind::high_limit, 30);
  must(store->commit(transitions({step(first, transition_kind::raised, 10)})));
  const auto refused = store->commit(transitions({step(second, transition_kind::raised, 30)}));
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::conflict));
  // Nothing of the refused commit is there, and the next one goes on.
  BOOST_TEST(must(store->commit(transitions({step(cleared(first, 20), transition_kind::cleared, 20),
                                             step(second, transition_kind::raised, 30),
                                             step(other_rule, transition_kind::raised, 30)}))) == registrations + 2);
  const auto reader = must(store->make_reader());
  BOOST_TEST(must(reader->alarms({.open = true})).total == 2U);
  alarm_record annulled = second;
  annulled.annulled = true;
  const alarm_record third = alarm_of(unit, 4, rule_kind::low_limit, 40);
  must(store->commit(
      transitions({step(cleared(second, 35), transition_kind::cleared, 35), step(third, transition_kind::raised, 40),
                   step(annulled, transition_kind::annulled, 41)})));
  BOOST_TEST(must(reader->alarms({.open = true})).total == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(alarms_are_found_by_what_is_asked, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto units = make_units(*store, 2);
  const alarm_record a = alarm_of(units[0], 1, rule_kind::low_limit, 10);
  const alarm_record b = cleared(alarm_of(units[0], 2, rule_kind::high_limit, 20), 25);
  alarm_record c = alarm_of(units[1], 1, rule_kind::low_limit, 20);
  c.annulled = true;
  must(store->commit(transitions({step(a, transition_kind::raised, 10), step(b, transition_kind::cleared, 25),
                                  step(c, transition_kind::annulled, 20)})));
  const auto reader = must(store->make_reader());
  const auto ask = [&](const alarm_query& query) { return ids(must(reader->alarms(query))); };
  BOOST_TEST((ask({}) == std::vector{b.id, a.id}));
  BOOST_TEST((ask({.with_annulled = true}) == std::vector{b.id, c.id, a.id}));
  BOOST_TEST((ask({.open = true}) == std::vector{a.id}));
  BOOST_TEST((ask({.open = false}) == std::vector{b.id}));
  BOOST_TEST((ask({.unit = units[1].unit.id, .with_annulled = true}) == std::vector{c.id}));
  BOOST_TEST((ask({.customer = customer_id{99}}).empty()));
  BOOST_TEST((ask({.public_id = b.public_id}) == std::vector{b.id}));
  BOOST_TEST((ask({.raised_from = at_second(20), .raised_to = at_second(20)}) == std::vector{b.id}));
  BOOST_TEST((ask({.raised_to = at_second(19)}) == std::vector{a.id}));
  const auto page = must(reader->alarms({.with_annulled = true, .limit = 1, .offset = 1}));
  BOOST_TEST((ids(page) == std::vector{c.id}));
  BOOST_TEST(page.total == 3U);

  BOOST_TEST(must(store->alarms_of(units[0].unit.id, at_second(25))).size() == 2U);
  BOOST_TEST((must(store->alarms_of(units[0].unit.id, at_second(26))) == std::vector{a}));
  BOOST_TEST(must(store->alarms_of(units[0].unit.id, timestamp::min())).size() == 2U);
  const std::vector<std::pair<unit_id, alarm_id>> newest{{units[0].unit.id, b.id}, {units[1].unit.id, c.id}};
  BOOST_TEST((must(store->newest_alarm_ids()) == newest));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_same_reject_is_kept_once, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  rejected_reading unknown = reject(unit, 1, reject_reason::unknown_unit);
  unknown.point.reset();
  unknown.unit_code = "U9";
  rejected_reading no_time = reject(unit, {}, reject_reason::bad_time);
  no_time.raw = "yesterday";
  rejected_reading no_time_either = no_time;
  no_time_either.raw = "tomorrow";
  rejected_reading conflict = reject(unit, 1, reject_reason::conflict);
  conflict.value = -20'500;
  commit_batch batch;
  batch.rejects = {reject(unit, 1, reject_reason::null_value), unknown, no_time, no_time_either, conflict,
                   reject(unit, 1, reject_reason::null_value)};
  must(store->commit(batch));
  must(store->commit(batch));
  const auto reader = must(store->make_reader());
  const auto kept = must(reader->rejects({.customer = unit.unit.customer}));
  BOOST_TEST(
      (kept == std::vector{conflict, no_time_either, no_time, unknown, reject(unit, 1, reject_reason::null_value)}));
  BOOST_TEST((must(reader->rejects({.limit = 2, .offset = 1})) == std::vector{no_time_either, no_time}));
  BOOST_TEST(must(reader->rejects({.customer = customer_id{99}})).empty());
  BOOST_TEST((must(reader->rejects({.unit = "U9"})) == std::vector{unknown}));
  BOOST_TEST((must(reader->rejects({.reason = reject_reason::conflict})) == std::vector{conflict}));
  BOOST_TEST(must(reader->rejects({.from = unknown.received_at, .to = unknown.received_at})).size() == 5U);
  BOOST_TEST(must(reader->rejects({.from = unknown.received_at + millis{1}})).empty());
  BOOST_TEST(must(reader->rejects({.to = unknown.received_at - millis{1}})).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(text_that_is_no_text_does_not_stop_a_commit, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  rejected_reading odd = reject(unit, 1, reject_reason::bad_value);
  odd.raw = std::string("a\0b\xFF\xC3\xA4\xED\xA0\x80 \\\"{},'", 16);
  commit_batch batch;
  batch.rejects = {odd};
  must(store->commit(batch));
  const std::string sign = "\xEF\xBF\xBD";
  BOOST_TEST(must(must(store->make_reader())->rejects({}))[0].raw ==
             "a" + sign + "b" + sign + "\xC3\xA4" + sign + sign + sign + " \\\"{},'");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(polls_audit_and_feed_are_kept, World, worlds) {
  World world;
  world.options.keep_polls = 2;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  poll_record poll;
  poll.customer = unit.unit.customer;
  poll.method = "csv";
  poll.source_url = "http://127.0.0.1:8001/data/download.csv";
  poll.started_at = at_second(1);
  poll.duration = millis{42};
  poll.status = poll_status::partial;
  poll.received = 10;
  poll.rejected[static_cast<std::size_t>(reject_reason::conflict)] = 3;
  poll.history = true;
  poll.error = "half a body";
  commit_batch batch;
  for (std::uint32_t i = 0; i < 3; ++i) {
    poll.stored = i;
    batch.polls.push_back(poll);
  }
  batch.audits = {{at_second(2), unit.unit.customer, "token:x", "rule.changed", "U1", "-18", "-17", "because"},
                  {at_second(3), std::nullopt, "system", "started", "", "", "", ""}};
  batch.feed = {{customer_id{0}, 7}, {unit.unit.customer, 5}};
  must(store->commit(batch));
  batch.feed = {{customer_id{0}, 9}};
  batch.polls.clear();
  batch.audits.clear();
  must(store->commit(batch));
  const auto reader = must(store->make_reader());
  BOOST_TEST((must(reader->polls({})).front() == poll));
  BOOST_TEST(must(reader->polls({.limit = 2, .offset = 1})).size() == 2U);
  BOOST_TEST(must(reader->polls({.customer = customer_id{99}})).empty());
  must(store->forget_oldest());
  BOOST_TEST(must(reader->polls({})).size() == 2U);
  BOOST_TEST((must(reader->audits({.limit = 1})) ==
              std::vector{audit_entry{at_second(3), {}, "system", "started", "", "", "", ""}}));
  BOOST_TEST(must(reader->audits({.customer = unit.unit.customer, .limit = 1}))[0].action == "rule.changed");
  BOOST_TEST((must(store->feed_heads()) == std::vector{feed_head{customer_id{0}, 9}, {unit.unit.customer, 5}}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_audit_is_narrowed_by_unit_deed_person_and_time, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto units = make_units(*store, 1);
  const customer_id customer = units[0].unit.customer;
  commit_batch batch;
  const auto add = [&](std::int64_t second, std::optional<customer_id> whose, const char* who, const char* action,
                       const char* subject) {
    batch.audits.push_back({at_second(second), whose, who, action, subject, "", "", ""});
  };
  add(101, customer, "token:anna", "alarm.acknowledge", "unit F_1, alarm 1");
  add(102, customer, "token:bert", "rule.changed", "unit F_1, rule 203");
  add(103, customer, "token:anna", "unit.out_of_service", "F_1");
  add(104, customer, "token:anna", "rule.changed", "facility F_1, rule 203"); // a facility of the same code
  add(105, customer, "token:anna", "facility.registered", "F_1");
  add(106, customer, "token:anna", "alarm.acknowledge", "unit FX1, alarm 2"); // not what '_' would stand for
  add(107, customer, "token:anna", "alarm.acknowledge", "unit F_10, alarm 3");
  add(108, std::nullopt, "system", "alarms.other", "unit F_1, alarm 4"); // nobody's
  must(store->commit(batch));
  const auto reader = must(store->make_reader());
  const auto seconds = [&](audit_query query) {
    std::vector<std::int64_t> out;
    for (const audit_entry& each : must(reader->audits(query)))
      if (each.at > at_second(100)) out.push_back((each.at - at_second(0)) / std::chrono::seconds{1});
    return out;
  };
  using list = std::vector<std::int64_t>;
  BOOST_TEST(seconds({.customer = customer, .unit = "F_1"}) == (list{103, 102, 101}));
  BOOST_TEST(seconds({.action = "alarm"}) == (list{107, 106, 101}));
  BOOST_TEST(seconds({.action = "rule.changed"}) == (list{104, 102}));
  BOOST_TEST(seconds({.actor = "token:bert"}) == (list{102}));
  BOOST_TEST(seconds({.from = at_second(102), .to = at_second(104)}) == (list{104, 103, 102}));
  BOOST_TEST(seconds({.customer = customer, .unit = "F_1", .action = "alarm", .actor = "token:anna"}) == (list{101}));
  BOOST_TEST(seconds({.actor = "token:anna", .limit = 2, .offset = 1}) == (list{106, 105}));
  BOOST_TEST(seconds({.unit = "F_1%"}) == list{});
  BOOST_TEST(seconds({.action = "alarm.acknowledge", .from = at_second(102)}) == (list{107, 106}));
  BOOST_TEST(seconds({.action = "rul"}) == list{});
  BOOST_TEST(seconds({.customer = customer, .action = "alarms"}) == list{});
  BOOST_TEST(seconds({.unit = "F_1", .actor = "token:bert", .from = at_second(102), .to = at_second(102)}) ==
             (list{102}));
  // Of several actions together the pages are those of one list.
  add(102, customer, "token:anna", "alarm.comment", "unit F_1, alarm 1"); // the clock was set back
  batch.audits = {batch.audits.back()};
  must(store->commit(batch));
  BOOST_TEST(seconds({.action = "alarm"}) == (list{107, 106, 102, 101}));
  BOOST_TEST(seconds({.action = "alarm", .limit = 2, .offset = 2}) == (list{102, 101}));
  BOOST_TEST(seconds({.from = at_second(102), .limit = 2, .offset = 6}) == (list{102, 102}));
  BOOST_TEST(seconds({.unit = "F_1", .limit = 1}) == (list{102})); // as they were committed
}

BOOST_AUTO_TEST_CASE(no_filter_of_the_audit_reads_all_of_it) {
  const sqlite_world world;
  opened(world)->close();
  const auto in = world.look();
  const auto plan = [&](const audit_query& query) {
    std::string out;
    const db::audit_search search = db::search_of(*in, query);
    in->run("EXPLAIN QUERY PLAN SELECT * FROM audit" + search.text, search.parameters,
            [&](const db::sql_row& row) { out += row.text(3) + '\n'; });
    return out;
  };
  const auto whole = [](const std::string& text) { return text.find("SCAN audit") != std::string::npos; };
  BOOST_TEST(whole(plan({}))); // from its end, as far as the page goes
  for (const std::optional<customer_id> customer : {std::optional<customer_id>{}, std::optional(customer_id{1})}) {
    const std::string of_unit =
        plan({.customer = customer, .unit = "U", .action = "alarm", .actor = "a", .from = at_second(1)});
    BOOST_TEST((!whole(of_unit) && of_unit.find("audit_by_subject") != std::string::npos), of_unit);
    const std::string of_actor = plan({.customer = customer, .action = "alarm", .actor = "a", .from = at_second(1)});
    BOOST_TEST((!whole(of_actor) && of_actor.find("audit_by_actor (actor=? AND at>?)") != std::string::npos), of_actor);
    const std::string of_action = plan({.customer = customer, .action = "alarm", .to = at_second(1)});
    BOOST_TEST((!whole(of_action) && of_action.find("audit_by_action (action=? AND at<?)") != std::string::npos),
               of_action);
    const std::string of_time = plan({.customer = customer, .from = at_second(1)});
    BOOST_TEST((!whole(of_time) && of_time.find("audit_by_time (at>?)") != std::string::npos), of_time);
  }
  BOOST_TEST(!whole(plan({.customer = customer_id{1}})));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_said_cannot_be_unsaid, World, worlds) {
  const World world;
  {
    const auto store = opened(world);
    const auto unit = make_units(*store, 1)[0];
    must(store->commit(transitions({step(alarm_of(unit, 1, rule_kind::low_limit, 1), transition_kind::raised, 1)})));
    store->close();
  }
  const auto look = world.look();
  for (const std::string table : {"commits", "alarm_transitions", "audit"}) {
    BOOST_CHECK_THROW(look->script("DELETE FROM " + table), db::error);
    BOOST_CHECK_THROW(look->script("UPDATE " + table + " SET at = 0"), db::error);
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_named_as_such_whatever_sqlite_calls_it) {
  constexpr int full = 13, no_shared_memory = 10 | (19 << 8);
  for (const failure& said : {db::sqlite_failure(full, "database or disk is full", "/x/c.db", 0),
                              db::sqlite_failure(no_shared_memory, "disk I/O error", "/x/c.db", 4096)}) {
    BOOST_TEST((said.code == error_code::unavailable));
    BOOST_TEST(said.what.find("full") != std::string::npos);
    BOOST_TEST(said.where == "/x/c.db");
    BOOST_TEST(said.hint == "free space on the disk");
  }
  for (const std::optional<std::uint64_t> free : {std::optional<std::uint64_t>{1 << 20}, {}})
    BOOST_TEST(db::sqlite_failure(no_shared_memory, "disk I/O error", "/x/c.db", free).what == "disk I/O error");
}

BOOST_AUTO_TEST_SUITE_END()
