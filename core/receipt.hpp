#pragma once
// A sender's receipt: one outcome an item, told when the last one is settled, which is after the commit.

#include "core/reading.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace coldvigil {

enum class item_outcome : std::uint8_t { pending, stored, duplicate, rejected };

struct item_result {
  item_outcome outcome = item_outcome::pending;
  reject_reason reason = reject_reason::bad_value; ///< meaningful when rejected
  friend bool operator==(const item_result&, const item_result&) = default;
};

/// Thread-safe. Every item is settled once, by whoever knows its fate; the last one calls `done` on the settling
/// thread. A receipt that is never settled in full never calls: whoever waits has a timeout of his own.
class receipt {
 public:
  using done_function = std::function<void(std::span<const item_result>)>;

  receipt(std::size_t items, done_function done);
  void settle(std::size_t item, item_result result);
  [[nodiscard]] std::size_t size() const { return results_.size(); }
  /// When it was made, which is when its items came in.
  [[nodiscard]] std::chrono::steady_clock::time_point received() const { return received_; }

 private:
  std::vector<item_result> results_;
  std::atomic<std::size_t> open_;
  done_function done_;
  const std::chrono::steady_clock::time_point received_ = std::chrono::steady_clock::now();
};

/// Names one item of one receipt; travels with the reading. Empty for readings that nobody waits for.
struct ticket {
  std::shared_ptr<receipt> of{};
  std::uint32_t item = 0;
  void settle(item_result result) const {
    if (of) of->settle(item, result);
  }
};

} // namespace coldvigil
