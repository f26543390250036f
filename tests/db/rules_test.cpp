// Revisions of rules and what people said of alarms: on both databases.
#include "core/rule_text.hpp"
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

audit_entry because(const std::string& action) {
  audit_entry out;
  out.at = at_second(1);
  out.actor = "anna";
  out.action = action;
  out.reason = "because";
  return out;
}

rule_record high_limit(const registered_unit& unit, rule_scope scope) {
  rule_record out;
  out.rule.scope = scope;
  out.rule.customer = unit.unit.customer;
  out.rule.kind = unit_kind::vaccine_fridge;
  out.rule.facility = unit.facility.id;
  out.rule.unit = unit.unit.id;
  out.rule.what = parse_rule_text("kind=high_limit limit=8000 deadband=500 name=Kühl & \"sicher\"").value();
  out.from = at_second(60);
  out.changed_at = at_second(1);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_revisions)

BOOST_AUTO_TEST_CASE_TEMPLATE(revisions_come_back_as_they_were, World, worlds) {
  const World world;
  std::vector<rule_record> written;
  {
    const auto store = opened(world);
    const auto unit = make_units(*store, 1)[0];
    for (const rule_scope scope : {rule_scope::customer, rule_scope::kind, rule_scope::facility, rule_scope::unit})
      written.push_back(must(store->change_rule(high_limit(unit, scope), because("rule.created"))));
    rule_record changed = written[1];
    changed.rule.what.limit = 7'000;
    changed.rule.off = true;
    changed.removed = true;
    written.push_back(must(store->change_rule(changed, because("rule.removed"))));
    store->close();
  }
  const auto store = opened(world);
  const auto found = must(store->load_rules());
  BOOST_TEST((found == written));
  BOOST_TEST((found[0].rule.what.id == first_stored_rule));
  BOOST_TEST((found[4].rule.what.id == found[1].rule.what.id));
  for (std::size_t i = 1; i < found.size(); ++i)
    BOOST_TEST(found[i].revision > found[i - 1].revision);
  const auto reader = must(store->make_reader());
  BOOST_TEST(must(reader->audits({})).front().action == "rule.removed");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_people_said_comes_back_in_its_order, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  alarm_transition raised;
  raised.after.id = alarm_id{number(unit.unit.id) * (1 << 20) + 1};
  raised.after.public_id = some_uuid(77);
  raised.after.customer = unit.unit.customer;
  raised.after.facility = unit.facility.id;
  raised.after.unit = unit.unit.id;
  commit_batch batch;
  batch.transitions = {raised};
  must(store->commit(batch));
  const std::vector<life_event> said{
      {life_event_kind::comment, at_second(5), "anna", "I go and look", std::nullopt},
      {life_event_kind::shelve, at_second(5), "bert", "door is being mended", at_second(3'605)},
      {life_event_kind::acknowledge, at_second(4), "anna", "", std::nullopt}};
  const std::int64_t audits = count_rows(*world.look(), "audit");
  for (const life_event& each : said)
    BOOST_TEST(store->add_life_event(raised.after.id, each, because("alarm.said")).ok());
  const auto reader = must(store->make_reader());
  BOOST_TEST((must(reader->life_events(raised.after.id)) == said));
  BOOST_TEST(must(reader->life_events(alarm_id{1})).empty());
  // Of an alarm that there is not nothing can be said, and nothing of it stays.
  BOOST_TEST(!store->add_life_event(alarm_id{5}, said[0], because("alarm.said")).ok());
  BOOST_TEST(count_rows(*world.look(), "alarm_events") == 3);
  BOOST_TEST(count_rows(*world.look(), "audit") == audits + 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(neither_is_ever_unsaid, World, worlds) {
  const World world;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  must(store->change_rule(high_limit(unit, rule_scope::unit), because("rule.created")));
  const auto session = world.look();
  BOOST_CHECK_THROW(session->script("UPDATE rule_revisions SET definition = ''"), db::error);
  BOOST_CHECK_THROW(session->script("DELETE FROM rule_revisions"), db::error);
}

BOOST_AUTO_TEST_SUITE_END()
