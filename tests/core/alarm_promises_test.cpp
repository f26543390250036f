// What operators and inspectors are promised, each under its own name (docs/acceptance.md lists
// them), and the faults of alarm systems that their users complain of.
#include "core/now_keeper.hpp"
#include "core/rule_text.hpp"
#include "tests/core/judge_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

namespace coldvigil::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

rule_set rules(std::initializer_list<const char*> texts) {
  rule_set out;
  out.range = {2'000, 8'000};
  for (const char* text : texts)
    out.rules.push_back(fitted(parse_rule_text(text).value(), std::chrono::seconds{60}));
  return out;
}

constexpr const char* high_for_30_min = "id=1 kind=high_limit limit=8000 on_delay=1800000 max_gap=900000";
constexpr const char* high_for_60_min = "id=1 kind=high_limit limit=8000 on_delay=3600000 max_gap=900000";
constexpr const char* high_for_10_h_in_all =
    "id=2 kind=cumulative limit=8000 cumulative=36000000 window=86400000 max_gap=900000";

void offer(driven_unit& unit, int at, milli_celsius value, bool history = false) {
  offered what;
  what.reading.at = minute(at);
  what.reading.value = value;
  what.reading.history = history;
  unit.judge_.offer({std::move(what)});
}
void tell(driven_unit& unit, int at, milli_celsius value) {
  offer(unit, at, value);
  unit.run();
}
void tell_each_minute(driven_unit& unit, int from, int to, milli_celsius value) {
  for (int at = from; at < to; ++at)
    tell(unit, at, value);
}
std::vector<alarm_record> alarms(const driven_unit& unit) {
  return unit.store_.standing();
}

struct told {
  int minute;
  milli_celsius value;
};

} // namespace

BOOST_AUTO_TEST_SUITE(promises)

// --- duration alarms in event time, with an explicit gap policy

BOOST_AUTO_TEST_CASE(one_old_sample_above_the_limit_is_no_duration) {
  driven_unit unit({}, rules({high_for_30_min}));
  tell(unit, 0, 9'000); // measured two hours before it is judged
  (void)unit.look(minute(120), minute(0), minute(0));
  BOOST_TEST(alarms(unit).empty());
}

BOOST_AUTO_TEST_CASE(a_backfilled_batch_is_one_retroactive_alarm_at_its_own_time) {
  driven_unit unit({}, rules({high_for_30_min}));
  for (int at = 0; at <= 30; ++at)
    offer(unit, at, 9'000, true);
  unit.run();
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].retroactive);
  BOOST_TEST((found[0].raised_at == minute(30)));
  BOOST_TEST((found[0].course.onset == minute(0)));
}

BOOST_AUTO_TEST_CASE(what_a_late_reading_reveals_is_retroactive_and_stays_so) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000"}));
  tell(unit, 0, 5'000);
  tell(unit, 30, 5'000);
  tell(unit, 20, 9'000); // late
  auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].retroactive);
  BOOST_TEST((found[0].cleared_at == minute(30)));
  tell(unit, 25, 9'000); // moves it
  unit.crash();
  tell(unit, 26, 5'000);
  found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].retroactive);
  BOOST_TEST((found[0].cleared_at == minute(26)));
  tell(unit, 31, 9'000); // in its time
  BOOST_TEST(!alarms(unit)[1].retroactive);
  offer(unit, 40, 9'500); // in its time, although a late one comes with it
  offer(unit, 35, 5'000);
  unit.run();
  BOOST_REQUIRE(alarms(unit).size() == 3U);
  BOOST_TEST(!alarms(unit)[2].retroactive);
}

BOOST_AUTO_TEST_CASE(what_a_loggers_buffer_reveals_hours_later_is_retroactive) {
  const auto raised_by = [](const char* rule, millis late) {
    driven_unit unit({}, rules({rule}));
    judged run;
    run.readings = {{minute(0), 9'000}, {minute(30), 9'000}, {minute(60), 5'000}};
    const auto said = unit.book_.apply(run, minute(0) + late, [] { return uuid{}; });
    BOOST_REQUIRE(said.size() == 2U); // raised, and over
    BOOST_TEST(!said[1].history);     // so people are told
    BOOST_TEST(said[0].after.retroactive == said[1].after.retroactive);
    return said[0].after;
  };
  BOOST_TEST(!raised_by("id=1 kind=high_limit limit=8000", found_late_after).retroactive);
  BOOST_TEST(raised_by("id=1 kind=high_limit limit=8000", found_late_after + millis{1}).retroactive);
  constexpr const char* hourly = "id=1 kind=high_limit limit=8000 max_gap=10800000"; // a unit that reports each hour
  BOOST_TEST(!raised_by(hourly, hours{3}).retroactive);
  BOOST_TEST(raised_by(hourly, hours{3} + millis{1}).retroactive);
}

BOOST_AUTO_TEST_CASE(an_open_alarm_stands_by_its_newest_reading_and_its_worst) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000", "id=3 kind=sensor_fault", high_for_10_h_in_all}));
  tell(unit, 0, 9'000);
  tell(unit, 1, 12'000);
  tell(unit, 2, 10'000);
  auto now = unit.book_.standings();
  BOOST_REQUIRE(now.size() == 1U);
  BOOST_TEST((now[0].second == alarm_standing{minute(2), 10'000, 12'000}));
  unit.crash();
  BOOST_TEST((unit.book_.standings() == now));
  tell(unit, 1, 12'000); // again
  tell(unit, 3, 5'000);
  BOOST_TEST(unit.book_.standings().empty());
}

BOOST_AUTO_TEST_CASE(how_an_alarm_stands_says_of_what_sort_its_rule_is) {
  driven_unit unit({}, rules({"id=2 kind=cumulative side=below limit=2000 cumulative=60000 window=3600000"}));
  tell_each_minute(unit, 0, 4, 1'000);
  const auto now = unit.book_.standings();
  BOOST_REQUIRE(now.size() == 1U);
  BOOST_TEST((now[0].second.kind == rule_kind::cumulative));
  BOOST_TEST((now[0].second.side == rule_side::below));
}

BOOST_AUTO_TEST_CASE(an_alarm_that_never_was_keeps_the_newest_reading_while_that_is_out_of_its_limit) {
  const auto annulled_by = [](int late, milli_celsius newest) {
    driven_unit unit({}, rules({high_for_30_min}));
    for (int at = 0; at <= 30; at += 2)
      tell(unit, at, 9'000);
    tell(unit, 32, newest);
    BOOST_REQUIRE(alarms(unit).size() == 1U);
    tell(unit, late, 7'000);
    BOOST_TEST(alarms(unit).empty());
    return unit.store_.alarms.begin()->second;
  };
  BOOST_TEST((annulled_by(15, 12'000).measured == 12'000));
  BOOST_TEST(!annulled_by(15, 7'000).measured.has_value()); // within it by now
}

BOOST_AUTO_TEST_CASE(an_alarm_of_any_rule_that_never_was_keeps_what_holds_all_the_same) {
  const auto annulled = [](const char* rule, auto&& readings) {
    driven_unit unit({}, rules({rule}));
    readings(unit);
    BOOST_TEST(alarms(unit).empty());
    BOOST_REQUIRE(unit.store_.alarms.size() == 1U);
    return unit.store_.alarms.begin()->second;
  };
  // Nine minutes above 8 °C and more; a late reading leaves less, and it is above it still, or not.
  const auto summed = [&](milli_celsius newest) {
    return annulled("id=2 kind=cumulative limit=8000 cumulative=600000 window=3600000", [newest](driven_unit& unit) {
      for (int at = 0; at <= 10; at += 2)
        tell(unit, at, 9'000);
      tell(unit, 11, newest);
      tell(unit, 1, 5'000);
      tell(unit, 3, 5'000);
    });
  };
  BOOST_TEST((summed(9'000).measured && *summed(9'000).measured < 600'000));
  BOOST_TEST(!summed(7'000).measured.has_value());
  BOOST_TEST((summed(9'000).end == alarm_end::condition));
}

BOOST_AUTO_TEST_CASE(of_an_alarm_that_never_was_nothing_is_known_when_its_rule_judges_no_more) {
  driven_unit unit({}, rules({high_for_30_min}));
  for (int at = 0; at <= 30; at += 2)
    tell(unit, at, 9'000);
  BOOST_REQUIRE(alarms(unit).size() == 1U);
  unit.change_rules(rules({"id=1 kind=high_limit limit=12000"}), minute(31));
  tell(unit, 32, 9'000);
  tell(unit, 15, 7'000);
  const alarm_record& gone = unit.store_.alarms.begin()->second;
  BOOST_TEST(gone.annulled);
  BOOST_TEST((gone.end == alarm_end::rule_changed));
  BOOST_TEST(!gone.measured.has_value());
}

BOOST_AUTO_TEST_CASE(what_history_raised_is_news_when_the_first_live_reading_shows_that_it_holds) {
  const auto transitions_of = [](driven_unit& unit, int at, milli_celsius value, bool history) {
    judged run;
    run.readings.push_back({minute(at), value});
    run.readings.back().history = history;
    auto out = unit.book_.apply(run, minute(at), [] { return uuid{}; });
    unit.take(out);
    return out;
  };
  for (const milli_celsius live : {9'000, 5'000}) {
    driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000"}));
    auto said = transitions_of(unit, 0, 9'000, true);
    BOOST_REQUIRE(said.size() == 1U);
    BOOST_TEST(said[0].history); // nobody is called
    BOOST_TEST(transitions_of(unit, 1, 9'500, true).empty());
    said = transitions_of(unit, 2, live, false);
    BOOST_REQUIRE(said.size() == 1U);
    BOOST_TEST(!said[0].history);
    BOOST_TEST((said[0].kind == (live == 9'000 ? transition_kind::revised : transition_kind::cleared)));
    BOOST_TEST(said[0].after.retroactive);
    BOOST_TEST(transitions_of(unit, 3, live, false).empty());
  }
}

BOOST_AUTO_TEST_CASE(an_excursion_that_ended_out_of_sight_says_so) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000 max_gap=900000"}));
  tell_each_minute(unit, 0, 11, 9'000);
  tell(unit, 70, 9'000);  // an hour of silence in it
  tell(unit, 100, 5'000); // and back in range after another silence
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].course.lasted == minutes{10}));
  BOOST_TEST((found[0].course.unseen == minutes{90}));
  BOOST_TEST(found[0].course.end_unseen);
  driven_unit seen({}, rules({"id=1 kind=high_limit limit=8000 max_gap=900000"}));
  tell_each_minute(seen, 0, 11, 9'000);
  tell(seen, 70, 9'000);
  tell(seen, 71, 5'000);
  BOOST_TEST((alarms(seen)[0].course.unseen == hours{1}));
  BOOST_TEST(!alarms(seen)[0].course.end_unseen);
}

BOOST_AUTO_TEST_CASE(a_silence_has_no_weight_in_the_mean_of_an_excursion) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000 max_gap=900000"}));
  tell_each_minute(unit, 0, 10, 9'000);
  tell(unit, 10, 20'000); // what was before the hour of silence stands for none of it
  tell(unit, 70, 9'000);
  tell(unit, 71, 5'000);
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].course.lasted == minutes{11}));
  BOOST_TEST(found[0].course.highest == 20'000);
  BOOST_TEST(found[0].course.mean == 9'000);
  BOOST_TEST(found[0].course.mkt == 9'000);
}

BOOST_AUTO_TEST_CASE(whatever_the_gap_policy_what_was_seen_and_what_was_not_are_kept_apart) {
  rule_set own = own_rules({2'000, 8'000}, 1);
  for (rule& each : own.rules)
    each = fitted(each, minutes{5});
  rule_set paused = own;
  rule_set restarted = own;
  for (rule& each : paused.rules)
    each.gaps = gap_policy::pause;
  for (rule& each : restarted.rules)
    each.gaps = gap_policy::restart;
  for (const rule_set& by : {own, paused, restarted}) {
    driven_unit unit({}, by);
    tell_each_minute(unit, 0, 11, 9'000);
    tell(unit, 71, 9'000); // an hour of which nothing is known
    auto open = unit.book_.open_now(minute(80));
    BOOST_REQUIRE(open.size() == 1U);
    BOOST_TEST((open[0].course.lasted == minutes{10}));
    BOOST_TEST((open[0].course.unseen == minutes{61}));
    open = unit.book_.open_now(minute(100)); // silent again by now
    BOOST_TEST((open[0].course.unseen == minutes{90}));
    tell(unit, 131, 5'000); // within its limits again, since when nobody knows
    const auto found = alarms(unit);
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST((found[0].course.lasted == minutes{10}));
    BOOST_TEST((found[0].course.unseen == minutes{121}));
    BOOST_TEST(found[0].course.mean == 9'000);
    BOOST_TEST(found[0].course.end_unseen);
  }
}

BOOST_AUTO_TEST_CASE(a_silence_while_an_alarm_clears_is_unseen_and_its_end_is_not) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000 off_delay=600000 max_gap=300000 gaps=bridge"}));
  tell_each_minute(unit, 0, 11, 9'000);
  tell(unit, 11, 5'000); // seen to return
  tell(unit, 71, 5'000); // and still within an hour later: the delay goes on over the silence
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].cleared_at == minute(71)));
  BOOST_TEST((found[0].course.lasted == minutes{11}));
  BOOST_TEST((found[0].course.unseen == hours{1}));
  BOOST_TEST(!found[0].course.end_unseen);
}

BOOST_AUTO_TEST_CASE(a_unit_that_was_never_heard_has_no_temperature_and_no_alarm_before_its_rule) {
  constexpr const char* silent = "id=3 kind=no_data level=warning silent_after=1800000";
  driven_unit unit({}, rules({high_for_30_min}));
  unit.change_rules(rules({high_for_30_min, silent}), minute(100));
  unit.watch(minute(99), std::nullopt, minute(0));
  BOOST_TEST(alarms(unit).empty());
  unit.watch(minute(101), std::nullopt, minute(0));
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].raised_at == minute(100)));
  BOOST_TEST((found[0].course.onset == minute(0)));
  for (const milli_celsius value : {found[0].raised_value, found[0].extreme, found[0].course.lowest,
                                    found[0].course.highest, found[0].course.mean, found[0].course.mkt})
    BOOST_TEST(value == no_temperature);
  BOOST_TEST(found[0].explanation == "no reading ever came; listened for since 2023-11-14 22:13 UTC");
  driven_unit heard({}, rules({silent}));
  tell(heard, 0, 5'000);
  heard.watch(minute(31), minute(0), minute(0));
  BOOST_TEST(alarms(heard)[0].raised_value == 5'000);
  BOOST_TEST(alarms(heard)[0].explanation == "nothing heard since 2023-11-14 22:13 UTC");
}

BOOST_AUTO_TEST_CASE(silence_is_no_breach) {
  driven_unit unit({}, rules({high_for_30_min, "id=3 kind=no_data level=warning silent_after=1800000"}));
  tell(unit, 0, 9'000);
  auto silence = unit.look(minute(29), minute(0), minute(0));
  BOOST_TEST(silence.empty());
  silence = unit.look(minute(31), minute(0), minute(0));
  BOOST_REQUIRE(silence.size() == 1U);
  BOOST_TEST((silence[0].after.rule == rule_kind::no_data));
  BOOST_TEST((silence[0].after.raised_at == minute(30)));
  tell(unit, 40, 5'000);
  BOOST_TEST(alarms(unit).empty()); // no forty-minute breach
  silence = unit.look(minute(41), minute(40), minute(0));
  BOOST_REQUIRE(silence.size() == 1U);
  BOOST_TEST((silence[0].after.cleared_at == minute(40)));
}

BOOST_AUTO_TEST_CASE(any_permutation_of_a_batch_is_the_same_excursion) {
  std::mt19937 random(7);
  std::vector<int> order;
  for (int at = 0; at <= 45; ++at)
    order.push_back(at);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    driven_unit unit({}, rules({high_for_30_min}));
    for (const int at : order) {
      offer(unit, at, at < 40 ? 9'000 : 5'000);
      if (random() % 4 == 0) unit.run();
    }
    unit.run();
    const auto found = alarms(unit);
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST((found[0].raised_at == minute(30)));
    BOOST_TEST((found[0].cleared_at == minute(40)));
    BOOST_TEST((found[0].course.lasted == minutes{40}));
  }
}

BOOST_AUTO_TEST_CASE(the_three_gap_policies) {
  const auto alarms_with = [](const std::string& policy) {
    driven_unit unit(
        {}, rules({("id=1 kind=high_limit limit=8000 on_delay=1200000 max_gap=300000 gaps=" + policy).c_str()}));
    tell_each_minute(unit, 0, 16, 9'000);
    tell_each_minute(unit, 35, 40, 9'000); // 15 minutes, 20 of silence, 4 minutes
    return alarms(unit);
  };
  BOOST_TEST(alarms_with("restart").empty());
  BOOST_TEST(alarms_with("pause").empty());
  const auto bridged = alarms_with("bridge");
  BOOST_REQUIRE(bridged.size() == 1U);
  BOOST_TEST((bridged[0].raised_at == minute(35)));
  driven_unit paused({}, rules({"id=1 kind=high_limit limit=8000 on_delay=1200000 max_gap=300000 gaps=pause"}));
  tell_each_minute(paused, 0, 16, 9'000);
  tell_each_minute(paused, 35, 41, 9'000);
  BOOST_REQUIRE(alarms(paused).size() == 1U);
  BOOST_TEST((alarms(paused)[0].raised_at == minute(40)));
}

// --- what comes from the future is kept apart

BOOST_AUTO_TEST_CASE(a_reading_from_the_future_never_becomes_the_latest) {
  now_board board;
  now_keeper keeper(board, 1, {});
  customer_record customer;
  customer.id = customer_id{1};
  keeper.add_customer(customer);
  unit_record unit;
  unit.id = unit_id{7};
  unit.point = point_id{7};
  unit.customer = customer.id;
  unit.code = "u";
  keeper.add_unit(unit);
  rejected_reading future;
  future.customer = customer.id;
  future.point = unit.point;
  future.at = minute(1'000);
  future.value = 9'000;
  future.reason = reject_reason::future;
  commit_batch batch;
  batch.rejects = {future};
  keeper.committed(batch);
  const unit_now* now = board.of(customer.id)->find("u");
  BOOST_REQUIRE(now != nullptr);
  BOOST_TEST(!now->last.has_value());
  BOOST_TEST(!now->last_contact.has_value());
}

// --- single event and sum on one unit, neither hiding the other

BOOST_AUTO_TEST_CASE(pieces_below_an_hour_raise_the_sum_alone_at_exactly_ten_hours) {
  driven_unit unit({}, rules({high_for_60_min, high_for_10_h_in_all}));
  for (int hour = 0; hour < 12; ++hour) {
    tell_each_minute(unit, 60 * hour, 60 * hour + 50, 9'000);
    tell_each_minute(unit, 60 * hour + 50, 60 * hour + 60, 5'000);
  }
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].rule == rule_kind::cumulative));
  BOOST_TEST((found[0].raised_at == minute(60 * 11 + 50)));
}

BOOST_AUTO_TEST_CASE(crossing_both_bounds_raises_both) {
  driven_unit unit({}, rules({"id=1 kind=low_limit limit=2000", "id=2 kind=high_limit limit=8000"}));
  tell(unit, 0, 1'000);
  tell(unit, 1, 9'000);
  tell(unit, 2, 9'000);
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST((found[0].rule == rule_kind::low_limit));
  BOOST_TEST((found[1].rule == rule_kind::high_limit));
  BOOST_TEST(found[1].open());
}

// --- a stuck sensor by its own past

namespace {

std::vector<told> drifting(int count, milli_celsius resolution, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.15);
  std::vector<told> out;
  for (int i = 0; i < count; ++i) {
    const double value = -80 + 2 * std::sin(i / 20.0) + noise(random);
    out.push_back({i, static_cast<milli_celsius>(std::lround(value * 1000 / resolution)) * resolution});
  }
  return out;
}

driven_unit watched(const std::vector<told>& history) {
  driven_unit unit({}, rules({"id=4 kind=sensor_fault"}));
  for (const told& each : history)
    tell(unit, each.minute, each.value);
  return unit;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_display_that_stands_still_is_a_sensor_fault) {
  driven_unit unit = watched(drifting(600, 100, 1));
  BOOST_REQUIRE(alarms(unit).empty());
  tell_each_minute(unit, 600, 660, -79'000); // while the freezer thaws
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].raised_at < minute(620)));
  tell(unit, 660, 7'000);
  BOOST_TEST(!alarms(unit)[0].open());
}

BOOST_AUTO_TEST_CASE(a_sensor_of_one_degree_resolution_does_not_fire) {
  for (unsigned seed = 0; seed < 20; ++seed)
    BOOST_TEST(alarms(watched(drifting(3'000, 1'000, seed))).empty());
}

BOOST_AUTO_TEST_CASE(without_a_past_nothing_is_judged) {
  driven_unit unit({}, rules({"id=4 kind=sensor_fault"}));
  tell_each_minute(unit, 0, 200, -79'000);
  BOOST_TEST(alarms(unit).empty());
}

// --- what door and defrost explain is borne, with a hard cap

BOOST_AUTO_TEST_CASE(a_door_opening_is_borne_and_a_farther_or_longer_one_is_not) {
  constexpr const char* bearing =
      "id=1 kind=high_limit limit=8000 tolerated_to=12000 tolerated_for=1200000 max_gap=300000";
  driven_unit door({}, rules({bearing}));
  tell_each_minute(door, 0, 20, 10'000);
  tell(door, 20, 5'000);
  BOOST_TEST(alarms(door).empty());
  driven_unit longer({}, rules({bearing}));
  tell_each_minute(longer, 0, 21, 10'000);
  BOOST_REQUIRE(alarms(longer).size() == 1U);
  BOOST_TEST((alarms(longer)[0].raised_at == minute(20)));
  driven_unit farther({}, rules({bearing}));
  tell_each_minute(farther, 0, 3, 10'000);
  tell(farther, 3, 12'001);
  BOOST_REQUIRE(alarms(farther).size() == 1U);
  BOOST_TEST((alarms(farther)[0].raised_at == minute(3)));
}

// --- every timer outlives the process

BOOST_AUTO_TEST_CASE(killed_at_every_event_the_alarm_log_is_the_uninterrupted_one) {
  const rule_set all = rules(
      {high_for_30_min, "id=5 kind=high_limit level=warning limit=7000 deadband=500 off_delay=1200000 max_gap=900000",
       "id=2 kind=cumulative limit=8000 cumulative=4800000 window=14400000 max_gap=900000",
       "id=6 kind=rate_of_change limit=6000 window=1200000 max_gap=900000",
       "id=7 kind=mkt_limit limit=7500 window=7200000 min_samples=5 max_gap=900000"});
  std::vector<told> trace;
  for (int at = 0; at < 420; at += 3)
    trace.push_back({at, at % 120 < 45 ? 9'000 : at % 120 < 60 ? 6'800 : 5'000});
  driven_unit undisturbed({}, all);
  for (const told& each : trace)
    tell(undisturbed, each.minute, each.value);
  const auto expected = alarms(undisturbed);
  BOOST_REQUIRE(expected.size() > 6U);
  for (std::size_t killed = 0; killed < trace.size(); ++killed) {
    driven_unit unit({}, all);
    for (std::size_t i = 0; i < trace.size(); ++i) {
      tell(unit, trace[i].minute, trace[i].value);
      if (i == killed) unit.crash();
    }
    BOOST_TEST_CONTEXT("killed after event " << killed) BOOST_TEST((alarms(unit) == expected));
    const auto open = unit.book_.open_now(minute(500));
    BOOST_TEST((open == undisturbed.book_.open_now(minute(500))));
  }
}

// --- the rule is kept in the alarm

BOOST_AUTO_TEST_CASE(an_old_excursion_shows_the_limits_of_its_time) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000 name=last year's"}));
  unit.change_rules(rules({"id=1 kind=high_limit limit=6000 name=this year's"}), minute(100));
  tell(unit, 0, 9'000);
  tell(unit, 1, 5'000);
  tell(unit, 100, 7'000);
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(found[0].by.limit == 8'000);
  BOOST_TEST(found[0].by.name == "last year's");
  BOOST_TEST(found[1].by.limit == 6'000);
}

BOOST_AUTO_TEST_CASE(an_alarm_of_a_changed_rule_ends_and_the_new_rule_judges_for_itself) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000"}));
  tell(unit, 0, 9'000);
  unit.change_rules(rules({"id=1 kind=high_limit limit=8500"}), minute(5));
  tell(unit, 6, 9'000);
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST((found[0].cleared_at == minute(5)));
  BOOST_TEST((found[0].end == alarm_end::rule_changed));
  BOOST_TEST(found[1].open());
}

BOOST_AUTO_TEST_CASE(an_alarm_whose_rule_went_away_in_between_ends_with_the_next_reading) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000", "id=9 kind=low_limit limit=2000"}));
  tell(unit, 0, 9'000);
  unit.rules_ = std::make_shared<const rule_set>(rules({"id=9 kind=low_limit limit=2000"}));
  unit.crash();
  tell(unit, 1, 9'000);
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].end == alarm_end::rule_changed));
}

// --- what users of others complain of

BOOST_AUTO_TEST_CASE(a_value_that_dances_on_the_limit_is_one_alarm_with_a_deadband) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000 deadband=500 off_delay=600000 max_gap=900000"}));
  for (int at = 0; at < 60; ++at)
    tell(unit, at, at % 2 == 0 ? 8'100 : 7'900);
  BOOST_TEST(alarms(unit).size() == 1U);
  BOOST_TEST(alarms(unit)[0].open());
  tell_each_minute(unit, 60, 70, 7'500);
  BOOST_TEST(alarms(unit)[0].open());
  tell(unit, 70, 7'500);
  BOOST_TEST((alarms(unit)[0].cleared_at == minute(70)));
}

BOOST_AUTO_TEST_CASE(no_data_never_clears_a_breach) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000 off_delay=600000 max_gap=300000",
                              "id=3 kind=no_data level=warning silent_after=1800000"}));
  tell(unit, 0, 9'000);
  tell(unit, 1, 5'000); // begins to clear, then silence
  for (int at = 2; at < 3'000; at += 7)
    for (const alarm_transition& step : unit.look(minute(at), minute(1), minute(0)))
      BOOST_TEST((step.after.rule == rule_kind::no_data));
  tell(unit, 3'000, 5'000); // the clearing begins anew
  BOOST_TEST(alarms(unit)[0].open());
  tell_each_minute(unit, 3'001, 3'010, 5'000);
  BOOST_TEST(alarms(unit)[0].open());
  tell(unit, 3'010, 5'000);
  BOOST_TEST(!alarms(unit)[0].open());
}

BOOST_AUTO_TEST_CASE(silence_counts_from_the_later_of_contact_and_own_start_and_ends_by_contact_alone) {
  driven_unit unit({}, rules({"id=3 kind=no_data level=warning silent_after=1800000"}));
  tell(unit, 0, 5'000);
  BOOST_TEST(unit.look(minute(500), minute(0), minute(490)).empty()); // just started
  BOOST_TEST(unit.look(minute(520), minute(0), minute(490)).size() == 1U);
  BOOST_TEST(unit.look(minute(521), minute(0), minute(490)).empty()); // told once
  BOOST_TEST(unit.look(minute(600), minute(0), minute(599)).empty()); // a restart is no contact
  const auto over = unit.look(minute(601), minute(600), minute(599));
  BOOST_REQUIRE(over.size() == 1U);
  BOOST_TEST((over[0].after.cleared_at == minute(600)));
  BOOST_TEST(over[0].after.raised_value == 5'000);
}

BOOST_AUTO_TEST_CASE(a_late_reading_does_not_annul_a_silence_that_was_told) {
  driven_unit unit({}, rules({"id=3 kind=no_data level=warning silent_after=1800000"}));
  tell(unit, 0, 5'000);
  BOOST_TEST(unit.look(minute(40), minute(0), minute(0)).size() == 1U);
  tell(unit, 41, 5'000);
  tell(unit, 20, 5'000); // in its place, by replay
  BOOST_TEST(unit.book_.revisable().size() == 1U);
  BOOST_TEST(unit.book_.revisable()[0].open());
}

BOOST_AUTO_TEST_CASE(while_an_alarm_is_open_its_excursion_is_kept_current) {
  driven_unit unit({}, rules({"id=1 kind=high_limit limit=8000 max_gap=900000"}));
  tell_each_minute(unit, 0, 10, 9'000);
  tell_each_minute(unit, 10, 21, 11'000);
  const auto open = unit.book_.open_now(minute(21));
  BOOST_REQUIRE(open.size() == 1U);
  BOOST_TEST(open[0].course.lowest == 9'000);
  BOOST_TEST(open[0].course.highest == 11'000);
  BOOST_TEST((open[0].course.lasted == minutes{20}));
  BOOST_TEST(open[0].course.mean == 10'000);
  BOOST_TEST(open[0].course.mkt > 10'000);
  BOOST_TEST(open[0].extreme == 11'000);
}

BOOST_AUTO_TEST_CASE(an_alarm_of_a_sum_tells_of_the_readings_that_were_summed_since_the_first_of_them) {
  driven_unit unit({}, rules({"id=2 kind=cumulative limit=8000 cumulative=1200000 window=86400000 max_gap=900000"}));
  tell_each_minute(unit, 0, 10, 5'000);
  tell_each_minute(unit, 10, 15, 12'000);
  tell_each_minute(unit, 15, 20, 4'000); // within limits: no part of it
  tell_each_minute(unit, 20, 25, 9'000);
  tell_each_minute(unit, 25, 30, 6'000);
  tell_each_minute(unit, 30, 40, 10'000);
  tell(unit, 40, 3'000); // completes the 20 minutes
  BOOST_REQUIRE(alarms(unit).size() == 1U);
  const alarm_record found = alarms(unit)[0];
  BOOST_TEST((found.raised_at == minute(40)));
  BOOST_TEST((found.course.onset == minute(10)));
  BOOST_TEST(found.course.lowest == 9'000);
  BOOST_TEST(found.course.highest == 12'000);
  BOOST_TEST(found.extreme == 12'000);
  BOOST_TEST((found.course.lasted == minutes{20}));
  BOOST_TEST(found.course.mean == 10'250);
  tell_each_minute(unit, 41, 45, 3'000);
  tell_each_minute(unit, 45, 50, 15'000);
  const auto open = unit.book_.open_now(minute(50));
  BOOST_REQUIRE(open.size() == 1U);
  BOOST_TEST(open[0].extreme == 15'000);
  BOOST_TEST((open[0].course.lasted == minutes{24}));
}

BOOST_AUTO_TEST_CASE(a_forecast_calls_before_the_breach) {
  driven_unit unit({}, rules({"id=8 kind=predicted_breach level=warning limit=8000 window=1800000 lead=3600000",
                              "id=1 kind=high_limit limit=8000"}));
  for (int at = 0; at <= 120; ++at)
    tell(unit, at, 4'000 + 50 * at); // 3 K an hour, reaches 8 °C after 80 minutes
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST((found[1].rule == rule_kind::predicted_breach));
  BOOST_TEST((found[1].raised_at == minute(21))); // an hour before
  BOOST_TEST((found[0].raised_at == minute(81)));
}

BOOST_AUTO_TEST_CASE(a_change_is_called_by_its_speed_and_its_direction) {
  driven_unit unit({}, rules({"id=6 kind=rate_of_change limit=6000 window=1800000",
                              "id=7 kind=rate_of_change level=warning side=below limit=6000 window=1800000"}));
  for (int at = 0; at <= 60; ++at)
    tell(unit, at, 50 * at); // 3 K an hour is no alarm, however far it goes
  BOOST_TEST(alarms(unit).empty());
  for (int at = 61; at <= 120; ++at)
    tell(unit, at, 3'000 + 150 * (at - 60)); // 9 K an hour: more than 6 once it fills half of the window
  BOOST_REQUIRE(alarms(unit).size() == 1U);
  BOOST_TEST((alarms(unit)[0].by.id == rule_id{6}));
  BOOST_TEST((alarms(unit)[0].raised_at > minute(73))); // the oldest slot, of 3 min 45 s, counts from its first reading
  BOOST_TEST((alarms(unit)[0].raised_at <= minute(76)));
  for (int at = 121; at <= 180; ++at)
    tell(unit, at, 12'000 - 150 * (at - 120));
  const auto found = alarms(unit);
  BOOST_REQUIRE(found.size() == 2U);
  for (const alarm_record& each : found)
    BOOST_TEST(each.open() == (each.by.id == rule_id{7}), static_cast<std::uint32_t>(each.by.id));
}

BOOST_AUTO_TEST_CASE(a_warning_and_a_critical_limit_are_alarms_of_their_own) {
  driven_unit unit({}, rules({"id=1 kind=high_limit level=warning limit=8000", "id=2 kind=high_limit limit=10000"}));
  const auto open = [&] {
    std::string out;
    for (const alarm_record& each : alarms(unit))
      if (each.open()) out += std::string(to_string(each.by.level)) + " ";
    return out;
  };
  tell(unit, 0, 9'000);
  BOOST_TEST(open() == "warning ");
  tell(unit, 1, 11'000);
  BOOST_TEST((open() == "warning critical " || open() == "critical warning "), open());
  tell(unit, 2, 9'000);
  BOOST_TEST(open() == "warning ");
  tell(unit, 3, 7'000);
  BOOST_TEST(open().empty());
  BOOST_TEST(alarms(unit).size() == 2U);
}

BOOST_AUTO_TEST_CASE(mean_kinetic_temperature_fails_where_the_mean_passes) {
  driven_unit unit({}, rules({"id=7 kind=mkt_limit limit=8000 window=86400000 max_gap=900000"}));
  for (int at = 0; at < 18 * 60; at += 5)
    tell(unit, at, 5'000);
  for (int at = 18 * 60; at <= 24 * 60; at += 5)
    tell(unit, at, 14'000); // the mean of the day is 7.25 °C, its MKT 8.285 °C
  BOOST_REQUIRE(alarms(unit).size() == 1U);
  BOOST_TEST((alarms(unit)[0].raised_at <= minute(24 * 60)));
}

BOOST_AUTO_TEST_CASE(a_quiet_unit_with_five_rules_stays_within_a_few_hundred_bytes) {
  driven_unit unit({},
                   rules({"id=1 kind=low_limit limit=2000", "id=2 kind=high_limit limit=8000",
                          "id=3 kind=model_persistence consecutive=3",
                          "id=4 kind=cumulative limit=8000 cumulative=3600000 window=86400000", "id=5 kind=no_data"}));
  for (int at = 0; at < 1'000; ++at)
    tell(unit, at, 5'000);
  BOOST_TEST(unit.book_.heap_bytes() + sizeof(alarm_book) < 900U);
  BOOST_TEST(unit.book_.heap_bytes() < 500U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
