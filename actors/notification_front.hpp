#pragma once
// Notification as the network side sees it.

#include "actors/contact_desk.hpp"
#include "actors/messages.hpp"
#include "actors/notifier.hpp"
#include "net/notification_port.hpp"

namespace coldvigil::actors {

/// Thread-safe; holds handles only.
class notification_front final : public notification_port {
 public:
  struct handles {
    notifier_actor notifier;
    reader_actor reader;
    writer_actor writer;
    std::shared_ptr<contact_board> board;
    std::shared_ptr<const contact_desk> desk;
    std::function<void(const contact_change&, const contact_changes&)> tell_of_change;
  };
  /// `time` outlives the actors.
  notification_front(handles to, const clock& time) : to_(std::move(to)), time_(time) {}

  [[nodiscard]] contacts_now contacts() const override { return to_.board->current(); }
  void change_contacts(contact_change&& change, std::function<void(result<contact_changes>)> done) override;
  [[nodiscard]] result<std::shared_ptr<const zone_clock>> zone(const std::string& name) const override;
  void deliveries(const delivery_query& query, std::function<void(result<std::vector<delivery_record>>)> done) override;
  void self_tests(std::size_t limit, std::function<void(result<std::vector<self_test>>)> done) override;
  void send_test(const std::string& person, const std::string& channel, const std::string& who,
                 std::function<void(result<std::vector<std::string>>)> done) override;
  void look_at_link(const std::string& secret, std::function<void(result<message_link>)> done) override;
  void use_link(const std::string& secret, const std::string& reason,
                std::function<void(result<used_link>)> done) override;

 private:
  const handles to_;
  const clock& time_;
};

} // namespace coldvigil::actors
