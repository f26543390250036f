#pragma once
// A database of its own for one test, on both kinds: the conformance suite is written once.

#include "db/sql.hpp"
#include "db/store.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/temp_postgres.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace coldvigil::test {

class sqlite_world {
 public:
  store_options options;
  sqlite_world() { options.path = dir_.path("coldvigil.db"); }
  [[nodiscard]] result<std::unique_ptr<store>> try_open() const { return open_sqlite(options); }
  /// A connection for looking into the database, and for damaging it.
  [[nodiscard]] std::unique_ptr<db::sql_session> look() const;
  [[nodiscard]] std::string name() const { return options.path; }
  /// Makes the content of the log something else than what was committed.
  void damage_log() const { look()->script("UPDATE commit_log SET content = x'0102'"); }
  void damage_chunks() const { look()->script("UPDATE chunks SET body = x'01FF'"); }
  void damage_snapshots() const { look()->script("UPDATE snapshots SET tail = x'01'"); }

 private:
  temp_dir dir_;
};

/// Databases of one cluster, which lives as long as the test program. The test fails when it cannot start.
class postgres_world {
 public:
  store_options options;
  postgres_world() { options.url = cluster().fresh_database(); }
  [[nodiscard]] static temp_postgres& cluster();
  [[nodiscard]] result<std::unique_ptr<store>> try_open() const { return open_postgres(options); }
  [[nodiscard]] std::unique_ptr<db::sql_session> look() const;
  [[nodiscard]] std::string name() const;
  void damage_log() const { look()->script("UPDATE commit_log SET value = '{5}'"); }
  void damage_chunks() const { look()->script("UPDATE chunks SET value = '{}'"); }
  void damage_snapshots() const { look()->script("UPDATE snapshots SET flags = '{-1}'"); }
};

using worlds = std::tuple<sqlite_world, postgres_world>;

template <class World> std::unique_ptr<store> opened(const World& world) {
  auto made = world.try_open();
  if (!made.ok()) throw std::runtime_error(made.error().text());
  return std::move(made).value();
}

/// The value, or a failed test that says why.
template <class T> T must(result<T> got) {
  if (!got.ok()) throw std::runtime_error(got.error().text());
  return std::move(got).value();
}

/// "2026-11-21T00:00:00Z" and `seconds` after it.
[[nodiscard]] inline timestamp at_second(std::int64_t seconds) {
  return from_ms(1'795'219'200'000 + seconds * 1000);
}
[[nodiscard]] uuid some_uuid(int number);
[[nodiscard]] judged_reading reading_at(std::int64_t second, milli_celsius value, float score = 0.5F);
[[nodiscard]] unit_registration registration(customer_id customer, const std::string& facility, const std::string& code,
                                             int number);
/// A customer "A" with units "U1", "U2", ... in one facility.
[[nodiscard]] std::vector<registered_unit> make_units(store& in, int count);
/// The commits that make_units leaves behind: one records the customer, one the units.
inline constexpr std::uint64_t registrations = 2;
[[nodiscard]] unit_run run_of(const registered_unit& unit, std::vector<judged_reading> readings);
[[nodiscard]] commit_batch batch_of(unit_run run);
[[nodiscard]] std::vector<unit_snapshot> recovered(store& from);
[[nodiscard]] std::int64_t count_rows(db::sql_session& in, const std::string& table);

} // namespace coldvigil::test
