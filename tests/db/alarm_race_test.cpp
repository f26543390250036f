// Whoever raises an alarm, and however many at once: the database keeps one open alarm a unit and rule.
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

constexpr int raisers = 64; ///< each with a connection of its own

bool says(const db::error& why, const char* words) {
  return why.problem().text().find(words) != std::string::npos;
}

/// As two processes would that know nothing of each other: past the store, whose writer is alone. False when the law of
/// the database refuses it; waits while others hold the database.
bool try_to_raise(db::sql_session& in, const registered_unit& unit, int number_of_it) {
  const auto text = [](auto value) { return std::to_string(value) + ", "; };
  for (;;)
    try {
      db::in_transaction(in, [&] {
        in.script(
            "INSERT INTO alarms (id, public_id, customer_id, facility_id, unit_id, rule, rule_id, rules_version, "
            "low, high, consecutive, raised_at, raised_value, extreme, peak_score, retroactive, annulled) VALUES (" +
            text(number(unit.unit.id) * (1 << 20) + number_of_it) + "'" + to_string(some_uuid(1'000 + number_of_it)) +
            "', " + text(number(unit.unit.customer)) + text(number(unit.facility.id)) + text(number(unit.unit.id)) +
            "'high_limit', 2, 1, 2000, 8000, 3, " + text(number_of_it) + "9000, 9000, 0, FALSE, FALSE)");
      });
      return true;
    } catch (const db::error& why) {
      if (says(why, "locked")) continue;
      if (!says(why, "UNIQUE constraint") && !says(why, "unique constraint")) throw;
      return false;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(alarm_race)

BOOST_AUTO_TEST_CASE_TEMPLATE(of_64_who_raise_at_once_one_succeeds, World, worlds) {
  const World world;
  registered_unit unit;
  {
    const auto store = opened(world);
    unit = make_units(*store, 1)[0];
    store->close();
  }
  std::atomic<int> raised{0};
  std::vector<std::unique_ptr<db::sql_session>> sessions;
  for (int i = 0; i < raisers; ++i)
    sessions.push_back(world.look());
  std::vector<std::jthread> threads;
  for (int i = 0; i < raisers; ++i)
    threads.emplace_back([&, i] {
      if (try_to_raise(*sessions[static_cast<std::size_t>(i)], unit, i + 1)) ++raised;
    });
  threads.clear();
  BOOST_TEST(raised == 1);
  BOOST_TEST(count_rows(*world.look(), "alarms") == 1);
  // The loser is refused by the law and not by chance.
  world.look()->script("UPDATE alarms SET cleared_at = 5");
  BOOST_TEST(try_to_raise(*sessions[0], unit, raisers + 1));
  BOOST_TEST(!try_to_raise(*sessions[0], unit, raisers + 2));
}

BOOST_AUTO_TEST_SUITE_END()
