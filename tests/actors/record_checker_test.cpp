// One check of the record at a time; who waits is told in time.
#include "actors/record_checker.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_store.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

struct fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  memory_store durable{storage};
  manual_clock time;
  actors::record_checker checker{std::shared_ptr<store_reader>(std::move(durable.make_reader()).value()), time};
  std::vector<result<record_check>> told;
  [[nodiscard]] bool ask() {
    return checker.join([this](result<record_check> what) { told.push_back(std::move(what)); });
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(checking_the_record, fixture)

BOOST_AUTO_TEST_CASE(whoever_asks_meanwhile_joins_and_all_are_told_at_the_end) {
  storage->check_steps = 3;
  BOOST_TEST(ask());
  BOOST_TEST(!ask());
  BOOST_TEST(checker.step());
  BOOST_TEST(checker.step());
  BOOST_TEST(told.empty());
  BOOST_TEST(!checker.step());
  BOOST_REQUIRE(told.size() == 2U);
  BOOST_TEST(told[1].value().ended_at.has_value());
}

BOOST_AUTO_TEST_CASE(who_waits_too_long_is_told_how_far_it_is) {
  storage->check_steps = 10;
  BOOST_TEST(ask());
  time.advance(std::chrono::seconds{3});
  BOOST_TEST(checker.step());
  BOOST_REQUIRE(told.size() == 1U);
  BOOST_TEST(!told[0].value().ended_at.has_value());
}

BOOST_AUTO_TEST_CASE(an_ended_check_serves_for_a_moment_and_then_a_new_one_begins) {
  storage->check_steps = 1;
  BOOST_TEST(ask());
  BOOST_TEST(!checker.step());
  BOOST_TEST(!ask());
  BOOST_TEST(told.size() == 2U);
  time.advance(std::chrono::seconds{11});
  storage->check_steps = 1;
  BOOST_TEST(ask());
}

BOOST_AUTO_TEST_CASE(a_check_that_cannot_go_on_says_so_and_can_begin_anew) {
  storage->check_steps = -1;
  BOOST_TEST(ask());
  BOOST_TEST(!checker.step());
  BOOST_REQUIRE(told.size() == 1U);
  BOOST_TEST((told[0].error().code == error_code::unavailable));
  BOOST_TEST(ask());
}

BOOST_AUTO_TEST_SUITE_END()
