// Packed bytes: nothing is lost, and no damage is more than an error.
#include "db/batch_codec.hpp"
#include "db/reading_codec.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

insight some_insight() {
  insight out;
  out.driver = {*rc::gen::inRange<std::uint8_t>(0, 128), *rc::gen::arbitrary<float>(), *rc::gen::arbitrary<float>(),
                *rc::gen::arbitrary<float>(), *rc::gen::arbitrary<float>()};
  out.breach.within = static_cast<breach_horizon>(*rc::gen::inRange(0, 5));
  out.breach.high = *rc::gen::arbitrary<bool>();
  if (out.breach.within == breach_horizon::minutes)
    out.breach.minutes = *rc::gen::arbitrary<float>(), out.breach.earliest = 1, out.breach.latest = 2;
  return out;
}

std::vector<judged_reading> some_readings() {
  std::vector<judged_reading> out;
  const int count = *rc::gen::inRange(0, 20);
  for (int i = 0; i < count; ++i) {
    judged_reading each;
    each.at = from_ms(*rc::gen::arbitrary<std::int64_t>());
    each.value = *rc::gen::arbitrary<milli_celsius>();
    each.score = *rc::gen::arbitrary<float>();
    if (*rc::gen::arbitrary<bool>()) each.error = *rc::gen::arbitrary<float>();
    if (*rc::gen::inRange(0, 4) == 0) each.why = some_insight();
    each.model = *rc::gen::arbitrary<std::uint16_t>();
    each.state = static_cast<score_state>(*rc::gen::inRange(0, 4));
    each.scale = static_cast<temperature_scale>(*rc::gen::inRange(0, 3));
    each.history = *rc::gen::arbitrary<bool>();
    each.sensor = *rc::gen::arbitrary<std::uint8_t>();
    out.push_back(each);
  }
  return out;
}

unit_snapshot some_snapshot() {
  unit_snapshot out;
  out.base_as_of = at_second(1);
  out.base_state = {1, at_second(1), {std::byte{1}, std::byte{2}}};
  out.sensors = {"a", "b"};
  return out;
}

/// Either it is read, or it is damaged: nothing else may happen.
template <class Read> void survives(Read&& read) {
  try {
    read();
  } catch (const db::damaged_bytes&) {
    return;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(codec)

BOOST_AUTO_TEST_CASE(readings_come_back_as_they_were) {
  BOOST_TEST(rc::check([] {
    const auto readings = some_readings();
    RC_ASSERT((db::unpack_readings(db::pack_readings(readings)) == readings));
  }));
}

BOOST_AUTO_TEST_CASE(runs_come_back_as_they_were) {
  BOOST_TEST(rc::check([] {
    commit_batch batch;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      unit_run run = run_of({}, some_readings());
      run.unit = unit_id{*rc::gen::arbitrary<std::int64_t>()};
      run.point = point_id{*rc::gen::arbitrary<std::int64_t>()};
      if (*rc::gen::arbitrary<bool>()) run.replaces_from = from_ms(*rc::gen::arbitrary<std::int64_t>());
      run.new_sensors = {{std::uint8_t{1}, *rc::gen::arbitrary<std::string>()}};
      batch.runs.push_back(run);
    }
    batch.audits.resize(2);
    const auto packed = db::pack(batch);
    RC_ASSERT((db::unpack_runs(packed.head + packed.readings) == batch.runs));
  }));
}

BOOST_AUTO_TEST_CASE(damage_is_an_error_and_nothing_worse) {
  commit_batch batch = batch_of(run_of({}, {reading_at(1, 1), reading_at(2, 2)}));
  batch.runs[0].new_sensors = {{1, "probe"}};
  const auto packed = db::pack(batch);
  BOOST_TEST(rc::check([&] {
    const auto spoil = [](std::string bytes) {
      for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
        bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
      bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
      return bytes;
    };
    const std::string content = spoil(packed.head + packed.readings);
    survives([&] { (void)db::unpack_runs(content); });
    const std::string readings = spoil(db::pack_readings(batch.runs[0].readings));
    survives([&] { (void)db::unpack_readings(readings); });
    const std::string memory = spoil(db::pack_memory(some_snapshot()));
    unit_snapshot into;
    survives([&] { db::unpack_memory(memory, into); });
  }));
}

BOOST_AUTO_TEST_CASE(a_driver_that_names_no_span_is_packed_as_before_there_were_any) {
  score_driver driver{7, 1.5F, -0.25F, 40};
  const auto packed = [&driver] {
    db::byte_writer to;
    db::put_driver(to, driver);
    return to.take();
  };
  const std::string before = packed();
  BOOST_TEST(before.size() == 1 + 3 * sizeof(float));
  BOOST_TEST(before[0] == 7);
  driver.span_k = 2;
  BOOST_TEST(packed().substr(1).starts_with(before.substr(1)));
}

BOOST_AUTO_TEST_CASE(an_hour_of_a_minute_each_is_small) {
  std::vector<judged_reading> readings;
  for (int i = 0; i < 60; ++i)
    readings.push_back(reading_at(60 * i, -20'000 + i % 7 * 10, 0.1F * static_cast<float>(i)));
  BOOST_TEST(db::pack_readings(readings).size() < 60U * 10U);
}

BOOST_AUTO_TEST_SUITE_END()
