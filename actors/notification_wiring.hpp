#pragma once
// Notification put together with the engine: what it starts from, what the writer does for it, its actor, its end.

#include "actors/contact_desk.hpp"
#include "actors/messages.hpp"
#include "actors/notification_front.hpp"
#include "actors/notification_tap.hpp"
#include "actors/notifier.hpp"

#include <mutex>

namespace coldvigil::actors {

/// As the composition root gives it.
struct notification_parts {
  notifier_options options{};
  millis silence_hold{75'000}; ///< calls about a silent unit wait so long for the common cause
  channel_set channels;
  /// The checked book of the configuration, once it is known who and what is registered.
  std::function<result<contact_book>(const known_customers&, const registry&)> contacts;
  contact_codec codec;
  std::vector<contact_channel> reached_by; ///< by which people can be reached
  secret_source random;
  std::function<double()> chance;
  std::shared_ptr<notification_metrics> metrics;
  /// See notifier_tools.
  std::function<void(std::optional<timestamp>)> keep_stop = [](std::optional<timestamp>) {};
  std::optional<timestamp> stopped_before{};
  std::function<void(const std::string& event, const std::string& detail)> log;
  /// A change of the contact book that is committed, on the writer's thread.
  std::function<void(const contact_change&, const contact_changes&)> tell_of_change = [](const contact_change&,
                                                                                         const contact_changes&) {};
};

class notification_wiring {
 public:
  /// Reads what the store holds; nothing runs yet. `context` outlives this.
  static result<std::unique_ptr<notification_wiring>> prepare(store& durable, const registry& known,
                                                              const engine_context& context, notification_parts parts);

  /// For the writer's tools.
  [[nodiscard]] std::shared_ptr<notification_tap> tap() const { return tap_; }
  /// Before the first reading is on its way.
  void start(caf::actor_system& system, bool detached, const writer_actor& writer, const reader_actor& reader,
             const system_watcher_actor& watcher);
  [[nodiscard]] notification_front* front() { return front_.get(); }

  /// Breaks off what is being sent and commits what came of it, while the writer still runs. False when it could not.
  bool stop(caf::actor_system& system, millis patience);
  /// Without a word to the store.
  void abandon();

 private:
  /// Where the writer finds the notifier: it is spawned after the writer, which it needs itself.
  struct address {
    mutable std::mutex mutex;
    notifier_actor to;
    void set(notifier_actor actor) {
      const std::lock_guard lock(mutex);
      to = std::move(actor);
    }
    [[nodiscard]] notifier_actor get() const {
      const std::lock_guard lock(mutex);
      return to;
    }
  };

  explicit notification_wiring(const engine_context& context) : context_(context) {}
  status read(store& durable, const registry& known);
  status read_contacts(store& durable, const registry& known);

  const engine_context& context_;
  notification_parts parts_;
  std::shared_ptr<contact_board> contacts_ = std::make_shared<contact_board>();
  std::shared_ptr<const contact_desk> contact_desk_;
  stored_notifications stored_;
  std::vector<operator_act> acts_;
  std::shared_ptr<recording_pulse> pulse_ = std::make_shared<recording_pulse>();
  std::shared_ptr<address> address_ = std::make_shared<address>();
  std::shared_ptr<notification_tap> tap_;
  std::unique_ptr<notification_front> front_;
};

} // namespace coldvigil::actors
