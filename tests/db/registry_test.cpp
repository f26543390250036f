// Customers, units, models, tokens, and the opening of a store: on both databases.
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

BOOST_AUTO_TEST_SUITE(registering)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_customer_is_made_once_and_its_name_is_kept_up_to_date, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto made = must(store->ensure_customer("A", "Alpha", some_uuid(1), at_second(0)));
  const auto again = must(store->ensure_customer("A", "Alpha & Sons", some_uuid(2), at_second(9)));
  BOOST_TEST((again.id == made.id));
  BOOST_TEST((again.public_id == some_uuid(1)));
  BOOST_TEST((again.created_at == at_second(0)));
  const auto known = must(store->load_registry());
  BOOST_REQUIRE(known.customers.size() == 1U);
  BOOST_TEST(known.customers[0].name == "Alpha & Sons");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(units_are_registered_once_with_their_facility_and_audit, World, worlds) {
  const World world;
  std::vector<registered_unit> made;
  {
    const auto store = opened(world);
    const auto customer = must(store->ensure_customer("A", "Alpha", some_uuid(1), at_second(0)));
    const std::vector wanted{registration(customer.id, "F1", "U1", 1), registration(customer.id, "F1", "U2", 2),
                             registration(customer.id, "F2", "U1", 3), registration(customer.id, "F3", "U4", 4)};
    made = must(store->register_units(wanted));
    BOOST_REQUIRE(made.size() == 4U);
    BOOST_TEST((made[0].facility.id == made[1].facility.id));
    BOOST_TEST((made[2].unit.id == made[0].unit.id)); // a unit's code is unique within the customer
    BOOST_TEST(made[2].facility.code == "F1");
    BOOST_TEST((made[3].facility.id != made[0].facility.id));
    const auto entries = must(must(store->make_reader())->audits({.customer = customer.id}));
    BOOST_TEST(entries.size() == 6U); // the customer, two facilities, three units
  }
  const auto store = opened(world);
  const auto again = must(store->register_units(std::vector{registration(made[0].unit.customer, "F1", "U2", 9),
                                                            registration(made[0].unit.customer, "F1", "U5", 5)}));
  BOOST_TEST((again[0].unit.id == made[1].unit.id));
  BOOST_TEST((again[0].unit.public_id == made[1].unit.public_id));
  const auto known = must(store->load_registry());
  BOOST_TEST(known.facilities.size() == 2U);
  BOOST_REQUIRE(known.units.size() == 4U);
  const unit_record& unit = known.units[0];
  BOOST_TEST((unit.id == made[0].unit.id));
  BOOST_TEST((unit.point == made[0].unit.point));
  BOOST_TEST(unit.code == "U1");
  BOOST_TEST((unit.name == "Freezer U1"));
  BOOST_TEST((unit.size_value == 2.5));
  BOOST_TEST((unit.size_unit == "m3"));
  BOOST_TEST((unit.set_point == -20'000));
  BOOST_TEST((unit.scale == temperature_scale::fahrenheit));
  BOOST_TEST((unit.kind == unit_kind::frozen_storage));
  BOOST_TEST((unit.range == limits{-25'000, -18'000}));
  BOOST_TEST((unit.interval == std::chrono::seconds{300}));
  BOOST_TEST((unit.created_at == at_second(0)));
  BOOST_TEST((known.facilities[0].city == "Łódź"));
  BOOST_TEST(!known.facilities[0].country);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_registration_that_fails_leaves_nothing, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto customer = must(store->ensure_customer("A", "Alpha", some_uuid(1), at_second(0)));
  auto second = registration(customer.id, "F2", "U2", 2);
  second.fresh_unit = registration(customer.id, "F1", "U1", 1).fresh_unit;
  const auto refused = store->register_units(std::vector{registration(customer.id, "F1", "U1", 1), second});
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::conflict));
  const auto known = must(store->load_registry());
  BOOST_TEST(known.units.empty());
  BOOST_TEST(known.facilities.empty());
  BOOST_TEST(must(must(store->make_reader())->audits({.limit = 10})).size() == 1U); // the customer's
}

BOOST_AUTO_TEST_CASE_TEMPLATE(model_versions_are_numbered_from_one, World, worlds) {
  const World world;
  const auto store = opened(world);
  BOOST_TEST(must(store->model_number("lstm", "aa", at_second(0))) == 1);
  BOOST_TEST(must(store->model_number("lstm", "bb", at_second(0))) == 2);
  BOOST_TEST(must(store->model_number("lstm", "aa", at_second(9))) == 1);
  BOOST_TEST(must(store->model_activations(5)).empty());
  const model_activation first{1, "shipped", at_second(0), at_second(0), "configuration"};
  const model_activation second{2, "0123456789ab", at_second(600), at_second(1), "anna"};
  audit_entry audit;
  audit.at = at_second(1);
  audit.actor = "anna";
  audit.action = "model.activated";
  BOOST_REQUIRE(store->activate_model(first, audit).ok());
  BOOST_REQUIRE(store->activate_model(second, audit).ok());
  BOOST_TEST((must(store->model_activations(5)) == std::vector{second, first}));
  BOOST_TEST((must(store->model_activations(1)) == std::vector{second}));
  BOOST_TEST(!store->activate_model({9, "unknown", at_second(0), at_second(0), "anna"}, audit).ok());
  const auto audits = must(must(store->make_reader())->audits({}));
  BOOST_TEST(std::count_if(audits.begin(), audits.end(),
                           [](const audit_entry& each) { return each.action == "model.activated"; }) == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tokens_are_kept_by_their_hash, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto customer = must(store->ensure_customer("A", "Alpha", some_uuid(1), at_second(0)));
  const token_record reader{0, "abc", "reader", customer.id, permission::read, at_second(99), at_second(1)};
  const token_record admin{0, "def", "admin", std::nullopt, permission::admin, std::nullopt, at_second(2)};
  const audit_entry audit{at_second(1), customer.id, "system", "token.created", "reader", "", "read", ""};
  const auto first = must(store->add_token(reader, audit));
  const auto second = must(store->add_token(admin, audit));
  BOOST_TEST(first.id > 0);
  BOOST_TEST(second.id != first.id);
  BOOST_TEST(must(store->add_token(reader, audit)).id == first.id);
  token_record taken = admin;
  taken.sha256_hex = "abc";
  BOOST_TEST((store->add_token(taken, audit).error().code == error_code::conflict));
  const auto known = must(store->load_tokens());
  BOOST_REQUIRE(known.size() == 2U);
  BOOST_TEST(known[0].sha256_hex == "abc");
  BOOST_TEST((known[0].customer == customer.id));
  BOOST_TEST((known[0].expires_at == at_second(99)));
  BOOST_TEST((known[1].level == permission::admin));
  BOOST_TEST(!known[1].customer);
  BOOST_TEST(must(must(store->make_reader())->audits({.limit = 10})).size() == 3U); // the customer's too
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_revoked_token_is_gone_and_recorded, World, worlds) {
  const World world;
  const auto store = opened(world);
  token_record token;
  token.sha256_hex = "abc";
  token.name = "reader";
  must(store->add_token(token, {at_second(1), {}, "system", "token.created", "reader", "", "", ""}));
  const audit_entry end{at_second(2), {}, "system", "token.revoked", "reader", "", "", "left"};
  BOOST_TEST(must(store->revoke_tokens("nobody", end)) == 0U);
  BOOST_TEST(must(store->revoke_tokens("reader", end)) == 1U);
  BOOST_TEST(must(store->load_tokens()).empty());
  const auto audits = must(must(store->make_reader())->audits({.limit = 10}));
  BOOST_REQUIRE(audits.size() == 2U);
  BOOST_TEST((audits[0] == end));
  store->close();
  BOOST_TEST(count_rows(*world.look(), "commits") == 2); // what changed nothing is no commit
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(opening)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_opening_is_a_new_epoch, World, worlds) {
  const World world;
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
    const auto store = opened(world);
    BOOST_TEST(store->epoch() == epoch);
    if (epoch != 2) store->close(); // the second one just ends
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_second_opener_is_refused_until_the_first_has_ended, World, worlds) {
  const World world;
  auto first = opened(world);
  const auto second = world.try_open();
  BOOST_REQUIRE(!second.ok());
  BOOST_TEST((second.error().code == error_code::conflict));
  BOOST_TEST(second.error().where == world.name());
  must(first->commit(batch_of(run_of(make_units(*first, 1)[0], {reading_at(1, 1)}))));
  first->close();
  BOOST_TEST(recovered(*opened(world)).size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_newer_or_another_schema_is_refused, World, worlds) {
  const World world;
  opened(world)->close();
  world.look()->script("INSERT INTO schema_migrations (version, name, sha256) VALUES (9999, 'later', 'x')");
  const auto newer = world.try_open();
  BOOST_REQUIRE(!newer.ok());
  BOOST_TEST((newer.error().code == error_code::conflict));
  BOOST_TEST(newer.error().what.find("9999") != std::string::npos);
  world.look()->script("DELETE FROM schema_migrations WHERE version = 9999");
  opened(world)->close();
  world.look()->script("UPDATE schema_migrations SET sha256 = 'x' WHERE version = 1");
  const auto changed = world.try_open();
  BOOST_REQUIRE(!changed.ok());
  BOOST_TEST(changed.error().what.find("0001_initial") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
