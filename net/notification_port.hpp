#pragma once
// What the network side needs of notification. As with the engine: any thread, returns at once, the callback comes
// later on another thread or, when something is stuck, never.

#include "core/contacts.hpp"
#include "core/notification_records.hpp"
#include "core/result.hpp"
#include "db/store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace coldvigil {

class notification_port {
 public:
  virtual ~notification_port() = default;

  [[nodiscard]] virtual std::shared_ptr<const contact_book> contacts() const = 0;
  /// Attempts to deliver, newest first.
  virtual void deliveries(const delivery_query& query,
                          std::function<void(result<std::vector<delivery_record>>)> done) = 0;
  /// The newest first.
  virtual void self_tests(std::size_t limit, std::function<void(result<std::vector<self_test>>)> done) = 0;
  /// A test message by every way of the person, or by one channel. Gives the keys of the messages once they are
  /// committed; what became of them is told by deliveries().
  virtual void send_test(const std::string& person, const std::string& channel, const std::string& who,
                         std::function<void(result<std::vector<std::string>>)> done) = 0;
  /// What a link would do; looking does nothing.
  virtual void look_at_link(const std::string& secret, std::function<void(result<message_link>)> done) = 0;
  /// Does it, once. The answer comes after the commit.
  virtual void use_link(const std::string& secret, const std::string& reason,
                        std::function<void(result<message_link>)> done) = 0;
};

} // namespace coldvigil
