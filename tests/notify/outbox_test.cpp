#include "core/outbox.hpp"
#include "tests/notify/contacts_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

using namespace coldvigil;
using namespace coldvigil::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const timestamp noon = utc("2026-11-21T11:00:00Z");

uuid alarm_number(int number) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[15] = static_cast<std::uint8_t>(number);
  return uuid_from_random(bytes);
}

outbox_entry message(const std::string& key, std::vector<int> alarms = {}, const std::string& channel = "mail",
                     const std::string& person = "anna") {
  outbox_entry out;
  out.key = key;
  out.to = {person, channel, person + "@example.org"};
  for (const int alarm : alarms)
    out.alarms.push_back(alarm_number(alarm));
  out.created_at = out.next_at = noon;
  return out;
}

std::vector<std::string> keys(const std::vector<outbox_entry>& entries) {
  std::vector<std::string> out;
  for (const outbox_entry& each : entries)
    out.push_back(each.key);
  return out;
}
using list = std::vector<std::string>;

constexpr send_result delivered = send_result::delivered;
constexpr send_result retry = send_result::retry;
constexpr send_result refused = send_result::refused;

} // namespace

BOOST_AUTO_TEST_SUITE(outbox)

BOOST_AUTO_TEST_CASE(a_key_is_sent_once) {
  outbox_book book{outbox_limits{}};
  BOOST_TEST((book.add(message("a")) == outbox_add::added));
  BOOST_TEST((book.add(message("a")) == outbox_add::known));
  BOOST_TEST(keys(book.take_due(noon, 9)) == list{"a"});
  BOOST_TEST(book.take_due(noon, 9).empty());
  const auto done = book.settle("a", {delivered, "250 OK", {}, millis{12}}, noon, 0.5);
  BOOST_REQUIRE(done.has_value());
  BOOST_TEST((done->entry.state == outbox_state::delivered));
  BOOST_TEST((done->entry.settled_at == noon));
  const delivery_record expected{
      "a", 1, {"anna", "mail", "anna@example.org"}, message_kind::alarm, noon, millis{12}, delivered, "250 OK"};
  BOOST_TEST((done->record == expected));
  BOOST_TEST((book.add(message("a")) == outbox_add::known));
  BOOST_TEST(!book.settle("a", {delivered, "", {}, {}}, noon, 0).has_value());
  BOOST_TEST(book.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(failures_back_off_and_end_as_a_dead_letter) {
  outbox_limits limits;
  limits.max_attempts = 4;
  limits.backoff = {seconds{10}, seconds{25}};
  outbox_book book{limits};
  (void)book.add(message("a"));
  timestamp now = noon;
  for (const int wait : {10, 20, 25}) {
    BOOST_REQUIRE(book.take_due(now, 1).size() == 1U);
    const auto failed = book.settle("a", {retry, "451 later", {}, {}}, now, 1.0);
    BOOST_TEST((failed->entry.state == outbox_state::waiting));
    BOOST_TEST((failed->entry.next_at == now + seconds{wait}));
    BOOST_TEST(failed->entry.last_error == "451 later");
    BOOST_TEST(book.take_due(failed->entry.next_at - millis{1}, 1).empty());
    now = failed->entry.next_at;
  }
  BOOST_REQUIRE(book.take_due(now, 1).size() == 1U);
  const auto dead = book.settle("a", {retry, "451 later", {}, {}}, now, 1.0);
  BOOST_TEST((dead->entry.state == outbox_state::dead));
  BOOST_TEST(dead->entry.attempts == 4U);
  BOOST_TEST(book.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_withdrawn_is_settled_and_never_sent) {
  outbox_book book{outbox_limits{}};
  for (const char* key : {"a", "b", "c"})
    (void)book.add(message(key));
  BOOST_TEST(keys(book.take_due(noon, 1)) == list{"a"});
  const auto unless_c = [](const outbox_entry& entry) { return std::string(entry.key == "c" ? "" : "acknowledged"); };
  auto gone = book.withdraw(unless_c, noon);
  BOOST_REQUIRE(gone.size() == 1U); // what is on its way cannot be called back
  BOOST_TEST((gone[0].entry.state == outbox_state::withdrawn));
  BOOST_TEST((gone[0].entry.settled_at == noon));
  const delivery_record expected{"b",
                                 1,
                                 {"anna", "mail", "anna@example.org"},
                                 message_kind::alarm,
                                 noon,
                                 millis{0},
                                 send_result::withdrawn,
                                 "acknowledged"};
  BOOST_TEST((gone[0].record == expected));
  BOOST_TEST((book.add(message("b")) == outbox_add::known));
  (void)book.settle("a", {retry, "451 later", {}, {}}, noon, 0.5);
  gone = book.withdraw(unless_c, noon + seconds{1});
  BOOST_REQUIRE(gone.size() == 1U);
  BOOST_TEST(gone[0].record.attempt == 2U);
  BOOST_TEST(keys(book.take_due(noon + hours{1}, 9)) == list{"c"});
}

// Law 14.
BOOST_AUTO_TEST_CASE(that_recording_has_stopped_goes_first_has_room_of_its_own_and_keeps_its_order) {
  const auto system = [](const std::string& key, const std::string& person) {
    outbox_entry out = message(key, {}, "mail", person);
    out.kind = message_kind::system;
    return out;
  };
  outbox_limits limits;
  limits.max_waiting = 1;
  limits.max_system = 3;
  limits.max_in_flight_a_channel = 9;
  outbox_book book{limits};
  (void)book.add(message("a"));
  BOOST_TEST((book.add(message("b")) == outbox_add::full));
  for (const auto& [key, person] : {std::pair("s", "anna"), std::pair("t", "anna"), std::pair("u", "ben")})
    BOOST_TEST((book.add(system(key, person)) == outbox_add::added));
  BOOST_TEST((book.add(system("s", "anna")) == outbox_add::known));
  BOOST_TEST((book.add(system("v", "ben")) == outbox_add::full));
  BOOST_TEST(keys(book.take_due(noon, 9)) == (list{"s", "u", "a"}));
  (void)book.settle("s", {delivered, "", {}, {}}, noon, 0);
  BOOST_TEST(keys(book.take_due(noon, 9)) == list{"t"}); // "again" never comes before "stopped"
  BOOST_TEST((book.add(system("v", "ben")) == outbox_add::added));
}

BOOST_AUTO_TEST_CASE(it_gives_up_in_time_and_at_once_when_refused) {
  outbox_book book{outbox_limits{}};
  (void)book.add(message("a"));
  (void)book.add(message("b"));
  (void)book.take_due(noon, 9);
  BOOST_TEST((book.settle("a", {refused, "550 no such user", {}, {}}, noon, 0)->entry.state == outbox_state::dead));
  BOOST_TEST(
      (book.settle("b", {retry, "", {}, {}}, noon + hours{24} - millis{1}, 0)->entry.state == outbox_state::waiting));
  (void)book.take_due(noon + hours{25}, 9);
  BOOST_TEST((book.settle("b", {retry, "", {}, {}}, noon + hours{25}, 0)->entry.state == outbox_state::dead));
}

BOOST_AUTO_TEST_CASE(what_the_other_side_asks_is_heeded_within_reason) {
  outbox_book book{outbox_limits{}};
  (void)book.add(message("a"));
  (void)book.take_due(noon, 9);
  BOOST_TEST((book.settle("a", {retry, "", seconds{90}, {}}, noon, 0)->entry.next_at == noon + seconds{90}));
  (void)book.take_due(noon + hours{1}, 9);
  BOOST_TEST((book.settle("a", {retry, "", hours{90}, {}}, noon + hours{1}, 0)->entry.next_at == noon + hours{2}));
}

BOOST_AUTO_TEST_CASE(what_is_said_of_an_alarm_arrives_in_order) {
  outbox_book book{outbox_limits{}};
  (void)book.add(message("raised", {1, 2}));
  (void)book.add(message("cleared", {2}));
  (void)book.add(message("corrected", {2}));
  (void)book.add(message("other", {3}));
  (void)book.add(message("elsewhere", {2}, "sms"));
  BOOST_TEST(keys(book.take_due(noon, 9)) == (list{"raised", "other", "elsewhere"}));
  const auto failed = book.settle("raised", {retry, "", {}, {}}, noon, 0);
  BOOST_TEST(book.take_due(noon, 9).empty());
  BOOST_TEST(keys(book.take_due(failed->entry.next_at, 9)) == list{"raised"});
  (void)book.settle("raised", {delivered, "", {}, {}}, noon, 0);
  BOOST_TEST(keys(book.take_due(noon, 9)) == list{"cleared"});
  (void)book.settle("cleared", {refused, "", {}, {}}, noon, 0);
  BOOST_TEST(keys(book.take_due(noon, 9)) == list{"corrected"});
}

BOOST_AUTO_TEST_CASE(a_channel_that_hangs_holds_up_no_other) {
  outbox_limits limits;
  limits.max_in_flight_a_channel = 2;
  outbox_book book{limits};
  for (int i = 0; i < 9; ++i)
    (void)book.add(message("mail" + std::to_string(i)));
  (void)book.add(message("sms", {}, "sms"));
  BOOST_TEST(keys(book.take_due(noon, 5)) == (list{"mail0", "mail1", "sms"}));
  BOOST_TEST(book.take_due(noon, 5).empty());
  (void)book.settle("mail1", {delivered, "", {}, {}}, noon, 0);
  BOOST_TEST(keys(book.take_due(noon, 5)) == list{"mail2"});
}

BOOST_AUTO_TEST_CASE(the_bounds_hold) {
  outbox_limits limits;
  limits.max_waiting = 2;
  limits.remembered_keys = 1;
  limits.max_in_flight_a_channel = 9;
  outbox_book book{limits};
  BOOST_TEST(book.room().has("mail"));
  (void)book.add(message("a"));
  (void)book.add(message("b"));
  BOOST_TEST(book.room().full() == list{"mail"});
  BOOST_TEST((book.add(message("c")) == outbox_add::full));
  BOOST_TEST((book.add(message("e", {}, "sms")) == outbox_add::added)); // every channel has room of its own
  book.restore(message("d"));                                           // what is committed is never dropped
  BOOST_TEST(book.waiting() == 4U);
  BOOST_TEST(!book.room().has("mail"));
  BOOST_TEST(book.take_due(noon, 2).size() == 2U);
  BOOST_TEST(keys(book.take_due(noon, 2)) == (list{"e", "d"}));
  (void)book.settle("a", {delivered, "", {}, {}}, noon, 0);
  BOOST_TEST(!book.room().has("mail"));
  (void)book.settle("b", {delivered, "", {}, {}}, noon, 0);
  BOOST_TEST(book.room().has("mail"));
  BOOST_TEST((book.add(message("b")) == outbox_add::known));
  BOOST_TEST((book.add(message("a")) == outbox_add::added)); // forgotten
}

// Random channels, random deaths: everything that was added arrives at least once or is a dead letter, and only a death
// between arrival and commit makes it arrive twice.
BOOST_AUTO_TEST_CASE(at_least_once_whatever_happens) {
  const bool held = rc::check([] {
    std::map<std::string, outbox_entry> stored;
    std::vector<std::string> order;
    std::map<std::string, int> arrived;
    std::set<std::string> excused;
    auto book = std::make_unique<outbox_book>(outbox_limits{});
    timestamp now = noon;
    const int messages = *rc::gen::inRange(1, 20);
    for (int i = 0; i < messages; ++i) {
      outbox_entry entry = message("m" + std::to_string(i), {*rc::gen::inRange(1, 4)});
      stored[entry.key] = entry;
      order.push_back(entry.key);
      (void)book->add(entry);
    }
    for (int turn = 0; book->waiting() > 0 && turn < 10'000; ++turn) {
      now += seconds{60};
      for (const outbox_entry& sent : book->take_due(now, 3)) {
        const int fate = *rc::gen::inRange(0, 4);
        const bool there = fate != 1; // 0, 2: arrived; 3: arrived, the answer was lost
        if (there) ++arrived[sent.key];
        if (fate == 3) excused.insert(sent.key);
        const auto done = book->settle(sent.key, {fate == 0 || fate == 2 ? delivered : retry, "", {}, {}}, now,
                                       *rc::gen::inRange(0, 10) / 10.0);
        RC_ASSERT(done.has_value());
        if (fate == 2) { // dies before the outcome is committed
          excused.insert(sent.key);
          book = std::make_unique<outbox_book>(outbox_limits{});
          for (const std::string& key : order)
            book->restore(stored[key]);
          break;
        }
        stored[sent.key] = done->entry;
      }
    }
    for (const std::string& key : order) {
      RC_ASSERT(stored[key].state != outbox_state::waiting);
      RC_ASSERT(arrived[key] >= 1 || stored[key].state == outbox_state::dead);
      RC_ASSERT(arrived[key] <= 1 || excused.contains(key));
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()
