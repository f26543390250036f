#include "core/line_limit.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil {
namespace {

using minutes = std::chrono::minutes;

struct limited {
  line_limit limit{minutes{1}};
  timestamp start{millis{1'700'000'000'000}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(lines, limited)

BOOST_AUTO_TEST_CASE(one_in_a_span_passes_and_says_how_many_did_not) {
  BOOST_TEST((limit.pass("full", start) == 0U));
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(!limit.pass("full", start + millis{i}).has_value());
  BOOST_TEST(!limit.pass("full", start + minutes{1} - millis{1}).has_value());
  BOOST_TEST((limit.pass("full", start + minutes{1}) == 6U));
  BOOST_TEST((limit.pass("full", start + minutes{3}) == 0U));
}

BOOST_AUTO_TEST_CASE(another_kind_has_a_line_of_its_own) {
  BOOST_TEST((limit.pass("full", start) == 0U));
  BOOST_TEST((limit.pass("late", start) == 0U));
  BOOST_TEST(!limit.pass("full", start).has_value());
}

BOOST_AUTO_TEST_CASE(kinds_are_bounded) {
  for (int i = 0; i < 64; ++i)
    BOOST_TEST((limit.pass("kind " + std::to_string(i), start) == 0U));
  BOOST_TEST((limit.pass("one more", start) == 0U));
  BOOST_TEST(!limit.pass("and another", start).has_value());
  BOOST_TEST(!limit.pass("kind 3", start).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
