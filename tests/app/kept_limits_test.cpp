// What the file says of a unit that is known with other limits.
#include "app/kept_limits.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {

BOOST_AUTO_TEST_SUITE(kept_limits)

BOOST_AUTO_TEST_CASE(limits_that_are_not_taken_are_found) {
  unit_record known;
  known.range = {-25'000, -18'000};
  unit_description in_file;
  BOOST_TEST(!limits_in_file(in_file, known).has_value()); // it asks for none
  in_file.own_limits = limits{-25'000, -18'000};
  BOOST_TEST(!limits_in_file(in_file, known).has_value());
  in_file.own_limits = limits{-25'000, -17'000};
  BOOST_TEST((limits_in_file(in_file, known) == in_file.own_limits));
  in_file.own_limits.reset();
  in_file.set_point = 5'000;
  BOOST_TEST(limits_in_file(in_file, known).has_value());
  BOOST_TEST(in_words({-25'000, -18'500}) == "-25 to -18.5");
  known.range = registration_limits(kind_from_set_point(5'000), 5'000, std::nullopt);
  BOOST_TEST(!limits_in_file(in_file, known).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
