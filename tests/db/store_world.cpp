#include "tests/db/store_world.hpp"

#include "db/postgres_session.hpp"
#include "db/sqlite_session.hpp"

#include <algorithm>

namespace coldvigil::test {

std::unique_ptr<db::sql_session> sqlite_world::look() const {
  return std::make_unique<db::sqlite_session>(options.path, db::sqlite_session::use::write);
}

temp_postgres& postgres_world::cluster() {
  static temp_postgres one{temp_postgres::syncing::never};
  return one;
}

std::unique_ptr<db::sql_session> postgres_world::look() const {
  return std::make_unique<db::postgres_session>(options.url);
}

std::string postgres_world::name() const {
  return db::postgres_session(options.url).where();
}

uuid some_uuid(int number) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[14] = static_cast<std::uint8_t>(number >> 8);
  bytes[15] = static_cast<std::uint8_t>(number);
  return uuid_from_random(bytes);
}

judged_reading reading_at(std::int64_t second, milli_celsius value, float score) {
  judged_reading out;
  out.at = at_second(second);
  out.value = value;
  out.score = score;
  out.state = score_state::scored;
  out.model = 7;
  return out;
}

unit_registration registration(customer_id customer, const std::string& facility, const std::string& code, int number) {
  unit_registration out;
  out.unit.customer = customer;
  out.unit.facility_code = facility;
  out.unit.unit_code = code;
  out.unit.facility_name = "Store " + facility;
  out.unit.city = "Łódź";
  out.unit.unit_name = "Freezer " + code;
  out.unit.size_value = 2.5;
  out.unit.size_unit = "m3";
  out.unit.set_point = -20'000;
  out.unit.scale = temperature_scale::fahrenheit;
  out.unit.interval = std::chrono::seconds{300};
  out.kind = unit_kind::frozen_storage;
  out.range = {-25'000, -18'000};
  out.fresh_facility = some_uuid(20'000 + number);
  out.fresh_unit = some_uuid(40'000 + number);
  out.audit = {at_second(0), customer, "poll:A", "unit.registered", code, "", "frozen_storage", "seen first"};
  return out;
}

std::vector<registered_unit> make_units(store& in, int count) {
  const auto customer = must(in.ensure_customer("A", "Alpha", some_uuid(1), at_second(0)));
  std::vector<unit_registration> wanted;
  for (int i = 1; i <= count; ++i)
    wanted.push_back(registration(customer.id, "F1", "U" + std::to_string(i), i));
  return must(in.register_units(wanted));
}

unit_run run_of(const registered_unit& unit, std::vector<judged_reading> readings) {
  unit_run out;
  out.customer = unit.unit.customer;
  out.unit = unit.unit.id;
  out.point = unit.unit.point;
  out.readings = std::move(readings);
  return out;
}

commit_batch batch_of(unit_run run) {
  commit_batch out;
  out.at = at_second(1'000'000);
  out.runs.push_back(std::move(run));
  return out;
}

std::vector<unit_snapshot> recovered(store& from) {
  std::vector<unit_snapshot> out;
  must(from.recover([&](unit_recovery&& unit) { out.push_back(std::move(unit.snapshot)); }));
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.point < b.point; });
  return out;
}

std::int64_t count_rows(db::sql_session& in, const std::string& table) {
  std::int64_t out = 0;
  in.run("SELECT count(*) FROM " + table, {}, [&](const db::sql_row& row) { out = row.integer(0); });
  return out;
}

} // namespace coldvigil::test
