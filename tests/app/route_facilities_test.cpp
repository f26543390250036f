// Facilities that routes of the file name, before and after they are registered.
#include "app/route_facilities.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {
namespace {

using names = std::vector<std::string>;

/// A route to facility F1 of customer A, which posts what its declared units measure.
struct fixture {
  settings all;
  registry known;

  fixture() {
    source_settings a;
    a.customer_code = "A";
    all.customers = {a};
    all.notifications.routes = {{"", "", severity::warning, "usual", ""},
                                {"A", "F1", severity::warning, "usual", "f.toml line 31"}};
  }
  [[nodiscard]] result<names> awaited() const {
    return awaited_facilities(all, {{"A", customer_id{1}}, {"B", customer_id{2}}}, known);
  }
  void declare(const char* facility) {
    unit_description unit;
    unit.facility_code = facility;
    all.customers[0].units.push_back(unit);
  }
  void enter(customer_id customer, const char* code) {
    facility_record facility;
    facility.customer = customer;
    facility.code = code;
    known.facilities.push_back(facility);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(route_facilities, fixture)

BOOST_AUTO_TEST_CASE(a_facility_that_nothing_will_register_is_told_with_its_line) {
  enter(customer_id{2}, "F1"); // another customer's
  declare("F2");
  const auto refused = awaited();
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().text() == "route: customer 'A' has no facility 'F1' (f.toml line 31): see how it is "
                                       "spelt, or declare its units with [[customer.unit]]");
}

BOOST_AUTO_TEST_CASE(a_facility_is_known_when_it_is_registered_or_declared) {
  declare("F1");
  BOOST_TEST(awaited()->empty());
  all.customers[0].units.clear(); // no longer in the file: the store forgets none
  enter(customer_id{1}, "F1");
  BOOST_TEST(awaited()->empty());
}

BOOST_AUTO_TEST_CASE(a_facility_that_polls_may_register_is_waited_for) {
  all.customers[0].register_units = true;
  BOOST_TEST((awaited().value() == names{"facility F1 of customer A"}));
  all.customers.clear(); // a simulated customer is not in the file
  BOOST_TEST((awaited().value() == names{"facility F1 of customer A"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
