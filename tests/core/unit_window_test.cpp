#include "core/unit_window.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

judged_reading reading_at(std::int64_t ms) {
  judged_reading r;
  r.at = from_ms(ms);
  r.value = static_cast<milli_celsius>(-20'000 - ms % 100);
  r.score = 0.5F;
  r.error = 0.25F;
  if (ms % 3 == 0) r.why = {{2, 1.5F, 0.5F, 30}, {breach_horizon::day, false, 0, 0, 0}};
  r.model = 3;
  r.state = score_state::scored;
  r.scale = temperature_scale::fahrenheit;
  r.history = ms % 2 == 0;
  r.sensor = 200;
  return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(window)

BOOST_AUTO_TEST_CASE(keeps_every_field) {
  unit_window w;
  for (std::int64_t ms = 1'700'000'000'000; ms < 1'700'000'000'100; ++ms)
    w.append(reading_at(ms));
  for (std::size_t i = 0; i < w.size(); ++i)
    BOOST_TEST((w.at(i) == reading_at(1'700'000'000'000 + static_cast<std::int64_t>(i))));
}

BOOST_AUTO_TEST_CASE(takes_the_front_and_cuts_the_back) {
  unit_window w;
  for (int i = 0; i < 10; ++i)
    w.append(reading_at(1000 * i));
  const auto taken = w.take_through(from_ms(3000));
  BOOST_TEST(taken.size() == 4U);
  BOOST_TEST((w.at(0) == reading_at(4000)));
  w.cut_from(from_ms(7000));
  BOOST_TEST(w.size() == 3U);
  BOOST_TEST((w.back() == reading_at(6000)));
  BOOST_TEST(w.find(from_ms(5000)).has_value());
  BOOST_TEST(!w.find(from_ms(5001)).has_value());
}

BOOST_AUTO_TEST_CASE(holds_its_longest_span) {
  unit_window w;
  w.append(reading_at(0));
  w.append(reading_at(unit_window::max_span.count()));
  BOOST_TEST((w.back().at == from_ms(unit_window::max_span.count())));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
