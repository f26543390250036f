#pragma once
// The live feed: what was committed, numbered contiguously per customer and once more over all customers.

#include "core/alarm.hpp"
#include "core/alarm_life.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/service_change.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace coldvigil {

struct feed_reading {
  std::shared_ptr<const unit_record> unit;
  judged_reading reading;
  bool replaced = false; ///< a replay gave this reading another score
};
struct feed_alarm {
  std::shared_ptr<const unit_record> unit;
  alarm_transition transition;
  /// What people left it as when it ended: the board has lives of open alarms only. None while it is open.
  std::shared_ptr<const alarm_life> life_at_end = {};
};
/// Somebody said something of an alarm.
struct feed_life {
  std::shared_ptr<const unit_record> unit;
  alarm_record alarm;
  alarm_life life; ///< after the event
  life_event event;
};
/// A unit went out of service, or came back.
struct feed_service {
  std::shared_ptr<const unit_record> unit;
  service_change change;
};
/// Nearly all are readings, of which tens of thousands are kept: what is large and rare stands elsewhere, and is shared
/// by the frames of its customer and of all customers.
using feed_item = std::variant<feed_reading, std::shared_ptr<const feed_alarm>, std::shared_ptr<const feed_life>,
                               std::shared_ptr<const feed_service>>;

/// Items of one commit for one scope; item i has the number first + i. Immutable once shared.
struct feed_frame {
  customer_id scope{}; ///< 0 = all customers
  std::uint64_t epoch = 0;
  std::uint64_t first = 1;
  std::vector<feed_item> items;
  std::string text; ///< rendered once for all listeners; empty when nobody listened at the time

  [[nodiscard]] std::uint64_t last() const { return first + items.size() - 1; }
};

/// Where a listener stands. Written "epoch.number".
struct feed_cursor {
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  friend bool operator==(const feed_cursor&, const feed_cursor&) = default;
};

/// A listener. Called on the feed's thread: it must not block, it queues or drops.
class feed_listener {
 public:
  virtual ~feed_listener() = default;
  /// Answer to a subscription: true = frames after the cursor follow without loss; false = take a new snapshot.
  virtual void on_subscribed(bool resumed) = 0;
  virtual void on_frame(std::shared_ptr<const feed_frame> frame) = 0;
};

} // namespace coldvigil
