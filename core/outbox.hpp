#pragma once
// Messages on their way: at least once, in order where order matters, and never for ever. The book decides what is sent
// when; its entries are rows of the store, from which it is rebuilt after a crash.

#include "core/backoff.hpp"
#include "core/channel_room.hpp"
#include "core/notification_records.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldvigil {

struct send_outcome {
  send_result result = send_result::retry;
  std::string detail;                  ///< what the other side said, without secrets; at most 300 bytes
  std::optional<millis> retry_after{}; ///< as the other side asked
  millis took{0};
};

struct outbox_limits {
  std::size_t max_waiting = 10'000;        ///< of one channel
  std::size_t max_system = 1'000;          ///< of kind system, beside them
  std::size_t max_in_flight_a_channel = 2; ///< a channel that hangs holds up no other
  std::size_t remembered_keys = 20'000;    ///< of settled messages
  std::uint32_t max_attempts = 1'000;
  millis give_up_after{std::chrono::hours{24}};
  millis max_retry_after{std::chrono::hours{1}};
  backoff_limits backoff{millis{5'000}, millis{300'000}};
};

enum class outbox_add : std::uint8_t { added, known, full };

/// Belongs to one thread.
class outbox_book {
 public:
  explicit outbox_book(outbox_limits limits) : limits_(limits), room_(limits.max_waiting) {}

  /// After a restart, in the order in which they were made. What was in flight is waiting again.
  void restore(outbox_entry as_stored);
  /// Unless it is of kind system, the entry must be committed before it can be taken.
  outbox_add add(outbox_entry entry);
  /// How many more can be added that are not of kind system.
  [[nodiscard]] const channel_room& room() const { return room_; }
  /// It waits, or was settled not long ago.
  [[nodiscard]] bool knows(const std::string& key) const {
    return by_key_.contains(key) || settled_keys_.contains(key);
  }

  /// What is to be sent now; it is in flight until it is settled. Messages about the same alarm to the same address go
  /// one after the other, in order, and so do those of kind system.
  [[nodiscard]] std::vector<outbox_entry> take_due(timestamp now, std::size_t most);

  struct settled {
    outbox_entry entry; ///< as it is to be stored
    delivery_record record;
  };
  /// The outcome of an attempt; `chance` is random in [0, 1). Nothing when the key is not in flight.
  [[nodiscard]] std::optional<settled> settle(const std::string& key, const send_outcome& outcome, timestamp now,
                                              double chance);

  /// Settles what waits and need not be sent any more; `why_needless` gives the reason, or nothing when it must be
  /// sent. An attempt that is under way goes on.
  [[nodiscard]] std::vector<settled> withdraw(const std::function<std::string(const outbox_entry&)>& why_needless,
                                              timestamp now);

  [[nodiscard]] std::size_t waiting() const { return items_.size(); }

 private:
  struct item {
    outbox_entry entry;
    bool in_flight = false;
  };
  /// The place in the line: first those of kind system, then the rest, oldest first.
  using place = std::pair<bool, std::uint64_t>;
  void remember(const std::string& key);
  void insert(outbox_entry entry);
  [[nodiscard]] std::size_t waiting_of_system() const;
  settled end(std::map<place, item>::iterator at, outbox_state as, timestamp now, delivery_record record);

  const outbox_limits limits_;
  channel_room room_;
  std::uint64_t next_number_ = 1;
  std::map<place, item> items_;         ///< what waits, and is in flight
  std::map<std::string, place> by_key_; ///< of that
  std::set<std::string> settled_keys_;
  std::deque<std::string> settled_order_;
  std::map<std::string, std::size_t> in_flight_; ///< by channel
};

} // namespace coldvigil
