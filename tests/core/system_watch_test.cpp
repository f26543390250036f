// Alarms of Coldvigil itself, and those of common cause.
#include "core/clock_watch.hpp"
#include "core/now_keeper.hpp"
#include "core/system_conditions.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <random>
#include <set>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr timestamp noon = from_ms(1'800'000'000'000);

struct watch_fixture {
  system_watch_limits limits;
  std::uint8_t ids = 0;
  system_watch watch{limits, [this] {
                       uuid id;
                       id.bytes[0] = ++ids;
                       return id;
                     }};
  timestamp now = noon;

  std::vector<system_event> look(const std::vector<system_condition>& holding, millis later = seconds{15}) {
    return watch.look(holding, now += later);
  }
};

system_condition away(const std::string& subject = "store") {
  return {system_fault::store_away, {}, subject, "disk I/O error", {}};
}

std::set<system_fault> faults(const std::vector<system_condition>& all) {
  std::set<system_fault> out;
  for (const system_condition& each : all)
    out.insert(each.fault);
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(system_watching, watch_fixture)

BOOST_AUTO_TEST_CASE(what_lasts_is_an_alarm_and_what_is_over_for_a_while_is_none) {
  BOOST_TEST(look({away()}).empty());
  BOOST_TEST(look({away()}).empty());
  const auto raised = look({away()});
  BOOST_REQUIRE(raised.size() == 1U);
  BOOST_TEST((raised[0].step == system_step::raised));
  BOOST_TEST((raised[0].alarm.level == alarm_level::critical));
  BOOST_TEST(raised[0].alarm.what.detail == "disk I/O error");
  BOOST_TEST(look({away()}).empty());
  BOOST_TEST(look({}).empty());
  BOOST_TEST(look({away()}).empty()); // it was over for a moment only
  BOOST_TEST(look({}).empty());
  const auto cleared = look({}, minutes{3});
  BOOST_REQUIRE(cleared.size() == 1U);
  BOOST_TEST((cleared[0].step == system_step::cleared));
  BOOST_TEST((cleared[0].alarm.id == raised[0].alarm.id));
  BOOST_TEST(watch.alarms().size() == 1U);
  BOOST_TEST(watch.alarms()[0].cleared_at.has_value());
}

BOOST_AUTO_TEST_CASE(what_flickers_faster_than_its_delay_is_no_alarm) {
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(look({away()}).empty());
    BOOST_TEST(look({}).empty());
  }
  BOOST_TEST(watch.alarms().empty());
}

BOOST_AUTO_TEST_CASE(each_subject_has_an_alarm_of_its_own) {
  for (int i = 0; i < 3; ++i)
    (void)look({away("a"), away("b")});
  BOOST_TEST(watch.alarms().size() == 2U);
  BOOST_TEST(look({away("b")}, minutes{3}).empty());
  BOOST_TEST(look({away("b")}, minutes{3}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_neither_raises_nor_clears) {
  (void)look({away()});
  BOOST_TEST(look({away()}, -std::chrono::hours{5}).empty());
  BOOST_TEST(look({away()}, seconds{30}).size() == 1U);
  BOOST_TEST(look({}, -std::chrono::hours{5}).empty());
}

BOOST_AUTO_TEST_CASE(there_is_a_bound_and_what_is_left_out_is_counted) {
  system_watch small({seconds{0}, seconds{0}, seconds{1}, 2, 1}, [] { return uuid{}; });
  std::vector<system_condition> three{away("a"), away("b"), away("c")};
  BOOST_TEST(small.look(three, noon).size() == 2U);
  BOOST_TEST(small.left_out() == 1U);
  BOOST_TEST(small.look({}, noon + seconds{1}).empty()); // over, and for no time yet
  BOOST_TEST(small.look({}, noon + seconds{2}).size() == 2U);
  BOOST_TEST(small.alarms().size() == 1U); // as many cleared ones are kept
}

BOOST_AUTO_TEST_CASE(raised_and_cleared_alternate_whatever_comes) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    system_watch one({}, [] { return uuid{}; });
    std::map<std::string, bool> open;
    timestamp at = noon;
    for (int i = 0; i < 200; ++i) {
      at += seconds{random() % 90};
      std::vector<system_condition> holding;
      for (const char* subject : {"a", "b", "c"})
        if (random() % 3 != 0) holding.push_back(away(subject));
      for (const system_event& each : one.look(holding, at)) {
        const bool raised = each.step == system_step::raised;
        RC_ASSERT(open[each.alarm.what.subject] != raised);
        open[each.alarm.what.subject] = raised;
      }
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(who_has_seen_it_is_kept_and_nothing_is_acknowledged_twice) {
  for (int i = 0; i < 3; ++i)
    (void)look({away()});
  const uuid id = watch.alarms()[0].id;
  const alarm_life::mark anna{now, "anna", "I am on my way"};
  BOOST_TEST((watch.acknowledge(uuid{}, std::nullopt, anna).error().code == error_code::not_found));
  BOOST_TEST(
      (watch.acknowledge(id, customer_id{1}, anna).error().code == error_code::not_found)); // not that customer's
  BOOST_TEST((watch.acknowledge(id, std::nullopt, {now, "anna", std::string(2'001, 'x')}).error().code ==
              error_code::invalid_argument));
  BOOST_TEST((watch.acknowledge(id, std::nullopt, anna)->acknowledged == anna));
  BOOST_TEST(watch.acknowledge(id, std::nullopt, {now + minutes{1}, "anna", "I am on my way"}).ok());
  BOOST_TEST((watch.acknowledge(id, std::nullopt, {now, "ben", ""}).error().code == error_code::conflict));
  (void)look({});
  const auto cleared = look({}, minutes{3});
  BOOST_REQUIRE(cleared.size() == 1U);
  BOOST_TEST((cleared[0].alarm.acknowledged == anna));
  BOOST_TEST((watch.acknowledge(id, std::nullopt, anna).error().code == error_code::not_found)); // it is over
}

BOOST_AUTO_TEST_CASE(after_a_restart_what_holds_goes_on_and_what_does_not_is_cleared) {
  for (int i = 0; i < 3; ++i)
    (void)look({away("a"), away("b")});
  (void)look({away("c"), away("a"), away("b")});
  const auto before = watch.alarms();
  BOOST_REQUIRE(before.size() == 2U);
  system_watch next({}, [] { return uuid{}; });
  next.restore(before);
  BOOST_TEST((next.alarms() == before));
  now += std::chrono::hours{8};
  BOOST_TEST(next.look({away("a")}, now).empty()); // the time in which nobody looked counts for nothing
  BOOST_TEST(next.look({away("a")}, now + seconds{119}).empty());
  const auto events = next.look({away("a")}, now + minutes{2});
  BOOST_REQUIRE(events.size() == 1U);
  BOOST_TEST((events[0].step == system_step::cleared));
  BOOST_TEST(events[0].alarm.what.subject == "b");
  system_watch third({}, [] { return uuid{}; });
  third.restore(next.alarms());
  BOOST_TEST((third.alarms() == next.alarms())); // the cleared one among them
}

BOOST_AUTO_TEST_CASE(polls_that_fail_in_another_way_are_one_alarm_in_other_words) {
  const auto polls = [](system_fault fault) { return system_condition{fault, customer_id{1}, "A", "3 failed", {}}; };
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(look({polls(system_fault::polls_refused)}).empty());
  const auto raised = look({polls(system_fault::polls_failing)});
  BOOST_REQUIRE(raised.size() == 1U);
  const auto changed = look({polls(system_fault::polls_refused)});
  BOOST_REQUIRE(changed.size() == 1U);
  BOOST_TEST((changed[0].step == system_step::spread));
  BOOST_TEST((changed[0].alarm.id == raised[0].alarm.id));
  BOOST_TEST((changed[0].alarm.what.fault == system_fault::polls_refused));
  system_watch next({}, [] { return uuid{}; });
  next.restore(watch.alarms());
  BOOST_TEST(next.look({polls(system_fault::polls_failing)}, now += seconds{15}).size() == 1U);
  BOOST_TEST(next.look({polls(system_fault::polls_failing)}, now += minutes{9}).empty());
  BOOST_TEST(next.alarms().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_common_cause_that_spreads_says_so) {
  system_condition site{system_fault::site_silent, customer_id{1}, "f1", "", {unit_id{1}}};
  BOOST_TEST(look({site}).empty());
  BOOST_TEST(watch.pending().size() == 1U);
  BOOST_TEST(look({site}).size() == 1U); // its units were judged already, so it needs no long while
  BOOST_TEST(watch.pending().empty());
  BOOST_TEST(look({site}).empty());
  site.units.push_back(unit_id{2});
  const auto spread = look({site});
  BOOST_REQUIRE(spread.size() == 1U);
  BOOST_TEST((spread[0].step == system_step::spread));
  BOOST_TEST(spread[0].alarm.what.units.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_disk_is_nearly_full_by_its_share_or_by_what_is_left) {
  system_limits chosen;
  chosen.disk_share = 0.25;
  chosen.disk_bytes = 1'000;
  const auto low = [&](std::uint64_t free, std::uint64_t size) {
    system_state state;
    state.disk_free = free;
    state.disk_size = size;
    return !conditions_of(state, chosen, noon).empty();
  };
  BOOST_TEST(!low(1'000, 4'000));
  BOOST_TEST(low(999, 3'000));
  BOOST_TEST(low(2'499, 10'000));
  BOOST_TEST(!low(2'500, 10'000));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_is_noticed_beyond_the_tolerance_and_shown_for_a_while) {
  clock_watch clock(millis{500}, minutes{10});
  std::chrono::steady_clock::time_point steady{};
  timestamp wall = noon;
  const auto after = [&](millis really, millis shown) { return clock.look(wall += shown, steady += really); };
  BOOST_TEST(!after(seconds{0}, seconds{0}).has_value());
  BOOST_TEST(!after(seconds{15}, millis{15'500}).has_value());
  BOOST_TEST(!after(seconds{15}, millis{14'500}).has_value());
  BOOST_TEST((after(seconds{15}, millis{15'501}) == millis{501}));
  BOOST_TEST((after(minutes{10}, minutes{10}) == millis{501}));
  BOOST_TEST(!after(seconds{1}, seconds{1}).has_value());
  BOOST_TEST((after(seconds{15}, -std::chrono::hours{1}) == -std::chrono::hours{1} - seconds{15}));
}

BOOST_AUTO_TEST_CASE(what_happened_at_one_moment_is_shown_on_by_the_next_process) {
  const system_condition step{system_fault::clock_stepped, {}, "clock", "by 90 s", {}};
  const system_condition lost{system_fault::notice_undelivered, {}, "notification", "given up", {}};
  const std::vector<system_alarm> known{{uuid{}, alarm_level::warning, step, noon, {}, {}},
                                        {uuid{}, alarm_level::critical, lost, noon, {}, {}},
                                        {uuid{}, alarm_level::critical, away(), noon, {}, {}},
                                        {uuid{}, alarm_level::warning, step, noon, noon, {}}};
  const auto shown = [&](timestamp at, std::vector<system_condition> holding) {
    keep_shown(known, {}, at, holding);
    return holding;
  };
  BOOST_TEST((shown(noon, {}) == std::vector<system_condition>{step, lost}));
  BOOST_TEST((shown(noon, {lost}) == std::vector<system_condition>{lost, step}));
  BOOST_TEST(shown(noon + minutes{60}, {}).size() == 2U);
  BOOST_TEST(shown(noon + minutes{60} + millis{1}, {}).empty());
  BOOST_TEST(shown(noon - millis{1}, {}).empty()); // the clock was set back: how long ago it was, nobody knows
}

BOOST_AUTO_TEST_CASE(what_is_measured_becomes_conditions_at_their_limits) {
  system_state well;
  well.disk_free = 100ull << 30;
  well.disk_size = 200ull << 30;
  well.slow_commit_ms = 2'000;
  well.waiting_since = noon - seconds{60};
  well.model_wanted = well.model_there = true;
  well.polls = {{customer_id{1}, "A", 2, false, "no answer"}};
  BOOST_TEST(conditions_of(well, {}, noon).empty());
  well.polls = {{customer_id{1}, "A", 3, false, "known from before the start", noon - seconds{1}}};
  BOOST_TEST(conditions_of(well, {}, noon).empty());
  well.polls[0].believed_until = noon;
  BOOST_TEST(conditions_of(well, {}, noon).size() == 1U);
  system_state ill = well;
  ill.store_trouble = "disk I/O error";
  ill.disk_free = 9ull << 30;
  ill.slow_commit_ms = 2'001;
  ill.waiting_since = noon - seconds{61};
  ill.model_there = false;
  ill.polls = {{customer_id{1}, "A", 3, false, "no answer"}, {customer_id{2}, "B", 3, true, "401"}};
  ill.overdue_tests = {"anna by mail"};
  ill.undelivered = {"ben by sms"};
  ill.unheard.named = {{uuid{}, customer_id{1}, "U1, F1: too warm", noon}};
  ill.shortage.channels = {"mail"};
  ill.clock_step = millis{-90'000};
  BOOST_TEST(!faults(conditions_of(ill, {}, noon)).contains(system_fault::backlog_old)); // the store is the cause
  auto found = conditions_of(ill, {}, noon);
  ill.store_trouble.clear();
  for (const system_condition& each : conditions_of(ill, {}, noon))
    if (each.fault == system_fault::backlog_old) found.push_back(each);
  BOOST_TEST(found.size() == system_fault_count - 2); // all but the silent places
  BOOST_TEST(faults(found).size() == found.size());
  for (const system_condition& each : found) {
    BOOST_TEST(!each.detail.empty());
    BOOST_TEST(!words_of(each.fault).empty());
    if (each.fault == system_fault::notice_undelivered) BOOST_TEST(each.subject == "ben by sms");
    if (each.fault == system_fault::notification_full) BOOST_TEST(each.subject == "channel mail");
    if (each.fault != system_fault::alarm_unheard) continue;
    BOOST_TEST(each.subject == "U1, F1: too warm");
    BOOST_TEST((each.customer == customer_id{1}));
    BOOST_TEST(each.detail.starts_with("raised " + format_utc(noon) + ": everybody"));
  }
}

BOOST_AUTO_TEST_CASE(alarms_that_nobody_acknowledges_are_named_and_beyond_the_limit_counted) {
  system_state ill;
  ill.unheard.named = {{uuid{}, customer_id{1}, "U1, F1: too warm", noon},
                       {uuid{}, customer_id{2}, "U2, F1: no data", noon}};
  BOOST_TEST(conditions_of(ill, {}, noon).size() == 2U);
  ill.unheard.more = 7;
  const auto found = conditions_of(ill, {}, noon);
  BOOST_REQUIRE(found.size() == 3U);
  BOOST_TEST(found[2].subject == "other alarms");
  BOOST_TEST(found[2].detail.starts_with("of 7 more alarms"));
  BOOST_TEST(!found[2].customer.has_value());
}

BOOST_AUTO_TEST_CASE(alarms_for_which_there_is_no_place_are_counted) {
  system_state ill;
  ill.shortage.waiting = 7;
  auto found = conditions_of(ill, {}, noon);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].fault == system_fault::notification_full));
  BOOST_TEST(found[0].subject == "alarms");
  BOOST_TEST(found[0].detail.ends_with(": 7 more wait until others are over"));
  ill.shortage.dropped = 2;
  found = conditions_of(ill, {}, noon);
  BOOST_TEST(found.at(0).detail.ends_with("; 2 steps of further alarms are told of after a restart alone"));
  ill.shortage.waiting = 0;
  BOOST_TEST(conditions_of(ill, {}, noon).at(0).detail ==
             "2 steps of further alarms are told of after a restart alone");
  ill.shortage.uncalled = 1;
  BOOST_TEST(conditions_of(ill, {}, noon).at(0).detail ==
             "2 steps of further alarms are told of after a restart alone, and nobody is called about 1 of these "
             "alarms, which go on");
}

BOOST_AUTO_TEST_CASE(each_way_by_which_a_message_was_lost_is_named_and_many_are_no_flood) {
  system_state ill;
  for (int i = 10; i < 35; ++i)
    ill.undelivered.push_back("p" + std::to_string(i) + " by sms");
  const auto found = conditions_of(ill, {}, noon);
  BOOST_REQUIRE(found.size() == system_limits{}.lost_ways + 1);
  BOOST_TEST(found[0].subject == "p10 by sms");
  BOOST_TEST(found.back().subject == "other ways");
  BOOST_TEST(found.back().detail.starts_with("messages by 5 more ways were given up"));
  for (const system_condition& each : found)
    BOOST_TEST(!each.customer.has_value()); // whom alarms reach is no customer's business
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Two facilities of one customer with units that have reported.
struct place_fixture {
  now_board board;
  now_keeper keeper{board, 1, {}};

  place_fixture() {
    keeper.add_customer({customer_id{1}, {}, "A", "Customer A", {}});
    for (const std::int64_t f : {1, 2}) {
      facility_record facility;
      facility.id = facility_id{f};
      facility.customer = customer_id{1};
      facility.code = "f" + std::to_string(f);
      keeper.add_facility(facility);
      for (std::int64_t u = 1; u <= 5; ++u) {
        unit_record unit;
        unit.id = unit_id{10 * f + u};
        unit.point = point_id{10 * f + u};
        unit.customer = customer_id{1};
        unit.facility = facility_id{f};
        unit.code = "u" + std::to_string(10 * f + u);
        keeper.add_unit(unit);
        unit_snapshot stood;
        stood.unit = unit.id;
        stood.tail.emplace_back().at = noon;
        keeper.restore_unit(stood);
      }
    }
  }
  void silence(std::int64_t unit) {
    alarm_record alarm;
    alarm.id = alarm_id{unit};
    alarm.unit = unit_id{unit};
    alarm.customer = customer_id{1};
    alarm.rule = rule_kind::no_data;
    keeper.restore_alarm(alarm);
  }
  std::vector<system_condition> places(const std::set<std::string>& told = {}) {
    keeper.publish();
    return silent_places(*board.of(customer_id{1}), {}, told);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(common_cause, place_fixture)

BOOST_AUTO_TEST_CASE(a_silent_site_is_one_alarm_with_its_units) {
  for (const std::int64_t unit : {11, 12, 13})
    silence(unit);
  BOOST_TEST(places().empty()); // three of five may be three causes
  silence(14);
  const auto found = places();
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].fault == system_fault::site_silent));
  BOOST_TEST(found[0].subject == "f1");
  BOOST_TEST(found[0].units.size() == 4U);
  BOOST_TEST((found[0].customer == customer_id{1}));
}

BOOST_AUTO_TEST_CASE(a_silent_customer_is_one_alarm_not_one_a_site) {
  for (std::int64_t unit = 1; unit <= 5; ++unit) {
    silence(10 + unit);
    silence(20 + unit);
  }
  const auto found = places();
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].fault == system_fault::customer_silent));
  BOOST_TEST(found[0].units.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_site_that_was_told_goes_on_when_the_others_fall_silent_too) {
  for (std::int64_t unit = 1; unit <= 5; ++unit) {
    silence(10 + unit);
    silence(20 + unit);
  }
  const auto found = places({"f1"});
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST((found[0].fault == system_fault::site_silent));
  BOOST_TEST(found[0].subject == "f1");
  BOOST_TEST((found[1].fault == system_fault::customer_silent));
  BOOST_TEST(places({"f1", "f2"}).size() == 2U); // each is known already: there is nothing to add
  BOOST_TEST((places({"f1", "f2"})[1].fault == system_fault::site_silent));
}

BOOST_AUTO_TEST_CASE(units_out_of_service_are_no_part_of_it) {
  for (std::int64_t unit = 11; unit <= 13; ++unit)
    keeper.restore_service({customer_id{1}, unit_id{unit}, true, noon, "anna", "moved"});
  silence(14);
  silence(15);
  BOOST_TEST(places().empty()); // two units are no site
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
