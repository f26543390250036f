// The record proves itself: whatever is changed behind the program's back is found, and the first bad commit is named.
#include "db/hash_chain.hpp"
#include "tests/db/recorded.hpp"

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

template <class World> std::unique_ptr<store> recorded(const World& world) {
  auto out = opened(world);
  make_record(*out);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chain)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_untouched_record_is_whole, World, worlds) {
  const World world;
  const auto store = recorded(world);
  for (const std::size_t steps : {1U, 2U, 1000U}) {
    const chain_check check = checked(*store, steps);
    BOOST_TEST(!check.fault.has_value());
    BOOST_TEST(check.commits == 6U);
    const auto head = must(must(store->make_reader())->head());
    BOOST_REQUIRE(head.has_value());
    BOOST_TEST(head->seq == 6U);
    BOOST_TEST(head->hash_hex == db::to_hex(check.hash));
    BOOST_TEST((must(must(store->make_reader())->commit_hash(6)) == head->hash_hex));
  }
  BOOST_TEST(!must(must(store->make_reader())->commit_hash(7)).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(it_stays_whole_when_the_log_is_trimmed, World, worlds) {
  const World world;
  const auto store = recorded(world);
  must(store->trim_log());
  BOOST_TEST(count_rows(*world.look(), "commit_log") == 1);
  BOOST_TEST(!checked(*store).fault.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(damaged_readings_are_found_and_named, World, worlds) {
  const std::vector<std::pair<void (World::*)() const, std::uint64_t>> all{{&World::damage_chunks, 5},
                                                                           {&World::damage_snapshots, 6}};
  for (const auto& [damage, first_bad] : all) {
    const World world;
    const auto store = recorded(world);
    (world.*damage)();
    const chain_check check = checked(*store);
    BOOST_REQUIRE(check.fault.has_value());
    BOOST_TEST(check.fault->seq == first_bad);
  }
  const World world;
  const auto store = recorded(world);
  must(store->trim_log()); // only the sixth commit's content is left
  world.damage_log();
  BOOST_TEST(checked(*store).fault.value().seq == 6U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cut_off_end_is_seen_against_a_head_kept_elsewhere, World, worlds) {
  const World world;
  const auto store = recorded(world);
  const auto kept = must(must(store->make_reader())->head());
  const tamperer somebody(world);
  const chain_check found = somebody.check("DELETE FROM commit_log WHERE seq = 6; DELETE FROM rejects; "
                                           "DELETE FROM commits WHERE seq = 6");
  BOOST_TEST(!found.fault.has_value());
  BOOST_TEST(found.commits < kept->seq);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(readings_that_were_taken_out_of_the_log_are_said_at_the_next_start, World, worlds) {
  const World world;
  recorded(world)->close();
  world.look()->script("DELETE FROM commit_log WHERE seq = 6");
  for (int again = 0; again < 2; ++again) {
    const auto store = opened(world);
    (void)recovered(*store);
    BOOST_TEST((store->gap() == "commit 6"));
    const auto told = must(must(store->make_reader())->audits({}));
    BOOST_TEST(std::count_if(told.begin(), told.end(), [](const audit_entry& each) {
                 return each.action == "record.gap" && each.subject == "commit 6";
               }) == 1);
    store->close();
  }
  const auto store = opened(world);
  must(store->trim_log()); // they are not needed any more, and would not be there
  (void)recovered(*store);
  BOOST_TEST(!store->gap().has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_number_that_does_not_fit_is_damage, World, worlds) {
  const World world;
  const auto store = recorded(world);
  const auto reader = must(store->make_reader());
  for (const std::string change : {"consecutive = 70000", "rules_version = -1", "rules_version = 4294967296"}) {
    world.look()->script("UPDATE alarms SET " + change);
    const auto found = reader->alarms({});
    BOOST_TEST_REQUIRE(!found.ok());
    BOOST_TEST((found.error().code == error_code::corrupt));
    BOOST_TEST(found.error().what.find(change.substr(0, change.find(' '))) != std::string::npos);
    world.look()->script("UPDATE alarms SET consecutive = 3, rules_version = 1");
    BOOST_TEST(reader->alarms({}).ok());
  }
}

BOOST_AUTO_TEST_SUITE_END()
