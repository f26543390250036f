#pragma once
// The front actor owns the server that faces the network; engine_front is the engine as that server sees it.

#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "actors/writer.hpp"
#include "net/notification_port.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>

namespace coldvigil::actors {

/// A server that is running; made and started by the composition root.
class front_server {
 public:
  virtual ~front_server() = default;
  /// Ends every connection; bounded in time; nothing calls the engine afterwards.
  virtual void stop() = 0;
};

struct front_state {
  static inline const char* name = "coldvigil.front";
  std::unique_ptr<front_server> server{};
};

front_actor::behavior_type front(front_actor::stateful_pointer<front_state> self,
                                 std::shared_ptr<std::unique_ptr<front_server>> server);

/// Thread-safe; holds handles only, and lets go of them by release().
class engine_front final : public engine {
 public:
  struct handles {
    std::unordered_map<std::int64_t, customer_actor> customers{};
    inference_actor scorer{};
    reader_actor reader{};
    writer_actor writer{};
    system_watcher_actor watcher{};
    feed_actor feed{};
  };
  engine_front(const engine_context& context, handles to, std::uint64_t epoch, std::shared_ptr<store_health> health,
               std::string store_kind, std::string model_name);

  [[nodiscard]] const now_board& board() const override { return context_.board; }
  [[nodiscard]] std::uint64_t epoch() const override { return epoch_; }
  [[nodiscard]] engine_health health() const override;
  [[nodiscard]] bool submit(submission&& what) override;
  void series_of(const series_query& query, std::function<void(result<series>)> done) override;
  void alarms(const alarm_list_query& query, std::function<void(result<alarm_listing>)> done) override;
  void story(const uuid& alarm, std::optional<customer_id> customer,
             std::function<void(result<alarm_story>)> done) override;
  void open_alarms(customer_id customer, unit_id unit,
                   std::function<void(result<std::vector<alarm_record>>)> done) override;
  void say(alarm_word&& word, std::function<void(result<alarm_story>)> done) override;
  void change_service(service_change&& change, std::function<void(status)> done) override;
  void courses(const course_query& query, std::function<void(result<std::vector<alarm_course>>)> done) override;
  [[nodiscard]] std::shared_ptr<const rule_history> rules() const override { return context_.rules->current(); }
  [[nodiscard]] std::uint16_t consecutive() const override {
    return static_cast<std::uint16_t>(context_.limits.consecutive);
  }
  void change_rules(place_rules&& wanted, std::function<void(result<std::vector<rule_record>>)> done) override;
  [[nodiscard]] system_board::alarm_list system_alarms() const override { return context_.system->alarms(); }
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

  [[nodiscard]] notification_port* notifications() override { return notifications_; }
  /// Before the server starts; it outlives it.
  void set_notifications(notification_port* port) { notifications_ = port; }

  /// The engine ends: handles are dropped so that the actors can.
  void release() {
    to_ = {};
    notifications_ = nullptr;
  }

 private:
  void ask_unit(customer_id customer, unit_question&& question);

  const engine_context& context_;
  handles to_;
  std::uint64_t epoch_;
  std::shared_ptr<store_health> health_;
  std::string store_kind_;
  std::string model_name_;
  notification_port* notifications_ = nullptr;
};

} // namespace coldvigil::actors
