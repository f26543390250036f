// The contact book over starts of the program and changes by API: the desk alone, and with the engine around it.
#include "actors/contact_desk.hpp"
#include "net/contact_json.hpp"
#include "notify/zones.hpp"
#include "tests/actors/engine_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace coldvigil::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

actors::contact_codec codec() {
  actors::contact_codec out;
  out.parts = contact_parts;
  out.write = contact_document;
  out.read = [](const std::string& text, const customer_codes& customers) {
    return read_contact_document(text, customers, find_zone);
  };
  return out;
}

/// One person is called about everything, and again every hour.
contact_book book_of(const std::string& name, const std::string& address) {
  contact_book book;
  book.persons[name] = {name, *find_zone("Europe/London"), {{"mail", address}}, severity::warning, ""};
  book.policies["usual"].steps = {{millis{0}, {{name, "", ""}}}};
  book.policies["usual"].repeat = std::chrono::hours{1};
  book.policies["usual"].quiet = millis{0};
  book.routes = {{std::nullopt, std::nullopt, severity::warning, "usual"}};
  return book;
}

contact_change to_book(contact_book wanted, std::optional<std::uint64_t> expected = {}) {
  contact_change out;
  out.edit = [wanted = std::move(wanted)](contact_book& book) -> status {
    book = wanted;
    return nothing{};
  };
  out.expected = expected;
  out.who = "token:anna";
  out.reason = "ill";
  return out;
}

struct desk_fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  memory_store durable{storage};
  actors::contact_desk desk{codec(), {{"A", customer_id{1}}}, book_of("anna", "a@b"), {{"mail", true}}};

  [[nodiscard]] result<contacts_now> open() { return actors::open_contacts(durable, desk, from_ms(1'000)); }
  result<actors::changed_contacts> change(const contacts_now& stands, const contact_change& what) {
    return actors::change_contacts(durable, stands, desk, what, from_ms(2'000));
  }
  [[nodiscard]] std::vector<std::string> audited() const {
    std::vector<std::string> out;
    for (const audit_entry& each : storage->audits)
      out.push_back(each.actor + " " + each.action + " " + each.subject);
    return out;
  }
};
using lines = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(contact_desk, desk_fixture)

BOOST_AUTO_TEST_CASE(the_file_counts_until_somebody_changes_the_book_by_api) {
  auto stands = open().value();
  BOOST_TEST(stands.revision == 1U);
  BOOST_TEST(stands.from_file);
  BOOST_TEST(
      (audited() == lines{"configuration contact.created person anna", "configuration contact.created policy usual",
                          "configuration contact.created routes"}));
  BOOST_TEST(open()->revision == 1U); // the same file again is no change
  desk.file = book_of("anna", "other@b");
  stands = open().value();
  BOOST_TEST(stands.revision == 2U);
  BOOST_TEST(storage->audits.back().old_value.find("a@b") != std::string::npos);
  BOOST_TEST(storage->audits.back().new_value.find("other@b") != std::string::npos);

  const auto changed = change(stands, to_book(book_of("ben", "ben@b"), 2)).value();
  BOOST_TEST((changed.what.subjects == lines{"person anna", "person ben", "policy usual"}));
  BOOST_TEST(changed.stands.revision == 3U);
  BOOST_TEST(storage->audits.back().action == "contact.source");
  BOOST_TEST(storage->audits.back().reason == "ill");

  desk.file = book_of("cleo", "cleo@b"); // too late
  stands = open().value();
  BOOST_TEST(stands.revision == 3U);
  BOOST_TEST(!stands.from_file);
  BOOST_TEST(stands.book->persons.contains("ben"));

  contact_change back;
  back.who = "token:anna";
  back.reason = "the file is right";
  const auto given_back = change(stands, back).value();
  BOOST_TEST(given_back.stands.from_file);
  BOOST_TEST(given_back.stands.book->persons.contains("cleo"));
  desk.file = book_of("dora", "dora@b");
  BOOST_TEST(open()->book->persons.contains("dora"));
  BOOST_TEST(open()->revision == 5U);
}

BOOST_AUTO_TEST_CASE(a_file_without_people_stores_nothing) {
  desk.file = {};
  BOOST_TEST(open()->revision == 0U);
  BOOST_TEST(storage->contacts.empty());
  BOOST_TEST(change(open().value(), to_book(book_of("ben", "ben@b"), 0))->stands.revision == 1U);
}

BOOST_AUTO_TEST_CASE(a_change_that_cannot_be_changes_nothing) {
  const auto stands = open().value();
  const auto refused = [&](const contact_change& what) { return change(stands, what).error(); };
  BOOST_TEST((refused(to_book(book_of("ben", "ben@b"), 0)).code == error_code::conflict));
  contact_book unsound = book_of("ben", "ben@b");
  unsound.routes.clear();
  BOOST_TEST((refused(to_book(unsound)).code == error_code::invalid_argument));
  BOOST_TEST(refused(to_book(unsound)).where == "routes");
  contact_change strange = to_book({});
  strange.edit = [](contact_book&) -> status { return failure{error_code::not_found, "no"}; };
  BOOST_TEST((refused(strange).code == error_code::not_found));
  storage->failing_commits = 1;
  BOOST_TEST((refused(to_book(book_of("ben", "ben@b"))).code == error_code::unavailable));
  storage->failing_commits = 0;
  BOOST_TEST(storage->contacts.size() == 1U);
  // What stands already is changed by nobody, and it is still the file's.
  const std::size_t entries = storage->audits.size();
  const auto same = change(stands, to_book(*stands.book)).value();
  BOOST_TEST(same.what.subjects.empty());
  BOOST_TEST(same.stands.revision == 1U);
  BOOST_TEST(same.stands.from_file);
  BOOST_TEST(storage->contacts.size() == 1U);
  BOOST_TEST(storage->audits.size() == entries);
  desk.file = book_of("cleo", "cleo@b");
  BOOST_TEST(open()->book->persons.contains("cleo"));
}

BOOST_AUTO_TEST_CASE(a_book_that_was_stored_without_an_address_stops_no_start) {
  desk.channels = {{"mail", false}};
  const auto stands = change(open().value(), to_book(book_of("ben", "")))->stands;
  desk.channels = {{"mail", true}};
  BOOST_REQUIRE(open().ok());
  BOOST_TEST((change(stands, to_book(book_of("cleo", ""))).error().code == error_code::invalid_argument));
  BOOST_TEST(change(stands, to_book(book_of("cleo", "c@b"))).ok());
}

BOOST_AUTO_TEST_CASE(a_route_of_a_facility_is_stored_and_audited_by_its_code) {
  contact_book book = book_of("ben", "ben@b");
  book.routes.push_back({customer_id{1}, "f2", severity::warning, "usual"});
  BOOST_REQUIRE(change(open().value(), to_book(book)).ok());
  BOOST_TEST(open()->book->routes.at(1).facility.value() == "f2");
  BOOST_TEST(storage->contacts.back().document.find(R"("customer":"A","facility":"f2")") != std::string::npos);
  const auto is_routes = [](const audit_entry& each) { return each.actor == "token:anna" && each.subject == "routes"; };
  const auto audited = std::find_if(storage->audits.begin(), storage->audits.end(), is_routes);
  BOOST_REQUIRE((audited != storage->audits.end()));
  BOOST_TEST(audited->new_value.find(R"("facility":"f2")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_stored_twice_stops_no_start_and_no_other_change) {
  contact_book book = book_of("ben", "ben@b");
  const auto stands = change(open().value(), to_book(book))->stands;
  book.teams["night"] = {{"ben", ""}, {"ben", ""}};
  const auto refused = change(stands, to_book(book)).error();
  BOOST_TEST((refused.code == error_code::invalid_argument));
  BOOST_TEST(refused.where == "team night");
  storage->contacts.back().document = contact_document(book, desk.customers); // by an earlier version
  const auto again = open();
  BOOST_REQUIRE(again.ok());
  BOOST_TEST(again->book->teams.at("night").size() == 2U);
  book.persons["cleo"] = book.persons["ben"];
  BOOST_TEST(change(*again, to_book(book)).ok());
}

BOOST_AUTO_TEST_CASE(the_book_of_the_file_is_wanted_back_though_it_is_the_same) {
  const auto stands = change(open().value(), to_book(book_of("ben", "ben@b")))->stands;
  desk.file = book_of("ben", "ben@b");
  const auto back = change(stands, {}).value();
  BOOST_TEST(back.stands.from_file);
  BOOST_TEST(back.what.subjects.empty());
  BOOST_TEST(storage->audits.back().action == "contact.source");
}

BOOST_AUTO_TEST_CASE(stored_contacts_that_no_longer_fit_stop_the_start_with_their_reason) {
  (void)change(open().value(), to_book(book_of("ben", "ben@b")));
  desk.channels = {{"sms", true}};
  const auto refused = open();
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().what.find("there is no channel 'mail'") != std::string::npos);
  BOOST_TEST(refused.error().where == "person ben/ways/0/channel");
  desk.channels = {{"mail", true}};
  storage->contacts.back().document = "{";
  BOOST_TEST((open().error().code == error_code::corrupt));
  storage->contacts.back().from_file = true; // then it is the file that counts
  BOOST_TEST(open()->book->persons.contains("anna"));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Anna is in the file. What would be sent stays in the outbox: no thread takes part.
void with_people(actors::engine_parts& parts) {
  actors::notification_parts people;
  people.options.desk.self_tests.every = std::chrono::days{0};
  people.options.desk.outbox.max_in_flight_a_channel = 0;
  people.options.tick = seconds{15};
  people.contacts = [](const customer_codes&, const registry&) -> result<contact_book> {
    return book_of("anna", "a@b");
  };
  people.codec = codec();
  people.reached_by = {{"mail", true}};
  people.random = [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{7}); };
  people.chance = [] { return 0.5; };
  people.metrics = std::make_shared<notification_metrics>();
  people.log = [](const std::string&, const std::string&) {};
  parts.notify = std::move(people);
}

struct engine_fixture {
  std::shared_ptr<disk> storage = std::make_shared<disk>();
  lines log{};
  std::function<void(actors::engine_parts&)> arrange = [this](actors::engine_parts& parts) {
    with_people(parts);
    parts.notify->tell_of_change = [this](const contact_change& change, const contact_changes& what) {
      std::string changed;
      for (const std::string& each : what.subjects)
        changed += each + ", ";
      log.push_back(change.who + ": " + changed + "revision " + std::to_string(what.revision) + ", " + change.reason);
    };
  };
  std::unique_ptr<running> process = std::make_unique<running>(storage, actors::engine_limits{}, 1000, arrange);

  [[nodiscard]] notification_port& port() const { return *process->engine->front().notifications(); }
  result<contact_changes> change(contact_change what) const {
    const auto got = std::make_shared<std::optional<result<contact_changes>>>();
    port().change_contacts(std::move(what), [got](result<contact_changes> done) { got->emplace(std::move(done)); });
    process->settle();
    return got->value();
  }
  void go_on(millis length) const {
    for (millis passed{0}; passed < length; passed += seconds{15})
      process->advance(seconds{15});
  }
  /// "ben ben@b" for every message of the outbox.
  [[nodiscard]] lines called() const {
    lines out;
    for (const outbox_entry& each : storage->outbox)
      out.push_back(each.to.person + " " + each.to.address);
    return out;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(contacts_live, engine_fixture)

BOOST_AUTO_TEST_CASE(an_alarm_under_way_goes_on_by_the_new_book_and_a_restart_keeps_it) {
  process->register_unit("u1");
  process->post("u1", {{process->time.now(), 0}}); // far too warm
  go_on(minutes{1});
  BOOST_TEST((called() == lines{"anna a@b"}));
  BOOST_REQUIRE(change(to_book(book_of("ben", "ben@b"), 1)).ok());
  BOOST_TEST(port().contacts().book->persons.contains("ben"));
  BOOST_TEST(port().contacts().revision == 2U);
  go_on(minutes{30});
  process->post("u1", {{process->time.now(), 0}}); // still, and not silent
  go_on(minutes{28});
  BOOST_TEST((called() == lines{"anna a@b"}));
  go_on(minutes{2});
  BOOST_TEST((called() == lines{"anna a@b", "ben ben@b"}));
  BOOST_TEST((change(to_book(book_of("cleo", "c@b"), 1)).error().code == error_code::conflict));
  BOOST_TEST(change(to_book(*port().contacts().book)).ok());
  // A line for the change, none for what changed nothing; no addresses.
  BOOST_TEST((log == lines{"configuration: contacts, revision 1, ",
                           "token:anna: person anna, person ben, policy usual, revision 2, ill"}));

  const timestamp later = process->time.now() + minutes{1};
  process.reset();
  process = std::make_unique<running>(storage, actors::engine_limits{}, 1000, arrange, later);
  BOOST_TEST(port().contacts().revision == 2U);
  BOOST_TEST(port().contacts().book->persons.contains("ben"));
  go_on(minutes{61});
  BOOST_TEST((called() == lines{"anna a@b", "ben ben@b", "ben ben@b"}));
  BOOST_TEST(port().zone("Europe/London").ok());
  BOOST_TEST(!port().zone("Europe/Nowhere").ok());
}

BOOST_AUTO_TEST_CASE(an_alarm_that_nobody_was_to_hear_of_calls_once_there_are_people) {
  BOOST_REQUIRE(change(to_book({})).ok());
  process->register_unit("u1");
  process->post("u1", {{process->time.now(), 0}});
  go_on(minutes{5});
  BOOST_TEST(called().empty());
  BOOST_REQUIRE(change(to_book(book_of("ben", "ben@b"))).ok());
  go_on(minutes{1});
  BOOST_TEST((called() == lines{"ben ben@b"}));
}

BOOST_AUTO_TEST_CASE(a_route_of_a_facility_calls_for_its_units_and_for_no_others) {
  const auto in_order = [this] {
    lines out = called();
    std::sort(out.begin(), out.end());
    return out;
  };
  contact_book book = book_of("anna", "a@b");
  book.persons["ben"] = {"Ben", *find_zone("UTC"), {{"mail", "ben@b"}}, severity::warning, ""};
  book.policies["site"] = book.policies["usual"];
  book.policies["site"].steps = {{millis{0}, {{"ben", "", ""}}}};
  book.routes.push_back({customer_id{1}, "f2", severity::warning, "site"});
  BOOST_REQUIRE(change(to_book(book)).ok()); // the facility is registered later
  process->register_unit("u1");
  process->register_unit("u2", "f2");
  process->post("u1", {{process->time.now(), 0}});
  go_on(minutes{1});
  BOOST_TEST((in_order() == lines{"anna a@b"}));
  process->post("u2", {{process->time.now(), 0}});
  go_on(minutes{1});
  BOOST_TEST((in_order() == lines{"anna a@b", "ben ben@b"}));

  const timestamp later = process->time.now() + minutes{1};
  process.reset();
  process = std::make_unique<running>(storage, actors::engine_limits{}, 1000, arrange, later);
  process->uuids = 100;
  process->register_unit("u3", "f2");
  process->post("u3", {{process->time.now(), 0}});
  go_on(minutes{1});
  BOOST_TEST((in_order() == lines{"anna a@b", "ben ben@b", "ben ben@b"}));
}

BOOST_AUTO_TEST_CASE(what_was_stored_twice_is_said_at_the_start) {
  contact_book book = book_of("ben", "ben@b");
  BOOST_REQUIRE(change(to_book(book)).ok());
  process.reset();
  book.teams["night"] = {{"ben", ""}, {"ben", ""}};
  storage->contacts.back().document = contact_document(book, {});
  lines said;
  const auto listening = [&](actors::engine_parts& parts) {
    with_people(parts);
    parts.notify->log = [&](const std::string& event, const std::string& what) { said.push_back(event + ": " + what); };
  };
  process = std::make_unique<running>(storage, actors::engine_limits{}, 1000, listening);
  BOOST_REQUIRE(!said.empty());
  BOOST_TEST(said.front() ==
             "contacts_said_twice: 'ben' is there twice (team night): leave one out, or give it another "
             "schedule");
  process.reset();
}

BOOST_AUTO_TEST_CASE(a_change_that_is_not_stored_does_not_count) {
  storage->failing_commits = 1;
  BOOST_TEST((change(to_book(book_of("ben", "ben@b"))).error().code == error_code::unavailable));
  storage->failing_commits = 0;
  BOOST_TEST(port().contacts().book->persons.contains("anna"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
