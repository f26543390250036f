#pragma once
// An engine that does what a test tells it to, around a real now board with two customers.

#include "core/now_keeper.hpp"
#include "net/engine.hpp"
#include "net/server.hpp"
#include "tests/support/manual_clock.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

namespace coldvigil::test {

/// Customer A (id 1): facility fa_1 with units ua_1 (-25..-18 °C, °C) and ua_2; customer B (id 2): fb_1 with ub_1 (°F).
/// Public ids: see public_id().
class fake_engine final : public engine {
 public:
  fake_engine();

  static uuid public_id(std::uint8_t kind, std::uint8_t number); ///< kind 1 customer, 2 facility, 3 unit, 4 alarm
  static std::string unit_uuid(std::uint8_t number) { return to_string(public_id(3, number)); }
  /// Of the first unit, with public_id(4, 1); what raised it and when is the test's to say.
  static alarm_record first_alarm(alarm_id id);

  /// Commits a reading to the board.
  void measure(unit_id unit, judged_reading reading, std::vector<new_sensor> sensors = {});
  /// A frame of readings of unit 1 (scope as given), numbered first..first+count-1.
  static std::shared_ptr<feed_frame> frame(customer_id scope, std::uint64_t first, std::size_t count,
                                           std::uint64_t epoch = 3);
  /// Commits one reading of unit 1, so that the board's feed number moves on by one for A and for all.
  std::uint64_t advance_feed();

  [[nodiscard]] const now_board& board() const override { return board_; }
  [[nodiscard]] std::uint64_t epoch() const override { return 3; }
  [[nodiscard]] engine_health health() const override { return health_now; }
  bool submit(submission&& what) override;
  void series_of(const series_query& query, std::function<void(result<series>)> done) override;
  void alarms(const alarm_list_query& query, std::function<void(result<alarm_listing>)> done) override;
  void story(const uuid& alarm, std::optional<customer_id> customer,
             std::function<void(result<alarm_story>)> done) override;
  void open_alarms(customer_id customer, unit_id unit,
                   std::function<void(result<std::vector<alarm_record>>)> done) override;
  void say(alarm_word&& word, std::function<void(result<alarm_story>)> done) override;
  void change_service(service_change&& change, std::function<void(status)> done) override;
  void courses(const course_query& query, std::function<void(result<std::vector<alarm_course>>)> done) override;
  [[nodiscard]] std::shared_ptr<const rule_history> rules() const override { return rules_now.current(); }
  [[nodiscard]] std::uint16_t consecutive() const override { return 3; }
  void change_rules(place_rules&& wanted, std::function<void(result<std::vector<rule_record>>)> done) override;
  [[nodiscard]] system_board::alarm_list system_alarms() const override { return system.alarms(); }
  void acknowledge_system_alarm(const uuid& alarm, std::optional<customer_id> customer, std::string who,
                                std::string reason, std::function<void(result<system_alarm>)> done) override;
  void rejects(const reject_query& query, std::function<void(result<std::vector<rejected_reading>>)> done) override;
  void polls(const poll_query& query, std::function<void(result<std::vector<poll_record>>)> done) override;
  void audits(const audit_query& query, std::function<void(result<std::vector<audit_entry>>)> done) override;
  void head(std::function<void(result<std::optional<chain_head>>)> done) override;
  void check_record(std::function<void(result<record_check>)> done) override;
  void predict(prediction_query&& query, std::function<void(result<prediction>)> done) override;
  void reconstruct(customer_id customer, unit_id unit, std::function<void(result<reconstruction>)> done) override;
  void subscribe(customer_id scope, std::optional<feed_cursor> after, std::weak_ptr<feed_listener> listener) override;

  [[nodiscard]] notification_port* notifications() override { return port; }

  /// The listener of the newest subscription, waited for when it is `before` still; null when none comes in a minute.
  std::shared_ptr<feed_listener> listener(const std::shared_ptr<feed_listener>& before = nullptr);

  // What a test sets before it asks, and looks at afterwards.
  engine_health health_now{true, "ok", "fake", "model-1", 7};
  notification_port* port = nullptr;
  bool full = false;
  bool silent = false; ///< callbacks are kept in `unanswered` instead of being called
  bool resume_works = false;
  std::function<std::vector<item_result>(const submission&)> fates;
  std::map<std::int64_t, series> stored;
  std::vector<series_query> asked_series;
  std::optional<failure> fails{};
  std::vector<alarm_record> alarm_list;
  std::vector<alarm_record> open_by_now; ///< as the alarm machines have them; empty: as they are listed
  record_check check_now{};
  std::vector<submission> submissions;
  std::optional<prediction_query> predicted{};
  std::optional<alarm_list_query> asked_alarms{};
  std::optional<audit_query> asked_audits{};
  std::optional<reject_query> asked_rejects{};
  std::vector<rejected_reading> kept_apart{};
  std::map<std::int64_t, std::vector<life_event>> said; ///< by alarm
  std::vector<service_change> served;
  std::vector<alarm_course> course_list;
  std::optional<course_query> asked_courses{};
  rule_board rules_now;
  system_board system;
  std::vector<place_rules> wanted_rules;
  std::vector<std::function<void()>> unanswered;
  customer_id subscribed_scope{};
  std::optional<feed_cursor> subscribed_after{};

 private:
  /// Calls now, or keeps the call.
  void reply(std::function<void()> call);
  template <class T> void give(const std::function<void(result<T>)>& done, T value) {
    reply([this, done, value] { fails ? done(*fails) : done(value); });
  }

  now_board board_;
  now_keeper keeper_;
  std::mutex mutex_;
  std::condition_variable subscribed_;
  std::weak_ptr<feed_listener> listener_;
  std::uint64_t feed_ = 0;
};

/// A server on a free port with a fake engine, a manual clock and tokens: "a-read", "a-write", "b-read", "b-write",
/// "a-admin", "admin", "expired" (A, read).
struct running_server {
  explicit running_server(server_options options = {}, asset_lookup assets = {});
  ~running_server();

  /// Waits until so many requests of this path have ended with the status; false when they do not within a minute.
  bool ended(const std::string& path, unsigned status, std::size_t count = 1);

  fake_engine engine;
  manual_clock time;
  token_book tokens;
  limits_not_taken in_file;
  std::mutex log_mutex;
  std::condition_variable logged;
  std::vector<access_record> log;
  std::unique_ptr<server> web;
  std::uint16_t port = 0;
};

} // namespace coldvigil::test
