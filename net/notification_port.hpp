#pragma once
// What the network side needs of notification. As with the engine: any thread, returns at once, the callback comes
// later on another thread or, when something is stuck, never.

#include "core/contact_board.hpp"
#include "core/notification_records.hpp"
#include "core/result.hpp"
#include "db/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

/// Somebody changes the contact book.
struct contact_change {
  /// What becomes of the book that counts when its turn comes; once, on another thread. Empty = the book of the
  /// configuration file counts again.
  std::function<status(contact_book&)> edit{};
  /// The revision that the change was decided on; when another stands meanwhile, nothing is changed.
  std::optional<std::uint64_t> expected{};
  std::string who, reason; ///< for the audit trail
};
struct contact_changes {
  std::vector<std::string> subjects{}; ///< "person anna", "routes"; empty when all stands as it was
  std::uint64_t revision = 0;          ///< that stands now
};

class notification_port {
 public:
  virtual ~notification_port() = default;

  [[nodiscard]] virtual contacts_now contacts() const = 0;
  /// Answers after the commit. error_code::conflict when the book is not that which the change was decided on;
  /// invalid_argument when it would not be sound, `where` as check(contact_book) says it.
  virtual void change_contacts(contact_change&& change, std::function<void(result<contact_changes>)> done) = 0;
  /// The clock of an IANA time zone.
  [[nodiscard]] virtual result<std::shared_ptr<const zone_clock>> zone(const std::string& name) const = 0;
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
  /// Does it, once. The answer comes after the commit. Where somebody else was first, the reason is kept all the same.
  virtual void use_link(const std::string& secret, const std::string& reason,
                        std::function<void(result<used_link>)> done) = 0;
};

} // namespace coldvigil
