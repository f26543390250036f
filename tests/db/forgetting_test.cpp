// What is beyond its bound goes, and nothing that is still needed: on both databases.
#include "tests/db/store_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

constexpr std::int64_t day = 24 * 3600;
const callee anna{"anna", "mail", "anna@example.org"};

rejected_reading refused(const registered_unit& unit, std::int64_t second) {
  rejected_reading out;
  out.customer = unit.unit.customer;
  out.point = unit.unit.point;
  out.unit_code = unit.unit.code;
  out.at = at_second(second);
  out.reason = reject_reason::conflict;
  return out;
}

commit_batch refused_at(const registered_unit& unit, std::vector<std::int64_t> seconds) {
  commit_batch out;
  out.at = at_second(1);
  for (const std::int64_t each : seconds)
    out.rejects.push_back(refused(unit, each));
  return out;
}

std::vector<std::int64_t> seconds_of(const std::vector<rejected_reading>& rejects) {
  std::vector<std::int64_t> out;
  for (const rejected_reading& each : rejects)
    out.push_back((to_ms(*each.at) - to_ms(at_second(0))) / 1000);
  return out;
}

std::vector<std::int64_t> kept_rejects(store& of) {
  return seconds_of(must(must(of.make_reader())->rejects({})));
}

delivery_record attempt(const std::string& key, std::int64_t second) {
  delivery_record out;
  out.key = key;
  out.to = anna;
  out.at = at_second(second);
  return out;
}

outbox_entry message(const std::string& key, int alarm, outbox_state state) {
  outbox_entry out;
  out.key = key;
  out.to = anna;
  out.alarms = {some_uuid(alarm)};
  out.state = state;
  if (state != outbox_state::waiting) out.settled_at = at_second(0);
  return out;
}

alarm_notice notice(int alarm, std::uint64_t transition) {
  alarm_notice out;
  out.alarm = some_uuid(alarm);
  out.transition = transition;
  return out;
}

alarm_case case_of(int alarm, std::uint64_t seen, std::optional<std::int64_t> finished) {
  alarm_case out;
  out.alarm = some_uuid(alarm);
  out.seen = seen;
  if (finished) out.finished_at = at_second(*finished);
  return out;
}

message_link link_until(const std::string& hash, std::int64_t ms) {
  message_link out;
  out.sha256_hex = hash;
  out.expires_at = at_second(0) + millis{ms};
  return out;
}

void commit_at(store& into, std::int64_t second, notification_changes changes) {
  commit_batch batch;
  batch.at = at_second(second);
  batch.notifications = std::move(changes);
  must(into.commit(batch));
}

std::vector<std::string> keys_of(const std::vector<outbox_entry>& outbox) {
  std::vector<std::string> out;
  for (const outbox_entry& each : outbox)
    out.push_back(each.key);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(forgetting)

BOOST_AUTO_TEST_CASE_TEMPLATE(as_many_are_kept_as_the_bound_says, World, worlds) {
  World world;
  world.options.keep_rejects = 2;
  auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  must(store->commit(refused_at(unit, {1, 2})));
  auto forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::rejects] == 0U);
  must(store->commit(refused_at(unit, {3})));
  forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::rejects] == 1U);
  BOOST_TEST(!forgotten.more);
  BOOST_TEST((kept_rejects(*store) == std::vector<std::int64_t>{3, 2}));
  store->close();
  store.reset();
  store = opened(world); // counts what is there
  must(store->commit(refused_at(unit, {4})));
  BOOST_TEST(must(store->forget_oldest())[forgettable::rejects] == 1U);
  BOOST_TEST((kept_rejects(*store) == std::vector<std::int64_t>{4, 3}));
  const std::uint64_t commits = must(must(store->make_reader())->head())->seq;
  BOOST_TEST(must(store->forget_oldest())[forgettable::rejects] == 0U);
  BOOST_TEST(must(must(store->make_reader())->head())->seq == commits); // nothing to say
}

// A source offers the same bad readings at every poll: PostgreSQL gives a number to each attempt to put them in.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_same_refused_reading_again_forgets_no_other, World, worlds) {
  World world;
  world.options.keep_rejects = 3;
  const auto store = opened(world);
  const auto unit = make_units(*store, 1)[0];
  must(store->commit(refused_at(unit, {1, 2})));
  must(store->forget_oldest());
  for (int i = 0; i < 5; ++i)
    must(store->commit(refused_at(unit, {2, 2})));
  must(store->commit(refused_at(unit, {3})));
  BOOST_TEST(must(store->forget_oldest())[forgettable::rejects] == 0U);
  BOOST_TEST((kept_rejects(*store) == std::vector<std::int64_t>{3, 2, 1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(much_goes_a_piece_at_a_time, World, worlds) {
  World world;
  world.options.keep_polls = 1;
  const auto store = opened(world);
  commit_batch batch;
  batch.at = at_second(1);
  poll_record poll;
  poll.customer = make_units(*store, 1)[0].unit.customer;
  batch.polls.assign(5003, poll);
  must(store->commit(batch));
  auto forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::polls] == 5000U);
  BOOST_TEST(forgotten.more);
  batch.polls.resize(5001, poll);
  must(store->commit(batch));
  forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::polls] == 5001U); // never less than came since
  BOOST_TEST(forgotten.more);
  forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::polls] == 2U);
  BOOST_TEST(!forgotten.more);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_settled_message_goes_with_its_last_attempt, World, worlds) {
  World world;
  world.options.keep_deliveries = 1;
  const auto store = opened(world);
  commit_at(*store, 10,
            {.outbox = {message("settled", 1, outbox_state::delivered), message("waits", 2, outbox_state::waiting),
                        message("tried again", 3, outbox_state::dead)},
             .deliveries = {attempt("settled", 1), attempt("waits", 2), attempt("tried again", 3),
                            attempt("tried again", 4)}});
  BOOST_TEST(must(store->forget_oldest())[forgettable::deliveries] == 0U); // a start reads them
  commit_at(*store, day + 2, {.notices = {notice(1, 1)}});
  auto forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::deliveries] == 2U); // the third is not a day old
  BOOST_TEST(forgotten[forgettable::messages] == 1U);
  BOOST_TEST(!forgotten.more);
  commit_at(*store, day + 3, {.notices = {notice(1, 2)}});
  forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::deliveries] == 1U);
  BOOST_TEST(forgotten[forgettable::messages] == 0U);
  const auto found = must(store->load_notifications(at_second(-1), at_second(0)));
  BOOST_TEST((keys_of(found.outbox) == std::vector<std::string>{"waits", "tried again"}));
  BOOST_TEST(count_rows(*world.look(), "outbox_alarms") == 2);
  const auto reader = must(store->make_reader());
  BOOST_TEST((must(reader->deliveries({.alarm = some_uuid(3)})) == std::vector{attempt("tried again", 4)}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_case_goes_with_its_notices_when_nobody_needs_to_hear_of_it, World, worlds) {
  World world;
  world.options.keep_cases = 1;
  const auto store = opened(world);
  commit_at(*store, 10,
            {.notices = {notice(1, 1), notice(2, 2), notice(3, 3), notice(1, 4), notice(4, 5), notice(5, 6)},
             .cases = {case_of(1, 4, 9), case_of(2, 2, 9), case_of(3, 3, std::nullopt), case_of(4, 5, 10),
                       case_of(5, 6, 9)}});
  commit_at(*store, 11, {.notices = {notice(2, 7)}}); // news of it that nobody has looked at
  BOOST_TEST(must(store->forget_oldest())[forgettable::cases] == 0U);
  commit_at(*store, day + 9, {.links = {link_until("a", 1)}});
  auto forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::cases] == 1U); // of alarm 1: that of alarm 4 may be read by a start
  BOOST_TEST(forgotten[forgettable::notices] == 2U);
  commit_at(*store, day + 10, {.links = {link_until("b", 1)}});
  forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::cases] == 1U);
  const auto found = must(store->load_notifications(at_second(0), at_second(0)));
  std::vector<uuid> cases;
  for (const auto& [state, newest] : found.cases)
    cases.push_back(state.alarm);
  BOOST_TEST((cases == std::vector{some_uuid(2), some_uuid(3), some_uuid(5)}));
  BOOST_TEST((found.unseen == std::vector{notice(2, 7)}));
  BOOST_TEST(found.newest_transition == 7U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_of_notices_go_on_after_all_others_are_forgotten, World, worlds) {
  World world;
  world.options.keep_cases = 1;
  const auto store = opened(world);
  commit_at(*store, 10, {.notices = {notice(1, 1), notice(2, 2)}, .cases = {case_of(1, 1, 9), case_of(2, 2, 9)}});
  commit_at(*store, 3 * day, {.links = {link_until("a", 1)}});
  BOOST_TEST(must(store->forget_oldest())[forgettable::cases] == 1U);
  BOOST_TEST(must(store->load_notifications(at_second(0), at_second(0))).newest_transition == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(links_go_a_week_after_they_expired, World, worlds) {
  const World world;
  const auto store = opened(world);
  commit_at(*store, 7 * day, {.links = {link_until("a", 0), link_until("b", 1)}});
  auto forgotten = must(store->forget_oldest());
  BOOST_TEST(forgotten[forgettable::links] == 1U);
  const auto found = must(store->load_notifications(at_second(0), at_second(-1)));
  BOOST_TEST((found.links == std::vector{link_until("b", 1)}));
}

BOOST_AUTO_TEST_SUITE_END()
