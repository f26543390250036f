#include "actors/ingest.hpp"
#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace coldvigil::test {
namespace {

constexpr auto directory_text = R"({"facilities":[{"facility_id":"f1","units":[
  {"unit_id":"u1","set_temperature":-20,"temperature_unit":"C","low_limit":-25,"high_limit":-15},
  {"unit_id":"u2","set_temperature":-20,"temperature_unit":"C"}]}]})";

std::string reading_text(const std::string& unit, timestamp at, const std::string& value) {
  return R"({"unit_id":")" + unit + R"(","facility_id":"f1","temperature":)" + value +
         R"(,"temperature_unit":"C","timestamp":")" + format_utc(at) + "\"}";
}
std::string payload_text(const std::vector<std::string>& readings) {
  std::string out = R"({"readings":[)";
  for (const std::string& each : readings)
    out += (out.back() == '[' ? "" : ",") + each;
  return out + "]}";
}

/// An endpoint by hand: answers by URL, at once or never.
struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  running run{storage};
  std::map<std::string, result<std::string>> answers; ///< by URL prefix
  std::vector<std::string> asked;
  actors::ingest_actor poller;
  std::shared_ptr<actors::ingest_tools> tools;

  fixture() {
    source_settings source;
    source.customer_code = "A";
    source.url = "live?{hours}";
    source.interval = std::chrono::seconds{60};
    source.register_units = true;
    source.max_units = 10;
    const auto& customer = run.engine->customers().front();
    tools = std::make_shared<actors::ingest_tools>(actors::ingest_tools{
        source, customer.record, customer.handle, run.engine->writer(), {}, [] { return 0.5; }, {}});
    tools->fetch = [this](const source_settings&, const std::string& url, auto done) {
      asked.push_back(url);
      for (const auto& [prefix, answer] : answers)
        if (url.starts_with(prefix)) return done(answer);
    };
  }
  ~fixture() { caf::anon_send_exit(poller, caf::exit_reason::kill); }
  void start() {
    poller = run.system.spawn(actors::ingest, &run.context, std::shared_ptr<const actors::ingest_tools>(tools));
    turn(6);
  }
  /// Lets several steps of a poll pass, each with its commit.
  void turn(int steps) {
    for (int i = 0; i < steps; ++i)
      run.finish();
  }
  [[nodiscard]] timestamp ago(int minutes) const { return run.time.now() - std::chrono::minutes{minutes}; }
  [[nodiscard]] const poll_record& last_poll() const { return storage->polls.back(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ingesting, fixture)

BOOST_AUTO_TEST_CASE(first_contact_is_directory_then_history_then_live) {
  tools->source.directory_url = "dir";
  tools->source.history_url = "history/{unit}";
  answers.emplace("dir", std::string(directory_text));
  answers.emplace("history/u1", payload_text({reading_text("u1", ago(20), "-20"), reading_text("u1", ago(15), "-5")}));
  answers.emplace("history/u2", payload_text({}));
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  const timestamp breach = ago(15);
  const timestamp arrival = run.time.now();
  start();
  turn(20);
  BOOST_REQUIRE(asked.size() >= 4U);
  BOOST_TEST(asked[0] == "dir");
  BOOST_TEST(asked[1] == "history/u1");
  BOOST_TEST(asked[2] == "history/u2");
  BOOST_TEST(asked[3].starts_with("live?"));
  BOOST_TEST(storage->readings[1].size() == 3U);
  BOOST_TEST(storage->readings[1].begin()->second.history);
  BOOST_TEST(!storage->readings[1].rbegin()->second.history);
  // The excursion in history is kept, as one that calls nobody: of the time at which it was, decided when it was heard
  // of.
  BOOST_REQUIRE(storage->alarms.size() >= 1U);
  BOOST_TEST(storage->alarms.begin()->second.retroactive);
  BOOST_TEST((storage->transitions.at(0).at == breach));
  BOOST_TEST((storage->transitions.at(0).decided_at >= arrival));
}

BOOST_AUTO_TEST_CASE(every_poll_leaves_true_counts) {
  answers.emplace("live", payload_text({reading_text("u1", ago(3), "-20"), reading_text("u1", ago(3), "-20"),
                                        reading_text("u1", ago(2), "null"), reading_text("u1", ago(1), "5000"),
                                        reading_text("u1", run.time.now() + std::chrono::hours{1}, "-20")}));
  start();
  const poll_record& poll = last_poll();
  BOOST_TEST(poll.received == 5U);
  BOOST_TEST(poll.stored == 1U);
  BOOST_TEST(poll.duplicate == 1U);
  BOOST_TEST(poll.rejected[static_cast<std::size_t>(reject_reason::null_value)] == 1U);
  BOOST_TEST(poll.rejected[static_cast<std::size_t>(reject_reason::implausible)] == 1U);
  BOOST_TEST(poll.rejected[static_cast<std::size_t>(reject_reason::future)] == 1U);
  BOOST_TEST((poll.status == poll_status::partial));
}

BOOST_AUTO_TEST_CASE(a_history_listed_newest_first_is_kept_whole) {
  tools->source.history_url = "history";
  std::vector<std::string> newest_first;
  for (int i = 0; i < 700; ++i)
    for (const char* unit : {"u1", "u2"})
      newest_first.push_back(reading_text(unit, ago(10 + 5 * i), "-20"));
  answers.emplace("history", payload_text(newest_first));
  start();
  turn(20);
  BOOST_REQUIRE(!storage->polls.empty());
  BOOST_TEST(storage->polls.front().stored == 1400U);
  BOOST_TEST((storage->polls.front().status == poll_status::success));
  BOOST_TEST(storage->readings[1].size() == 700U);
  BOOST_TEST(storage->readings[2].size() == 700U);
}

BOOST_AUTO_TEST_CASE(a_failure_is_recorded_as_what_it_is_and_backed_off_from) {
  answers.emplace("live", failure{error_code::unavailable, "the endpoint answered 500"});
  start();
  BOOST_REQUIRE(storage->polls.size() == 1U);
  BOOST_TEST((last_poll().status == poll_status::failure));
  BOOST_TEST(last_poll().error == "the endpoint answered 500");
  run.advance(millis{700});
  turn(2);
  BOOST_TEST(asked.size() == 1U);
  run.advance(millis{100});
  turn(2);
  BOOST_TEST(asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_poll_that_is_under_way_at_the_end_leaves_its_row) {
  start(); // nobody answers
  BOOST_TEST(storage->polls.empty());
  caf::anon_send(poller, actors::stop{});
  run.finish();
  BOOST_REQUIRE(storage->polls.size() == 1U);
  BOOST_TEST((last_poll().status == poll_status::failure));
  BOOST_TEST(last_poll().error == "coldvigil was stopped while this poll was under way");
}

BOOST_AUTO_TEST_CASE(what_is_not_readings_is_said_so) {
  answers.emplace("live", std::string("<html>Welcome</html>"));
  start();
  BOOST_TEST((last_poll().status == poll_status::failure));
  BOOST_TEST(last_poll().error.find("HTML") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_unit_is_refused_where_registration_is_not_allowed) {
  tools->source.register_units = false;
  answers.emplace("live", payload_text({reading_text("u9", ago(1), "-20")}));
  start();
  BOOST_TEST(last_poll().rejected[static_cast<std::size_t>(reject_reason::unknown_unit)] == 1U);
  BOOST_TEST(storage->known.units.empty());
}

BOOST_AUTO_TEST_CASE(registration_is_bounded) {
  tools->source.max_units = 2;
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20"), reading_text("u2", ago(1), "-20"),
                                        reading_text("u3", ago(1), "-20")}));
  start();
  BOOST_TEST(storage->known.units.size() == 2U);
  BOOST_TEST(last_poll().rejected[static_cast<std::size_t>(reject_reason::unknown_unit)] == 1U);
}

BOOST_AUTO_TEST_CASE(a_customer_that_hangs_harms_nobody) {
  start(); // no answer ever comes
  run.register_unit("other");
  BOOST_TEST(run.post("other", {{ago(1), -20'000}}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_full_engine_makes_a_poll_wait_and_nothing_is_lost) {
  BOOST_TEST(run.gate.try_take(1000));
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  start();
  BOOST_TEST(storage->readings[1].empty());
  run.gate.give(1000);
  run.advance(millis{200});
  turn(3);
  BOOST_TEST(storage->readings[1].size() == 1U);
  BOOST_TEST(last_poll().stored == 1U);
}

BOOST_AUTO_TEST_CASE(after_a_restart_it_asks_back_to_what_is_known) {
  answers.emplace("live", payload_text({reading_text("u1", ago(180), "-20")}));
  start();
  BOOST_TEST(asked.front().starts_with("live?336")); // nothing known: as far as history goes
  asked.clear();
  caf::anon_send_exit(poller, caf::exit_reason::kill);
  start();
  const double hours = std::stod(asked.front().substr(5));
  BOOST_TEST(hours > 3.0);
  BOOST_TEST(hours < 3.1);
}

/// The hours that the last live poll asked for.
double hours_asked(const std::vector<std::string>& asked) {
  const auto last =
      std::find_if(asked.rbegin(), asked.rend(), [](const auto& url) { return url.starts_with("live?"); });
  return last == asked.rend() ? 0 : std::stod(last->substr(5));
}

BOOST_AUTO_TEST_CASE(a_back_fill_that_a_stop_cut_off_at_one_unit_leaves_no_hole) {
  tools->source.history_url = "history/{unit}";
  answers.emplace("history/u1",
                  payload_text({reading_text("u1", ago(100), "-20"), reading_text("u1", ago(50), "-20")}));
  answers.emplace("history/u2", payload_text({reading_text("u2", ago(100), "-20"), reading_text("u2", ago(1), "-20")}));
  answers.emplace("live", payload_text({reading_text("u1", ago(50), "-20"), reading_text("u2", ago(1), "-20")}));
  start();
  turn(20);
  caf::anon_send_exit(poller, caf::exit_reason::kill);
  asked.clear();
  start();
  BOOST_TEST(asked.front().starts_with("live?"));
  BOOST_TEST(hours_asked(asked) > 50.0 / 60);
  BOOST_TEST(hours_asked(asked) < 1.0);
}

BOOST_AUTO_TEST_CASE(what_comes_late_at_one_unit_is_asked_for_again_and_a_silent_one_is_not_waited_for) {
  answers.emplace("live", payload_text({reading_text("u1", ago(4), "-20"), reading_text("u2", ago(1), "-20")}));
  start();
  run.advance(std::chrono::seconds{60});
  turn(6);
  BOOST_TEST(hours_asked(asked) * 60 > 5.0); // four minutes, the one that passed, and an interval
  run.advance(std::chrono::minutes{20});     // of silence of both
  turn(6);
  run.advance(std::chrono::seconds{60});
  turn(6);
  BOOST_TEST(hours_asked(asked) * 60 < 5.0);
}

BOOST_AUTO_TEST_CASE(times_of_the_repeated_hour_are_asked_for_with_what_precedes_them) {
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  start();
  run.advance(std::chrono::seconds{60});
  turn(6);
  BOOST_TEST(hours_asked(asked) < 0.5);
  tools->source.fields.zone = "Europe/Berlin";
  answers.at("live") = std::string(
      R"({"readings":[{"unit_id":"u1","facility_id":"f1","temperature":-20,"temperature_unit":"C","timestamp":"2026-10-25T02:30:00"}]})");
  run.advance(std::chrono::seconds{60});
  turn(6);
  BOOST_TEST(last_poll().rejected[static_cast<std::size_t>(reject_reason::ambiguous_time)] == 1U);
  run.advance(std::chrono::seconds{60});
  turn(6);
  BOOST_TEST(hours_asked(asked) > 2.0);
  BOOST_TEST(hours_asked(asked) < 2.2);
}

BOOST_AUTO_TEST_CASE(a_row_that_names_no_unit_is_counted_as_what_it_is) {
  answers.emplace("live", payload_text({"5", "null", reading_text("u1", ago(1), "-20")}));
  start();
  BOOST_TEST(last_poll().stored == 1U);
  BOOST_TEST(last_poll().rejected[static_cast<std::size_t>(reject_reason::bad_value)] == 2U);
  BOOST_TEST(last_poll().rejected[static_cast<std::size_t>(reject_reason::unknown_unit)] == 0U);
}

BOOST_AUTO_TEST_CASE(an_interrupted_back_fill_is_taken_up_where_it_ended) {
  tools->source.history_url = "history/{unit}/{hours}";
  const timestamp first = ago(600);
  answers.emplace("history/u1", payload_text({reading_text("u1", first, "-20")}));
  answers.emplace("live", payload_text({reading_text("u1", first, "-20")}));
  start();
  turn(10);
  caf::anon_send_exit(poller, caf::exit_reason::kill);
  asked.clear();
  answers.erase("history/u1");
  answers.emplace("history/u1", payload_text({reading_text("u1", first, "-20"), reading_text("u1", ago(300), "-20")}));
  start();
  turn(10);
  BOOST_REQUIRE(asked.front().starts_with("history/u1/10"));
  BOOST_TEST(storage->readings[1].size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_past_that_did_not_come_at_first_contact_is_asked_for_whole_when_it_works_again) {
  tools->source.history_url = "history/{unit}/{hours}";
  tools->limits.history_attempts = 2;
  answers.emplace("history/u1", failure{error_code::unavailable, "the endpoint answered 500"});
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  start();
  for (int i = 0; i < 10 && storage->readings[1].empty(); ++i) {
    run.advance(std::chrono::seconds{60});
    turn(6);
  }
  BOOST_REQUIRE(storage->readings[1].size() == 1U); // live readings do not wait for ever

  answers.erase("history/u1");
  answers.emplace("history/u1", payload_text({reading_text("u1", ago(300), "-20")}));
  asked.clear();
  for (int i = 0; i < 10; ++i) {
    run.advance(std::chrono::seconds{60});
    turn(6);
  }
  const auto is_history = [](const std::string& url) { return url.starts_with("history"); };
  BOOST_TEST(std::count_if(asked.begin(), asked.end(), is_history) == 1);
  BOOST_TEST((std::find(asked.begin(), asked.end(), "history/u1/336") != asked.end()));
  BOOST_TEST(std::any_of(storage->polls.begin(), storage->polls.end(), [](const poll_record& poll) {
    return poll.history && poll.rejected[static_cast<std::size_t>(reject_reason::late_not_judged)] == 1;
  }));
}

BOOST_AUTO_TEST_CASE(a_unit_that_shows_up_later_has_its_history_before_its_first_live_reading) {
  tools->source.history_url = "history/{unit}";
  answers.emplace("history/u1", payload_text({reading_text("u1", ago(20), "-20")}));
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  start();
  turn(20);
  BOOST_REQUIRE(asked.size() >= 3U);
  BOOST_TEST(asked[1] == "history/u1");
  BOOST_REQUIRE(storage->readings[1].size() == 2U);
  BOOST_TEST(storage->readings[1].begin()->second.history);
  BOOST_TEST(!storage->readings[1].rbegin()->second.history);
}

BOOST_AUTO_TEST_CASE(live_rows_of_a_unit_wait_for_its_history_and_those_of_others_do_not) {
  tools->limits.history_attempts = 5;
  tools->source.history_url = "history/{unit}";
  answers.emplace("history/u1", payload_text({reading_text("u1", ago(20), "-20")}));
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  start();
  turn(20);
  // A second unit comes, and its history does not answer.
  answers.emplace("history/u2", failure{error_code::unavailable, "the endpoint answered 500"});
  answers.at("live") =
      payload_text({reading_text("u1", run.time.now(), "-20"), reading_text("u2", run.time.now(), "-20")});
  run.advance(std::chrono::seconds{60});
  turn(4);
  BOOST_TEST(storage->readings[1].size() == 3U);
  BOOST_TEST(storage->readings[2].empty());
  // It is given up, and the unit is watched without its past.
  for (int i = 0; i < 12; ++i) {
    run.advance(std::chrono::seconds{10});
    turn(4);
  }
  BOOST_TEST(storage->readings[2].size() == 1U);
}

BOOST_AUTO_TEST_CASE(known_units_are_watched_while_the_directory_is_down) {
  tools->source.directory_url = "dir";
  answers.emplace("dir", std::string(directory_text));
  answers.emplace("live", payload_text({reading_text("u1", ago(2), "-20")}));
  start();
  turn(6);
  caf::anon_send_exit(poller, caf::exit_reason::kill);
  answers.at("dir") = failure{error_code::unavailable, "the endpoint answered 503"};
  answers.at("live") = payload_text({reading_text("u1", ago(1), "-20")});
  start();
  run.advance(std::chrono::seconds{1});
  turn(6);
  BOOST_TEST(storage->readings[1].size() == 2U);
}

BOOST_AUTO_TEST_CASE(polls_that_begin_to_fail_and_work_again_are_noted_once) {
  std::vector<actors::poll_note> notes;
  tools->note = [&](const actors::poll_note& what) { notes.push_back(what); };
  answers.emplace("live", failure{error_code::unavailable, "the endpoint answered 500"});
  start();
  for (int i = 0; i < 5; ++i) {
    run.advance(std::chrono::seconds{30});
    turn(4);
  }
  BOOST_REQUIRE(notes.size() == 1U);
  BOOST_TEST(notes[0].customer == "A");
  BOOST_TEST(notes[0].error == "the endpoint answered 500");
  const auto failed = storage->polls.size();
  answers.at("live") = payload_text({});
  run.advance(std::chrono::seconds{60});
  turn(4);
  BOOST_REQUIRE(notes.size() == 2U);
  BOOST_TEST(notes[1].error.empty());
  BOOST_TEST(notes[1].failures == failed);
}

BOOST_AUTO_TEST_CASE(back_fills_of_all_customers_together_are_bounded) {
  tools->source.history_url = "history/{unit}";
  tools->history_gate = std::make_shared<admission_gate>(5);
  BOOST_TEST(tools->history_gate->try_take(5));
  answers.emplace("history/u1", payload_text({reading_text("u1", ago(20), "-20")}));
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  start();
  turn(20);
  BOOST_TEST(storage->readings[1].empty());
  tools->history_gate->give(5);
  run.advance(millis{200});
  turn(20);
  BOOST_TEST(storage->readings[1].size() >= 1U);
  BOOST_TEST(tools->history_gate->in_flight() == 0U);
}

BOOST_AUTO_TEST_CASE(readings_wait_for_a_store_that_cannot_register_their_unit) {
  storage->failing_registrations = 1;
  answers.emplace("live", payload_text({reading_text("u1", ago(1), "-20")}));
  start();
  BOOST_TEST((last_poll().status == poll_status::failure));
  BOOST_TEST(storage->rejects.empty());
  run.advance(millis{1000});
  turn(4);
  BOOST_TEST(storage->readings[1].size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
