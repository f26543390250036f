#pragma once
// Notification as the network side sees it.

#include "actors/messages.hpp"
#include "actors/notifier.hpp"
#include "net/notification_port.hpp"

namespace coldvigil::actors {

/// Thread-safe; holds handles only.
class notification_front final : public notification_port {
 public:
  notification_front(notifier_actor to, reader_actor from, std::shared_ptr<const contact_book> contacts)
      : to_(std::move(to)), from_(std::move(from)), contacts_(std::move(contacts)) {}

  [[nodiscard]] std::shared_ptr<const contact_book> contacts() const override { return contacts_; }
  void deliveries(const delivery_query& query, std::function<void(result<std::vector<delivery_record>>)> done) override;
  void self_tests(std::size_t limit, std::function<void(result<std::vector<self_test>>)> done) override;
  void send_test(const std::string& person, const std::string& channel, const std::string& who,
                 std::function<void(result<std::vector<std::string>>)> done) override;
  void look_at_link(const std::string& secret, std::function<void(result<message_link>)> done) override;
  void use_link(const std::string& secret, const std::string& reason,
                std::function<void(result<message_link>)> done) override;

 private:
  const notifier_actor to_;
  const reader_actor from_;
  const std::shared_ptr<const contact_book> contacts_;
};

} // namespace coldvigil::actors
