#pragma once
// What the network side needs of the engine. The front actor implements it; tests use a fake.
//
// Every function may be called from any thread and returns at once. Callbacks come later, once, on a thread of the
// engine's: they must not block (a session posts to its own strand). A callback may never come when the engine is
// stuck, so whoever waits has a timeout of his own.

#include "core/feed.hpp"
#include "core/now_board.hpp"
#include "core/place_rules.hpp"
#include "core/receipt.hpp"
#include "core/result.hpp"
#include "core/system_board.hpp"
#include "db/store.hpp"
#include "model/detector.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace coldvigil {

/// One item of a submission: addressed to a unit and measured, or refused at the border already (stored with its
/// reason).
struct submission_item {
  unit_id unit{}; ///< 0 when what is refused has no known unit
  std::variant<measured, rejected_reading> content;
};

struct submission {
  customer_id customer{};
  std::vector<submission_item> items;
  receipt::done_function done; ///< one result an item, in order, after the commit
};

struct series_query {
  customer_id customer{};
  unit_id unit{};
  timestamp from{}, to{};
};
struct series {
  std::vector<judged_reading> readings; ///< event order, sealed and unsealed
  sensor_names sensors;
};

struct prediction_query {
  std::vector<double> values; ///< °C, event order; the last one is judged
  double low = -25, high = -18;
  std::optional<unit_id> unit{}; ///< against this unit's real window
  std::optional<customer_id> customer{};
};

struct engine_health {
  bool store_ok = true;
  std::string store_text; ///< "ok" or what is wrong
  std::string store_kind;
  std::string model_name;      ///< empty when rules work alone
  std::uint64_t in_flight = 0; ///< readings admitted and not yet committed
};

/// Alarms as they are listed, newest raised first.
struct alarm_list_query {
  alarm_query facts{};               ///< offset and after: one of them
  std::vector<alarm_stage> stages{}; ///< of their lives; empty = all
};
struct alarm_listing {
  struct item {
    alarm_record alarm{};
    alarm_life life{};
  };
  std::vector<item> items{};
  std::optional<std::uint64_t> total{}; ///< nothing when stages were asked for: those are not counted
  std::optional<list_place> next{};     ///< where the list goes on; nothing at its end
};

/// Somebody says something of an alarm. The time is the engine's.
struct alarm_word {
  uuid alarm{};
  std::optional<customer_id> customer{}; ///< nothing = any
  life_event event{};
};

/// How far a check of the whole record is. One is made at a time, in steps, beside the readers' other work.
struct record_check {
  chain_check so_far{};
  std::optional<chain_head> head{}; ///< the newest commit when the check began
  timestamp began_at{};
  std::optional<timestamp> ended_at{}; ///< nothing while it runs
};

class notification_port;

class engine {
 public:
  virtual ~engine() = default;

  [[nodiscard]] virtual const now_board& board() const = 0;
  [[nodiscard]] virtual std::uint64_t epoch() const = 0;
  [[nodiscard]] virtual engine_health health() const = 0;

  /// False when the engine is full: nothing was taken, `done` never comes, the sender is told to come back.
  [[nodiscard]] virtual bool submit(submission&& what) = 0;

  virtual void series_of(const series_query& query, std::function<void(result<series>)> done) = 0;
  virtual void alarms(const alarm_list_query& query, std::function<void(result<alarm_listing>)> done) = 0;
  virtual void story(const uuid& alarm, std::optional<customer_id> customer,
                     std::function<void(result<alarm_story>)> done) = 0;
  /// The unit's open alarms with their excursions as they stand now.
  virtual void open_alarms(customer_id customer, unit_id unit,
                           std::function<void(result<std::vector<alarm_record>>)> done) = 0;
  /// Answers after the commit. What stands already is not said twice.
  virtual void say(alarm_word&& word, std::function<void(result<alarm_story>)> done) = 0;
  virtual void change_service(service_change&& change, std::function<void(status)> done) = 0;
  virtual void courses(const course_query& query, std::function<void(result<std::vector<alarm_course>>)> done) = 0;

  [[nodiscard]] virtual std::shared_ptr<const rule_history> rules() const = 0;
  /// N of the program's own persistence rule.
  [[nodiscard]] virtual std::uint16_t consecutive() const = 0;
  /// Answers after the commit with what was changed; nothing when all stands as it is.
  virtual void change_rules(place_rules&& wanted, std::function<void(result<std::vector<rule_record>>)> done) = 0;

  /// The alarms of Coldvigil itself and those of common cause; open ones first.
  [[nodiscard]] virtual system_board::alarm_list system_alarms() const = 0;
  /// Somebody has seen an open one. Answers after the commit; while the store is away with error_code::unavailable,
  /// and it is stored later.
  virtual void acknowledge_system_alarm(const uuid& alarm, std::optional<customer_id> customer, std::string who,
                                        std::string reason, std::function<void(result<system_alarm>)> done) = 0;
  virtual void rejects(const reject_query& query, std::function<void(result<std::vector<rejected_reading>>)> done) = 0;
  virtual void polls(const poll_query& query, std::function<void(result<std::vector<poll_record>>)> done) = 0;
  virtual void audits(const audit_query& query, std::function<void(result<std::vector<audit_entry>>)> done) = 0;
  /// Nothing before the first commit.
  virtual void head(std::function<void(result<std::optional<chain_head>>)> done) = 0;
  /// Joins the check that runs, or starts one when the last has ended for a while. Answers when it ends, or after a
  /// short patience with how far it is.
  virtual void check_record(std::function<void(result<record_check>)> done) = 0;
  virtual void predict(prediction_query&& query, std::function<void(result<prediction>)> done) = 0;
  virtual void reconstruct(customer_id customer, unit_id unit, std::function<void(result<reconstruction>)> done) = 0;

  /// scope 0 = all customers. The engine keeps the listener weakly; a dead one is forgotten.
  virtual void subscribe(customer_id scope, std::optional<feed_cursor> after,
                         std::weak_ptr<feed_listener> listener) = 0;

  /// Null where nobody is to be told of anything.
  [[nodiscard]] virtual notification_port* notifications() { return nullptr; }
};

} // namespace coldvigil
