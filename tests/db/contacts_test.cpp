// Revisions of the contact book: on both databases.
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

audit_entry change_of(const std::string& subject) {
  audit_entry out;
  out.at = at_second(1);
  out.actor = "token:anna";
  out.action = "contact.changed";
  out.subject = subject;
  out.reason = "ill";
  return out;
}

contact_revision revision(const std::string& document, bool from_file) {
  return {0, from_file, document, at_second(1)};
}

void let_change(const sqlite_world& world) {
  world.look()->script("DROP TRIGGER contact_revisions_stay");
  world.look()->script("DROP TRIGGER contact_revisions_remain");
}
void let_change(const postgres_world& world) {
  world.look()->script("ALTER TABLE contact_revisions DISABLE TRIGGER ALL");
}

/// The first bad commit; nothing when the record is whole.
std::optional<std::uint64_t> first_bad(store& of) {
  const auto reader = must(of.make_reader());
  chain_check check;
  while (!check.finished())
    check = must(reader->check_chain(check, 100));
  return check.fault ? std::optional(check.fault->seq) : std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(contact_revisions)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_newest_book_comes_back_with_its_audit, World, worlds) {
  const World world;
  {
    const auto store = opened(world);
    BOOST_TEST(!must(store->newest_contacts()).has_value());
    const std::vector<audit_entry> audits{change_of("person anna"), change_of("routes")};
    BOOST_TEST(must(store->add_contacts(revision("{\"a\": \"Käthe\"}", true), audits)) == 1U);
    BOOST_TEST(must(store->add_contacts(revision("{}", false), std::span(audits).first(1))) == 2U);
    store->close();
  }
  const auto store = opened(world);
  contact_revision expected = revision("{}", false);
  expected.revision = 2;
  BOOST_TEST((must(store->newest_contacts()) == expected));
  const auto reader = must(store->make_reader());
  const auto audits = must(reader->audits({}));
  BOOST_REQUIRE(audits.size() == 3U);
  BOOST_TEST(audits[0].subject == "person anna");
  BOOST_TEST(audits[0].reason == "ill");
  BOOST_TEST(!first_bad(*store).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_book_that_was_tampered_with_is_found, World, worlds) {
  const std::vector<audit_entry> audits{change_of("person anna")};
  for (const auto& [statement, commit] : std::vector<std::pair<std::string, std::uint64_t>>{
           {"UPDATE contact_revisions SET document = '{\"persons\": []}' WHERE revision = 1", 1},
           {"UPDATE contact_revisions SET from_file = TRUE WHERE revision = 2", 2},
           {"UPDATE contact_revisions SET changed_at = changed_at + 1 WHERE revision = 2", 2},
           {"UPDATE contact_revisions SET commit_seq = 1 WHERE revision = 2", 1},
           {"DELETE FROM contact_revisions WHERE revision = 2", 2},
           {"INSERT INTO contact_revisions (commit_seq, from_file, document, changed_at) VALUES (2, FALSE, '{}', 1)",
            2}}) {
    BOOST_TEST_CONTEXT(statement) {
      const World world;
      const auto store = opened(world);
      must(store->add_contacts(revision("{}", true), audits));
      must(store->add_contacts(revision("{}", false), audits));
      BOOST_TEST(!first_bad(*store).has_value());
      let_change(world);
      world.look()->script(statement);
      BOOST_TEST((first_bad(*store) == commit));
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(revisions_stay, World, worlds) {
  const World world;
  const auto store = opened(world);
  const std::vector<audit_entry> audits{change_of("person anna")};
  must(store->add_contacts(revision("{}", true), audits));
  for (const char* statement : {"UPDATE contact_revisions SET document = 'x'", "DELETE FROM contact_revisions"})
    BOOST_CHECK_THROW(world.look()->script(statement), std::exception);
}

BOOST_AUTO_TEST_SUITE_END()
