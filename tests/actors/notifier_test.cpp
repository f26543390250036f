// The notifier with a store in memory and channels that the test holds in its hands.
#include "actors/notifier.hpp"
#include "notify/zones.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

using namespace coldvigil;
using namespace coldvigil::actors;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// Time that only the test moves.
class test_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const override { return from_ms(ms_); }
  void add(millis more) { ms_ += more.count(); }

 private:
  std::atomic<std::int64_t> ms_{1'795'219'200'000};
};

/// Takes what it is sent and answers as it is told.
class hand_channel final : public channel {
 public:
  [[nodiscard]] send_outcome send(const outgoing_message& message, const std::atomic<bool>&) const override {
    const std::lock_guard lock(mutex_);
    got_.push_back(message);
    came_.notify_all();
    const bool fails = failing_ || ++tries_[message.key] <= failures_a_message;
    return {fails ? send_result::retry : send_result::delivered, "", {}, {}};
  }
  void fail(bool failing) { failing_ = failing; }
  int failures_a_message = 0; ///< before it takes one
  std::vector<outgoing_message> wait_for(std::size_t count) const {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return got_.size() >= count; });
    return got_;
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return got_.size();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable came_;
  mutable std::vector<outgoing_message> got_;
  mutable std::map<std::string, int> tries_; ///< by key
  std::atomic<bool> failing_{false};
};

/// Keeps each of its threads until it is let go.
class stuck_channel final : public channel {
 public:
  [[nodiscard]] send_outcome send(const outgoing_message&, const std::atomic<bool>&) const override {
    std::unique_lock lock(mutex_);
    ++held_;
    moved_.notify_all();
    moved_.wait(lock, [&] { return let_go_; });
    return {send_result::retry, "it hung", {}, {}};
  }
  void await(std::size_t held) const {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return held_ >= held; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    moved_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable moved_;
  mutable std::size_t held_ = 0;
  bool let_go_ = false;
};

alarm_notice raised() {
  alarm_notice out;
  out.alarm.bytes[15] = 1;
  out.transition = 1;
  out.unit_name = "U1";
  out.facility_name = "F1";
  out.rule = "too warm";
  return out;
}

struct beginning {
  std::optional<timestamp> stopped_before{};
  int more_persons = 0;
  std::size_t units_to_restore = 0;
  bool store_away = false;
  std::size_t stuck_channels = 0; ///< each with as many persons as may be sent to at a time
};

class notifier_fixture {
 public:
  test_clock time;
  std::shared_ptr<hand_channel> mail = std::make_shared<hand_channel>();
  std::shared_ptr<hand_channel> heart = std::make_shared<hand_channel>();
  std::vector<std::shared_ptr<stuck_channel>> stuck;
  std::shared_ptr<recording_pulse> pulse = std::make_shared<recording_pulse>();
  std::atomic<bool> store_away{false};
  std::atomic<int> refused_commits{0};
  std::mutex mutex;
  std::vector<notification_changes> commits;
  std::vector<audit_entry> audits;
  std::vector<std::optional<timestamp>> kept_stops;
  std::vector<std::pair<message_link, std::string>> acknowledged;
  std::atomic<bool> lifecycle_refuses{false};
  std::shared_ptr<notification_metrics> metrics = std::make_shared<notification_metrics>();

  /// Returns when the notifier has begun and its own first tick is over: it read the clock of the test for that.
  explicit notifier_fixture(const beginning& from = {}) {
    store_away = from.store_away;
    context_.standings->await(from.units_to_restore);
    for (std::size_t i = 0; i < from.stuck_channels; ++i)
      stuck.push_back(std::make_shared<stuck_channel>());
    notifier_options options;
    options.desk.self_tests.every = std::chrono::days{0};
    options.desk.link_url = "https://cold.example/l/";
    options.heartbeat_channel = "heart";
    options.tick = std::chrono::hours{1}; // the test ticks
    options.commit_retry = millis{0};
    actor_ = system_.spawn<caf::detached>(notifier, &context_, options, tools(from.stopped_before, from.more_persons));
    let_pass(); // it has begun, and has sent itself the first tick
    let_pass();
  }
  ~notifier_fixture() {
    for (const auto& each : stuck)
      each->let_go();
    stop();
  }

  engine_context& context() { return context_; }
  notifier_actor& actor() { return *actor_; }
  /// Whether all that was settled is committed.
  bool stop() {
    bool clean = false;
    if (stopped_) return clean;
    stopped_ = true;
    caf::scoped_actor self(system_);
    self->request(*actor_, seconds{60}, notifier_stop{})
        .receive([&](bool ok) { clean = ok; }, [](const caf::error&) { BOOST_ERROR("the notifier does not stop"); });
    actor_.reset();
    return clean;
  }
  /// Moves the time on, second by second, until so many messages have come; each second is seen by the notifier.
  std::vector<outgoing_message> go_on_until(const hand_channel& channel, std::size_t count) {
    while (channel.count() < count) {
      time.add(seconds{1});
      tick();
    }
    return channel.wait_for(count);
  }
  void tick() {
    caf::anon_send(actor(), notifier_tick{});
    let_pass();
  }
  /// The notifier has it, at the time that the test's clock shows.
  void tell(notices_committed what) {
    caf::anon_send(actor(), std::move(what));
    let_pass();
  }
  /// Returns when the notifier has taken up everything that was sent to it so far.
  void let_pass() {
    std::promise<void> passed;
    caf::anon_send(actor(), link_question{"x", false, [&](const result<used_link>&) { passed.set_value(); }});
    passed.get_future().wait();
  }
  /// Looks at a link, or uses it; whether it worked.
  bool ask(const std::string& secret, bool use, const std::string& reason = "") {
    std::promise<bool> answer;
    caf::anon_send(
        actor(), link_question{secret, use, [&](const result<used_link>& got) { answer.set_value(got.ok()); }, reason});
    return answer.get_future().get();
  }
  [[nodiscard]] std::vector<delivery_record> deliveries() {
    const std::lock_guard lock(mutex);
    std::vector<delivery_record> out;
    for (const auto& each : commits)
      out.insert(out.end(), each.deliveries.begin(), each.deliveries.end());
    return out;
  }

 private:
  notifier_tools tools(std::optional<timestamp> stopped_before, int more_persons) {
    auto book = std::make_shared<contact_book>();
    book->persons["anna"] = {"Anna", *find_zone("UTC"), {{"mail", "a@b"}}, severity::warning, ""};
    book->policies["usual"].steps = {{millis{0}, {{"anna", "", ""}}}};
    for (int i = 0; i < more_persons; ++i) {
      const std::string id = "p" + std::to_string(i);
      book->persons[id] = {id, *find_zone("UTC"), {{"mail", id + "@b"}}, severity::warning, ""};
      book->policies["usual"].steps[0].to.push_back({id, "", ""});
    }
    notifier_tools out;
    out.channels = {{"mail", mail}, {"heart", heart}};
    for (const auto& each : stuck) {
      const std::string name = "a stuck one " + std::to_string(out.channels.size()); // before "mail" in every order
      out.channels[name] = each;
      for (std::size_t i = 0; i < outbox_limits{}.max_in_flight_a_channel; ++i) {
        const std::string id = name + " " + std::to_string(i);
        book->persons[id] = {id, *find_zone("UTC"), {{name, id}}, severity::warning, ""};
        book->policies["usual"].steps[0].to.insert(book->policies["usual"].steps[0].to.begin(), {id, "", ""});
      }
    }
    book->routes = {{std::nullopt, std::nullopt, severity::warning, "usual"}};
    out.contacts = book;
    out.random = [](std::span<std::uint8_t> bytes) {
      for (std::uint8_t& each : bytes)
        each = 7;
    };
    out.chance = [] { return 0.5; };
    out.pulse = pulse;
    out.metrics = metrics;
    out.commit = [this](const notifier_commit& what, const std::function<void(bool)>& done) {
      if (store_away) {
        ++refused_commits;
        return done(false);
      }
      {
        const std::lock_guard lock(mutex);
        commits.push_back(what.changes);
        audits.insert(audits.end(), what.audits.begin(), what.audits.end());
      }
      done(true);
    };
    out.units_in_danger = [] {
      return std::vector<unit_in_danger>{{"A", "F1", "U9", -1000, -18'000, temperature_scale::celsius, {}}};
    };
    out.acknowledge = [this](const message_link& link, const std::string& reason,
                             const std::function<void(result<std::vector<alarm_dealt_with>>)>& done) {
      if (lifecycle_refuses) return done(failure{error_code::invalid_argument, "say why"});
      const std::lock_guard lock(mutex);
      acknowledged.emplace_back(link, reason);
      done(std::vector<alarm_dealt_with>{});
    };
    out.log = [](const std::string&, const std::string&) {};
    out.keep_stop = [this](std::optional<timestamp> since) {
      const std::lock_guard lock(mutex);
      kept_stops.push_back(since);
    };
    out.stopped_before = stopped_before;
    return out;
  }

  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  engine_metrics metrics_;
  now_board board_;
  admission_gate gate_{1};
  engine_context context_{time,
                          engine_limits{},
                          metrics_,
                          board_,
                          gate_,
                          [] { return uuid{}; },
                          [](const std::string& who, const std::string& what) { BOOST_ERROR(who + ": " + what); }};
  std::optional<notifier_actor> actor_;
  bool stopped_ = false;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(notifying, notifier_fixture)

BOOST_AUTO_TEST_CASE(a_committed_alarm_reaches_a_person_and_its_link_acknowledges) {
  tell({{raised()}});
  const auto sent = go_on_until(*mail, 1);
  BOOST_TEST(sent[0].to.person == "anna");
  const std::string secret = "0707070707070707070707070707070707070707070707070707070707070707";
  BOOST_TEST(sent[0].text.find("https://cold.example/l/" + secret) != std::string::npos);
  BOOST_TEST(ask(secret, false));
  lifecycle_refuses = true;
  BOOST_TEST(!ask(secret, true)); // and the link still works
  lifecycle_refuses = false;
  store_away = true;
  BOOST_TEST(!ask(secret, true, "door was open")); // it is tried again by itself
  store_away = false;
  tick();
  BOOST_TEST(!ask(secret, true));
  BOOST_TEST(stop());
  BOOST_REQUIRE(acknowledged.size() == 1U);
  BOOST_TEST(acknowledged[0].second == "door was open");
  BOOST_TEST(metrics->acknowledgements == 1U);
  BOOST_TEST(std::any_of(commits.begin(), commits.end(), [](const notification_changes& each) {
    return !each.links.empty() && each.links.back().used_at.has_value();
  }));
  BOOST_REQUIRE(deliveries().size() == 1U);
  BOOST_TEST((deliveries()[0].result == send_result::delivered));
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_while_the_store_is_away_but_the_alarm_about_that) {
  store_away = true;
  pulse->committed();
  time.add(seconds{5}); // nothing was there to record
  const timestamp stopped = time.now();
  pulse->waiting(stopped);
  tell({{raised()}});
  const auto first = go_on_until(*mail, 1);
  BOOST_TEST(first[0].subject == "ALARM: Coldvigil has stopped recording, 1 unit out of limits");
  BOOST_TEST(first[0].text.find("U9, F1, A") != std::string::npos);
  store_away = false;
  pulse->committed();
  const auto all = go_on_until(*mail, 3);
  std::size_t alarms = 0;
  for (const auto& each : all)
    if (each.subject.find("U1, F1") != std::string::npos) ++alarms;
  BOOST_TEST(alarms == 1U);
  BOOST_TEST(refused_commits >= 1);
  stop();
  std::vector<std::string> said;
  for (const audit_entry& each : audits)
    said.push_back(each.action);
  BOOST_TEST((said == std::vector<std::string>{"recording.stopped", "recording.again"}));
  for (const audit_entry& each : audits)
    BOOST_TEST(each.reason == "nothing stored since " + format_utc(stopped));
}

BOOST_AUTO_TEST_CASE(who_has_acknowledged_that_the_store_is_away_is_not_told_again_while_that_lasts) {
  const auto stop_for = [&](seconds span) {
    pulse->committed();
    tick();
    pulse->waiting(time.now());
    for (seconds passed{0}; passed < span; passed += seconds{10}) {
      time.add(seconds{10});
      tick();
    }
  };
  stop_for(minutes{16}); // and once more after a quarter of an hour
  BOOST_TEST(mail->wait_for(2).size() == 2U);
  system_alarm away;
  away.what.fault = system_fault::store_away;
  away.acknowledged = alarm_life::mark{time.now(), "person:anna", ""};
  context().system->publish({away});
  stop_for(minutes{40}); // it worked for a moment: that is told, and no more
  BOOST_TEST(mail->wait_for(3).back().subject.find("again") != std::string::npos);
  pulse->committed();
  tick();
  away.cleared_at = time.now();
  context().system->publish({away});
  stop_for(minutes{1});
  BOOST_TEST(mail->wait_for(4).size() == 4U);
  stop();
  BOOST_TEST(mail->count() == 4U);
  BOOST_REQUIRE(kept_stops.size() == 3U);
  BOOST_TEST(kept_stops[0].has_value());
  BOOST_TEST(!kept_stops[1].has_value());
  BOOST_TEST(kept_stops[2].has_value());
}

BOOST_AUTO_TEST_CASE(the_heart_beats_only_with_commits) {
  pulse->committed();
  tick();
  (void)heart->wait_for(1);
  time.add(seconds{120});
  for (int i = 0; i < 10; ++i)
    tick(); // no commit came, so the heart is still
  BOOST_TEST(heart->count() == 1U);
  pulse->committed();
  (void)go_on_until(*heart, 2); // that the first beat is over may be heard later than that it came
}

BOOST_AUTO_TEST_CASE(what_failed_is_tried_again_later) {
  mail->fail(true);
  tell({{raised()}});
  (void)go_on_until(*mail, 1);
  mail->fail(false);
  const auto sent = go_on_until(*mail, 2);
  BOOST_TEST(sent[0].key == sent[1].key);
  BOOST_TEST(stop());
  BOOST_TEST(deliveries().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_test_message_is_committed_audited_and_sent) {
  std::promise<std::vector<std::string>> answer;
  caf::anon_send(actor(),
                 test_question{"anna", "mail", "token:admin", [&](const result<std::vector<std::string>>& got) {
                                 answer.set_value(got ? *got : std::vector<std::string>{});
                               }});
  const auto keys = answer.get_future().get();
  BOOST_REQUIRE(keys.size() == 1U);
  const auto sent = go_on_until(*mail, 1);
  BOOST_TEST(sent[0].key == keys[0]);
  std::promise<bool> nobody;
  caf::anon_send(actor(), test_question{"bert", "", "token:admin", [&](const result<std::vector<std::string>>& got) {
                                          nobody.set_value(!got && got.error().code == error_code::not_found);
                                        }});
  BOOST_TEST(nobody.get_future().get());
  BOOST_TEST(stop());
  BOOST_REQUIRE(audits.size() == 1U);
  BOOST_TEST(audits[0].action == "notification.tested");
  BOOST_TEST(audits[0].actor == "token:admin");
  BOOST_TEST(audits[0].subject == keys[0]);
  BOOST_TEST(metrics->attempts[static_cast<std::size_t>(send_result::delivered)] == 1U);
}

BOOST_AUTO_TEST_CASE(how_an_alarm_stands_with_people_ends_pauses_or_resumes_the_calling) {
  using kind = operator_act::kind;
  const alarm_life::mark by_desk{time.now(), "token:desk", "seen"};
  const auto act = [](const alarm_life& life) { return act_of(uuid{}, life); };
  alarm_life life;
  BOOST_TEST((act(life).what == kind::unshelve));
  life.shelved = by_desk;
  life.shelved_until = time.now() + seconds{60};
  BOOST_TEST((act(life).what == kind::shelve));
  BOOST_TEST((act(life).until == life.shelved_until));
  life.out_of_service = by_desk; // put back into service, it is still shelved
  BOOST_TEST((act(life).until > time.now() + std::chrono::years{99}));
  life.acknowledged = by_desk;
  BOOST_TEST((act(life).what == kind::acknowledge));
  BOOST_TEST(act(life).who == "token:desk");
  life.acknowledged.reset();
  life.closed = by_desk;
  BOOST_TEST((act(life).what == kind::acknowledge));
  BOOST_TEST(!concerns_calling(life_event_kind::comment));
  BOOST_TEST(concerns_calling(life_event_kind::unshelve));
}

BOOST_AUTO_TEST_CASE(how_long_an_alarm_waits_for_its_first_call_is_measured_once) {
  const timestamp begun = time.now();
  tell({{raised()}});
  (void)go_on_until(*mail, 1);
  const double waited = std::chrono::duration<double>(time.now() - begun).count();
  (void)go_on_until(*mail, 2); // a repeated call is no first one
  BOOST_TEST(stop());
  const latency_histogram& measured = metrics->first_call_seconds;
  std::uint64_t calls = 0;
  for (std::size_t i = 0; i <= latency_histogram::bounds_ms.size(); ++i)
    calls += measured.count(i);
  BOOST_TEST(calls == 1U);
  BOOST_TEST(measured.sum_ms() >= std::chrono::duration<double>(escalation_policy{}.quiet).count());
  BOOST_TEST(measured.sum_ms() <= waited);
}

BOOST_AUTO_TEST_CASE(an_alarm_of_a_unit_out_of_service_calls_nobody_until_it_is_back) {
  const alarm_notice alarm = raised();
  notices_committed told{{alarm}};
  told.acts.push_back({operator_act::kind::shelve, alarm.alarm, "anna", time.now() + std::chrono::years{100}});
  tell(told);
  for (int minute = 0; minute < 60; ++minute) {
    time.add(seconds{60});
    tick();
  }
  BOOST_TEST(mail->count() == 0U);
  tell({{}, {{operator_act::kind::unshelve, alarm.alarm, "anna", {}}}});
  BOOST_TEST(go_on_until(*mail, 1).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(notifying_after_a_restart)

BOOST_AUTO_TEST_CASE(the_first_calls_wait_until_the_alarms_are_restored_and_no_longer_than_so_long) {
  for (const bool restored : {true, false}) {
    notifier_fixture next({.units_to_restore = 1});
    next.tell({{raised()}});
    next.time.add(notifier_options{}.restore_patience - millis{1});
    next.tick();
    next.tick(); // what a tick asks for is committed and sent with it
    BOOST_TEST(next.commits.empty());
    if (restored)
      next.context().standings->unit_restored();
    else
      next.time.add(millis{1});
    if (!restored) next.tick();
    BOOST_TEST(next.mail->wait_for(1).size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(that_recording_works_again_is_told_by_the_next_process) {
  notifier_fixture next({.stopped_before = from_ms(1'795'000'000'000)});
  next.tick();
  const auto told = next.mail->wait_for(1)[0];
  BOOST_TEST(told.subject.find("again") != std::string::npos);
  BOOST_TEST(told.text.find("was not stored is missing") != std::string::npos, told.text);
  next.stop();
  BOOST_REQUIRE(next.kept_stops.size() == 1U);
  BOOST_TEST(!next.kept_stops[0].has_value());
  BOOST_REQUIRE(next.audits.size() == 1U);
  BOOST_TEST(next.audits[0].action == "recording.again");
}

BOOST_AUTO_TEST_CASE(that_people_were_told_of_a_stop_is_forgotten_when_the_news_of_its_end_are_committed) {
  notifier_fixture next({.stopped_before = from_ms(1'795'000'000'000), .store_away = true});
  next.tick();
  next.tick();
  BOOST_TEST(next.refused_commits >= 1);
  {
    const std::lock_guard lock(next.mutex);
    BOOST_TEST(next.kept_stops.empty()); // a process that ended here would have told nobody
  }
  next.store_away = false;
  next.tick();
  next.stop();
  BOOST_REQUIRE(next.kept_stops.size() == 1U);
  BOOST_TEST(!next.kept_stops[0].has_value());
  BOOST_TEST(next.mail->wait_for(1)[0].subject.find("again") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(notifying_many)

BOOST_AUTO_TEST_CASE(however_many_channels_hang_the_others_have_threads) {
  notifier_fixture all({.stuck_channels = 9});
  all.tell({{raised()}});
  const auto sent = all.go_on_until(*all.mail, 1);
  BOOST_TEST(sent[0].to.person == "anna");
  for (const auto& each : all.stuck)
    each->await(outbox_limits{}.max_in_flight_a_channel);
}

// Law 14: more people than can be sent to at a time, and a mail server that fails twice.
BOOST_AUTO_TEST_CASE(everybody_hears_that_recording_has_stopped_once_and_it_is_recorded_when_it_works_again) {
  const int persons = 24 * static_cast<int>(outbox_limits{}.max_in_flight_a_channel);
  notifier_fixture all({.more_persons = persons - 1, .store_away = true});
  all.mail->failures_a_message = 2;
  all.pulse->waiting(all.time.now());
  const auto sent = all.go_on_until(*all.mail, 3 * persons);
  std::map<std::string, int> by_person;
  for (const outgoing_message& each : sent)
    if (each.subject.starts_with("ALARM: Coldvigil has stopped recording")) ++by_person[each.to.person];
  BOOST_TEST(by_person.size() == static_cast<std::size_t>(persons));
  for (const auto& [person, tries] : by_person)
    BOOST_TEST(tries == 3, person);
  BOOST_TEST(all.deliveries().empty());
  all.store_away = false;
  all.stop();
  BOOST_TEST(all.deliveries().size() == 3U * persons);
  BOOST_TEST(all.mail->count() == 3U * persons);
}

BOOST_AUTO_TEST_SUITE_END()
