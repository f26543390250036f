#pragma once
// Does an alarm still arrive? At set times every way to every person is tried with an alarm that is made up
// (core/alarm_drill), and its receipt is awaited. A test that is not confirmed in time is an alarm of Coldvigil itself.

#include "core/channel_room.hpp"
#include "core/contacts.hpp"
#include "core/notification_records.hpp"
#include "core/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct self_test_rule {
  std::chrono::days every{7};       ///< 0 = no self-tests
  std::chrono::minutes at{10 * 60}; ///< local time of the person
  millis receipt_within{std::chrono::hours{24}};
  std::vector<std::string> taken_is_enough{}; ///< channels where nobody can confirm: delivery counts as receipt
};

struct self_test_plan {
  std::vector<self_test> due;     ///< to be sent now, to be stored with their messages
  std::vector<self_test> overdue; ///< newly so
};

/// Belongs to one thread.
class self_test_book {
 public:
  explicit self_test_book(self_test_rule rule) : rule_(std::move(rule)) {}

  void restore(self_test as_stored) { newest_.insert_or_assign(as_stored.to, std::move(as_stored)); }
  /// A way that has never been tried is tried at the next local time of its person; one that has no room is tried
  /// later. A way that is no longer in the book is neither tried nor overdue.
  [[nodiscard]] self_test_plan plan(const contact_book& contacts, timestamp now, channel_room room);
  /// A test out of turn, as it is to be stored with its message.
  [[nodiscard]] self_test begin(callee to, timestamp now);
  /// The test as it is to be stored; nothing when it is not the newest of its way, or received already.
  [[nodiscard]] std::optional<self_test> delivered(const std::string& key, timestamp now);
  [[nodiscard]] std::optional<self_test> confirmed(const std::string& key, timestamp now);
  /// Nothing of it will ever arrive: it is overdue at once.
  [[nodiscard]] self_test failed(self_test test);
  /// By this channel nobody has to confirm.
  [[nodiscard]] bool delivery_is_receipt(const std::string& channel) const;
  /// The newest test of every way.
  [[nodiscard]] std::vector<self_test> all() const;

 private:
  [[nodiscard]] std::optional<self_test> received(const std::string& key, timestamp now);

  const self_test_rule rule_;
  std::map<callee, self_test> newest_;
  std::map<callee, timestamp> first_at_; ///< of ways never tried
};

} // namespace coldvigil
