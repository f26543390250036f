#include "core/duty_roster.hpp"
#include "tests/notify/contacts_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

const timestamp noon = utc("2026-11-21T11:00:00Z");
const timestamp night = utc("2026-11-21T02:00:00Z");

std::vector<std::string> called(const contact_book& book, std::size_t step, severity level, timestamp at) {
  std::vector<std::string> out;
  for (const callee& each : on_call(book, book.policies.at("usual").steps[step], level, at))
    out.push_back(each.person + "/" + each.channel);
  return out;
}

/// "" when the book is sound.
std::string trouble(const contact_book& book) {
  const auto found = check(book, channels);
  return found ? "" : found.error().text();
}

} // namespace

BOOST_AUTO_TEST_SUITE(contacts)

BOOST_AUTO_TEST_CASE(a_rota_calls_those_on_duty_each_once) {
  contact_book book = small_book();
  BOOST_TEST(trouble(book) == "");
  BOOST_TEST(called(book, 0, severity::critical, noon) == (std::vector<std::string>{"anna/mail"}));
  BOOST_TEST(called(book, 0, severity::critical, night) ==
             (std::vector<std::string>{"anna/mail", "ben/mail", "ben/sms"}));
  book.policies["usual"].steps[0].to.push_back({"anna", "", ""});
  book.policies["usual"].steps[0].to.push_back({"ben", "", "sms"});
  BOOST_TEST(called(book, 0, severity::critical, night).size() == 3U);
  // The shift in the team counts for the team, the person's own schedule elsewhere.
  book.schedules["day"] = daily(8, 20);
  book.teams["technicians"][1].schedule = "day";
  BOOST_TEST(called(book, 0, severity::critical, noon).size() == 3U);
  book.persons["ben"].least = severity::critical;
  BOOST_TEST(called(book, 0, severity::warning, noon).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_roster_says_who_is_there_and_until_when) {
  contact_book book = small_book(); // Berlin is an hour ahead
  const auto shown = [&](timestamp at, severity level = severity::critical) {
    duty_roster roster(book, at);
    std::vector<std::string> out;
    for (const reached_person& each : roster.reached(book.policies.at("usual").steps[0], level))
      out.push_back(each.person + (each.when.on ? " on" : " off") +
                    (each.when.changes_at ? " until " + format_utc(*each.when.changes_at) : "") + " " +
                    std::to_string(each.channels.size()));
    return out;
  };
  using lines = std::vector<std::string>;
  BOOST_TEST(shown(noon) == (lines{"anna on 1", "ben off until 2026-11-21T19:00:00Z 2"}));
  BOOST_TEST(shown(night) == (lines{"anna on 1", "ben on until 2026-11-21T07:00:00Z 2"}));
  // Two shifts of one person count together.
  book.schedules["day"] = daily(8, 20);
  book.teams["technicians"].push_back({"ben", "day"});
  BOOST_TEST(shown(noon)[1] == "ben on until 2026-11-21T19:00:00Z 2");
  book.teams["technicians"].push_back({"ben", "never"});
  book.schedules["never"] = schedule{{}, {}, zone()};
  BOOST_TEST(shown(night)[1] == "ben on until 2026-11-21T07:00:00Z 2");
  book.teams["technicians"] = {{"ben", "never"}};
  BOOST_TEST(shown(night) == lines{"ben off 2"});
  book.policies["usual"].steps[0].to.push_back({"ben", "", "sms"});
  BOOST_TEST(shown(night) == lines{"ben on until 2026-11-21T07:00:00Z 2"});
  book.persons["ben"].least = severity::critical;
  BOOST_TEST(shown(night, severity::warning).empty());
}

BOOST_AUTO_TEST_CASE(the_nearest_route_wins) {
  contact_book book = small_book();
  for (const char* name : {"customer", "site", "critical"})
    book.policies[name] = book.policies["usual"];
  book.routes.push_back({customer_id{1}, std::nullopt, severity::warning, "customer"});
  book.routes.push_back({customer_id{1}, std::nullopt, severity::critical, "critical"});
  book.routes.push_back({customer_id{1}, "F7", severity::critical, "site"});
  BOOST_TEST(trouble(book) == "");
  BOOST_TEST(policy_for(book, customer_id{2}, "F1", severity::critical) == "usual");
  BOOST_TEST(policy_for(book, customer_id{2}, "F7", severity::critical) == "usual"); // codes are a customer's own
  BOOST_TEST(policy_for(book, customer_id{1}, "F1", severity::warning) == "customer");
  BOOST_TEST(policy_for(book, customer_id{1}, "F1", severity::critical) == "critical");
  BOOST_TEST(policy_for(book, customer_id{1}, "F7", severity::critical) == "site");
  BOOST_TEST(policy_for(book, customer_id{1}, "F7", severity::warning) == "customer");
  BOOST_TEST(policy_for({}, customer_id{1}, "F7", severity::warning) == "");
  BOOST_TEST(policy_for(book, customer_id{}, "", severity::warning) == "usual");
  book.system_policy = "critical"; // of Coldvigil itself
  BOOST_TEST(policy_for(book, customer_id{}, "", severity::warning) == "critical");
  BOOST_TEST(policy_for(book, customer_id{2}, "F1", severity::critical) == "usual");
}

BOOST_AUTO_TEST_CASE(a_book_is_as_large_as_it_may_be_and_no_larger) {
  const auto says = [](const contact_book& book, const std::string& what) {
    BOOST_TEST(trouble(book).find(what) != std::string::npos, trouble(book));
  };
  contact_book book = small_book();
  book.teams["technicians"].resize(contact_limits::others, {"anna", ""});
  BOOST_TEST(trouble(book) == "");
  book.teams["technicians"].push_back({"anna", ""});
  says(book, "more than 1000 members");
  book = small_book();
  for (std::size_t i = 0; i + 3 <= contact_limits::persons; ++i)
    book.persons["p" + std::to_string(i)] = book.persons["anna"];
  says(book, "more than 10000 persons");
  book.persons.erase("p0");
  BOOST_TEST(trouble(book) == "");
  book = small_book();
  book.routes.resize(contact_limits::others + 1, book.routes[0]);
  says(book, "more than 1000");
  book = small_book();
  book.policies["usual"].repeat = contact_limits::longest_wait + millis{1};
  says(book, "at most a week");
  book = small_book();
  book.policies["usual"].max_rounds = contact_limits::rounds + 1;
  says(book, "1 to 10000 times");
  book = small_book();
  book.policies["usual"].steps[0].to[0].channel = "pigeon";
  says(book, "there is no channel 'pigeon'");
}

BOOST_AUTO_TEST_CASE(a_policy_must_end_at_somebody) {
  contact_book book = small_book();
  book.policies["usual"].steps.pop_back();
  BOOST_TEST(trouble(book) == ""); // anna of the team is always there
  book.persons["anna"].schedule = "night";
  BOOST_TEST(trouble(book).find("nobody of the last step") != std::string::npos);
  book = small_book();
  book.persons["boss"].least = severity::critical;
  BOOST_TEST(trouble(book).find("nobody of the last step") != std::string::npos);
  book = small_book();
  book.policies["usual"].steps.back().to[0].channel = "mail"; // the boss has none
  BOOST_TEST(trouble(book).find("nobody of the last step") != std::string::npos);
  book = small_book();
  book.routes[0].least = severity::critical;
  BOOST_TEST(trouble(book).find("would reach nobody") != std::string::npos);
  BOOST_TEST(trouble({}) == "");
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_refused_with_its_place) {
  const auto refused = [](auto&& change, const std::string& because) {
    contact_book book = small_book();
    change(book);
    const std::string said = trouble(book);
    BOOST_TEST_CONTEXT(said) {
      BOOST_TEST(said.find(because) != std::string::npos);
    }
  };
  refused([](auto& b) { b.persons["anna"].ways[0].channel = "fax"; }, "no channel 'fax' (person anna/ways/0/channel)");
  refused([](auto& b) { b.persons["anna"].ways.push_back({"mail", "x"}); }, "two addresses");
  refused([](auto& b) { b.persons["anna"].ways[0].address = "a@b\r\nBcc: c@d"; },
          "several lines (person anna/ways/0/address)");
  refused([](auto& b) { b.persons["anna"].ways[0].address = std::string(321, 'a'); }, "320");
  refused([](auto& b) { b.persons["anna"].ways[0].address.clear(); },
          "the channel 'mail' needs (person anna/ways/0/address)");
  refused([](auto& b) { b.persons["anna"].name = "A\nB"; }, "several lines (person anna/name)");
  refused([](auto& b) { b.persons["anna"].name = "\u202eannA"; },
          "has characters that nobody can see (person anna/name)");
  refused([](auto& b) { b.persons["anna"].name = std::string(201, 'a'); }, "longer than 200 bytes (person anna/name)");
  refused([](auto& b) { b.persons["anna"].ways.clear(); }, "cannot be reached");
  refused([](auto& b) { b.persons["anna"].zone.reset(); }, "time zone");
  refused([](auto& b) { b.persons["anna"].schedule = "x"; }, "no schedule 'x'");
  refused([](auto& b) { b.persons["a b"] = b.persons["anna"]; }, "'a b' is no id");
  refused(
      [](auto& b) {
        b.teams["technicians"].push_back({"carl", ""});
      },
      "no person 'carl' (team technicians/members/2/person)");
  refused([](auto& b) { b.policies["usual"].steps[0].to[0].team = "x"; }, "no team 'x' (policy usual/steps/0/to/0)");
  refused([](auto& b) { b.policies["usual"].steps[0].to[0].person = "anna"; }, "either a person or a team");
  refused([](auto& b) { b.policies["usual"].steps[0].to.resize(101, {"anna", "", ""}); }, "1 to 100");
  refused([](auto& b) { b.policies["usual"].steps[1].after = millis{0}; },
          "one after the other (policy usual/steps/1/after_seconds)");
  refused([](auto& b) { b.policies["usual"].steps.clear(); }, "1 to 50");
  refused([](auto& b) { b.policies["usual"].max_rounds = 0; }, "1 to 10000 times");
  refused([](auto& b) { b.routes[0].policy = "x"; }, "no policy 'x'");
  refused(
      [](auto& b) {
        b.routes.push_back({std::nullopt, "F1", severity::warning, "usual"});
      },
      "'F1' stands without its customer (routes): name both");
  refused([](auto& b) { b.system_policy = "x"; }, "no policy 'x'");
}

BOOST_AUTO_TEST_CASE(what_is_said_twice_is_named) {
  const auto twice = [](auto&& change) {
    contact_book book = small_book();
    change(book);
    BOOST_TEST(trouble(book) == ""); // it works: what is stored already stops no start
    const auto refused = check_change(book, small_book(), channels);
    BOOST_TEST(check_change(book, book, channels).ok()); // nor another change
    return refused ? std::string{} : refused.error().text();
  };
  BOOST_TEST(twice([](auto&) {}) == "");
  BOOST_TEST(twice([](auto& b) {
               b.teams["technicians"].push_back({"anna", ""});
             }) == "'anna' is there twice (team technicians): leave one out, or give it another schedule");
  BOOST_TEST(twice([](auto& b) { b.teams["technicians"].push_back({"anna", "night"}); }) == "");
  BOOST_TEST(twice([](auto& b) {
               b.teams["technicians"] = {{"anna", "night"}, {"anna", "night"}};
             }).starts_with("'anna' is there twice with the schedule 'night'"));
  const alarm_route own{customer_id{1}, "F1", severity::critical, "usual"};
  BOOST_TEST(
      twice([&](auto& b) {
        b.routes.insert(b.routes.end(), {own, own});
      }).starts_with("routes 2 ('usual') and 3 ('usual') are of the same customer, facility and severity (routes)"));
  BOOST_TEST(twice([&](auto& b) {
               for (auto [customer, facility, level] :
                    {std::tuple(1, "F1", severity::warning), std::tuple(1, "F2", severity::critical),
                     std::tuple(2, "F1", severity::critical)})
                 b.routes.push_back({customer_id{customer}, facility, level, "usual"});
               b.routes.push_back(own);
             }) == "");
}

BOOST_AUTO_TEST_CASE(an_address_where_nothing_can_arrive_is_refused_where_it_is_new) {
  const std::vector<contact_channel> formed{
      {"mail", true, address_form::mail}, {"sms", true}, {"hook", false, address_form::url}};
  const auto of_anna = [](const std::string& channel, const std::string& address) {
    contact_book book = small_book();
    book.persons["anna"].ways = {{channel, address}};
    return book;
  };
  const auto refused = [&](const std::string& channel, const std::string& address) {
    const auto done = check_change(of_anna(channel, address), small_book(), formed);
    return done ? std::string{} : done.error().text();
  };
  for (const char* address : {"bert", "a b@c", "<x@y>", "Bert <bert@example.org>", "a@b, c@d"})
    BOOST_TEST(refused("mail", address) ==
               "the address on the channel 'mail' is no e-mail address (person anna/ways/0/address): "
               "write it as anna@example.org, without a name");
  for (const char* address : {"not a url", "file:///etc/passwd", "hook.example", "https://user:secret@hook.example/"}) {
    const std::string said = refused("hook", address);
    BOOST_TEST(said.starts_with("the address on the channel 'hook' is no http or https URL: "), said);
    BOOST_TEST(said.find("secret") == std::string::npos, said);
  }
  BOOST_TEST(refused("mail", "bert@example.org") == "");
  BOOST_TEST(refused("hook", "https://hook.example:8443/x?y=1") == "");
  BOOST_TEST(refused("hook", "") == "");       // the channel's own
  BOOST_TEST(refused("sms", "+44 123") == ""); // a gateway takes what it likes

  // Stored by an earlier version, it stops no start and no other change.
  const contact_book old = of_anna("mail", "anna");
  BOOST_TEST(check(old, formed).ok());
  contact_book next = old;
  next.persons["ben"].name = "Benjamin";
  BOOST_TEST(check_change(next, old, formed).ok());
  next.persons["anna"].ways[0].address = "ann";
  BOOST_TEST(!check_change(next, old, formed).ok());
}

BOOST_AUTO_TEST_CASE(spans_of_one_day_do_not_overlap) {
  using std::chrono::hours;
  const auto overlap = [](std::vector<duty_span> spans) {
    contact_book book = small_book();
    book.schedules["night"].week.fill({});
    book.schedules["night"].week[1] = std::move(spans);
    const auto refused = check_change(book, small_book(), channels);
    return refused ? std::string{} : refused.error().text();
  };
  BOOST_TEST(overlap({{hours{8}, hours{12}}, {hours{12}, hours{17}}, {hours{22}, hours{6}}}) == "");
  BOOST_TEST(overlap({{hours{8}, hours{8}}}) == ""); // all round the clock
  BOOST_TEST(overlap({{hours{11}, hours{13}}, {hours{8}, hours{12}}}) ==
             "08:00-12:00 and 11:00-13:00 of tuesday overlap (schedule night): make one span of them");
  BOOST_TEST(overlap({{hours{8}, hours{12}}, {hours{8}, hours{12}}}).starts_with("08:00-12:00 and 08:00-12:00"));
  BOOST_TEST(overlap({{hours{20}, hours{6}}, {hours{22}, hours{24}}}).starts_with("20:00-06:00 and 22:00-24:00"));
  BOOST_TEST(overlap({{hours{8}, hours{8}}, {hours{9}, hours{10}}}).starts_with("08:00-08:00 and 09:00-10:00"));
  contact_book book = small_book();
  book.schedules["night"].dates[std::chrono::sys_days{std::chrono::year{2026} / 12 / 25}] = {{hours{8}, hours{12}},
                                                                                             {hours{9}, hours{10}}};
  BOOST_TEST(check_change(book, small_book(), channels).error().what ==
             "08:00-12:00 and 09:00-10:00 of 2026-12-25 overlap");
}

BOOST_AUTO_TEST_SUITE_END()
