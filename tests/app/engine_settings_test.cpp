// What an operator configures is what the engine goes by.
#include "app/engine_settings_of.hpp"
#include "app/server_options_of.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

namespace coldvigil::test {

BOOST_AUTO_TEST_SUITE(engine_settings)

BOOST_AUTO_TEST_CASE(the_defaults_of_the_file_are_those_of_the_engine) {
  const auto of_file = engine_limits_of(settings{});
  const actors::engine_limits own;
  BOOST_TEST(of_file.desk.rules_a_place == own.desk.rules_a_place);
  BOOST_TEST((of_file.rules_lead == own.rules_lead));
  BOOST_TEST(of_file.desk.said == own.desk.said);
  BOOST_TEST(of_file.desk.life.longest_text == own.desk.life.longest_text);
  BOOST_TEST((of_file.desk.life.longest_shelving == own.desk.life.longest_shelving));
  BOOST_TEST(of_file.system_watch.longest_text == own.system_watch.longest_text);
  BOOST_TEST(of_file.system.slow_commit_ms == own.system.slow_commit_ms);
  BOOST_TEST((of_file.system.old_backlog == own.system.old_backlog));
  BOOST_TEST(of_file.system.disk_share == own.system.disk_share);
  BOOST_TEST(of_file.system.disk_bytes == own.system.disk_bytes);
  BOOST_TEST(of_file.system.poll_failures == own.system.poll_failures);
  BOOST_TEST(of_file.system.site_units == own.system.site_units);
  BOOST_TEST(of_file.system.site_share == own.system.site_share);
  BOOST_TEST((of_file.system.shown_for == own.system.shown_for));
  BOOST_TEST((of_file.system_tick == own.system_tick));
  BOOST_TEST((of_file.silence_tick == own.silence_tick));
  BOOST_TEST((of_file.system_watch.on_delay == own.system_watch.on_delay));
  BOOST_TEST((of_file.system_watch.cause_on_delay == own.system_watch.cause_on_delay));
  BOOST_TEST((of_file.system_watch.off_delay == own.system_watch.off_delay));
}

BOOST_AUTO_TEST_CASE(changed_rules_count_after_every_reading_that_may_be_judged_already) {
  settings config;
  for (const auto& [tolerance, lead] : {std::pair{3600, 3600}, {300, 300}, {10, 10}, {9, 10}, {0, 10}}) {
    config.ingestion.future_tolerance = std::chrono::seconds{tolerance};
    BOOST_TEST((engine_limits_of(config).rules_lead == std::chrono::seconds{lead}), tolerance);
  }
}

BOOST_AUTO_TEST_CASE(every_limit_of_alarms_and_of_the_watch_can_be_set) {
  const std::array<std::string, 17> set{
      "rules.max_a_place=7",          "alarms.max_events=9",          "alarms.max_text_bytes=99",
      "alarms.max_shelving_hours=48", "alarms.operators=3",           "watch.slow_commit_ms=150",
      "watch.old_backlog_seconds=30", "watch.disk_free_percent=12.5", "watch.disk_free_bytes=5000",
      "watch.poll_failures=5",        "watch.site_units=4",           "watch.site_percent=50",
      "watch.tick_seconds=5",         "watch.raise_seconds=60",       "watch.raise_cause_seconds=20",
      "watch.clear_seconds=0",        "watch.shown_minutes=90"};
  const auto config = load_settings("", set);
  BOOST_REQUIRE(config.ok());
  const auto limits = engine_limits_of(*config);
  BOOST_TEST(limits.desk.rules_a_place == 7U);
  BOOST_TEST(server_options_of(*config).max_preview_rules == 7U); // what may be set may be tried
  BOOST_TEST(server_options_of(*config).alarm_operators == 3U);
  BOOST_TEST(limits.desk.said == 9U);
  BOOST_TEST(limits.desk.life.longest_text == 99U);
  BOOST_TEST(limits.system_watch.longest_text == 99U);
  BOOST_TEST((limits.desk.life.longest_shelving == std::chrono::hours{48}));
  BOOST_TEST(limits.system.slow_commit_ms == 150);
  BOOST_TEST((limits.system.old_backlog == std::chrono::seconds{30}));
  BOOST_TEST(limits.system.disk_share == 0.125);
  BOOST_TEST(limits.system.disk_bytes == 5000U);
  BOOST_TEST(limits.system.poll_failures == 5U);
  BOOST_TEST(limits.system.site_units == 4U);
  BOOST_TEST(limits.system.site_share == 0.5);
  BOOST_TEST((limits.system_tick == std::chrono::seconds{5}));
  BOOST_TEST((limits.silence_tick == std::chrono::seconds{5}));
  BOOST_TEST((limits.system_watch.on_delay == std::chrono::seconds{60}));
  BOOST_TEST((limits.system_watch.cause_on_delay == std::chrono::seconds{20}));
  BOOST_TEST((limits.system_watch.off_delay == millis{0}));
  BOOST_TEST((limits.system.shown_for == std::chrono::minutes{90}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
