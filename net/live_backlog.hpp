#pragma once
// What waits to be sent to one live client, within bounds. Beyond the soft bound what waits is folded into one span
// that keeps every alarm event and the newest reading of each unit; beyond the hard bound the client is too slow. A
// frame that finds nothing waiting is kept whatever its size: its receiver is behind by nothing.

#include "net/live_json.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <variant>

namespace coldvigil {

/// Bytes that the frame's items from number `from` on take as text, roughly.
[[nodiscard]] std::size_t estimated_bytes(const feed_frame& frame, std::uint64_t from);

class live_backlog {
 public:
  enum class outcome { kept, folded, overflow };
  struct plain {
    std::shared_ptr<const feed_frame> frame;
    std::uint64_t from = 0; ///< items before are the client's already
  };
  struct span {
    std::uint64_t epoch = 0;
    std::uint64_t from = 0, to = 0;
    std::vector<numbered_item> items; ///< by number
  };
  using message = std::variant<plain, span>;

  live_backlog(std::size_t soft_bytes, std::size_t hard_bytes) : soft_(soft_bytes), hard_(hard_bytes) {}

  /// The frame follows without a hole on what was added before. After an overflow the backlog is empty.
  outcome add(std::shared_ptr<const feed_frame> frame, std::uint64_t from);
  [[nodiscard]] std::optional<message> pop();
  void clear();
  [[nodiscard]] std::size_t bytes() const { return plain_bytes_ + folded_bytes_; }

 private:
  struct folded {
    std::uint64_t epoch = 0;
    std::uint64_t from = 0, to = 0;
    std::map<std::int64_t, numbered_item> newest; ///< by unit
    std::vector<numbered_item> alarms;
  };
  void fold(const plain& waiting);

  const std::size_t soft_;
  const std::size_t hard_;
  std::optional<folded> folded_; ///< before the plain ones
  std::deque<plain> plain_;
  std::size_t plain_bytes_ = 0;
  std::size_t folded_bytes_ = 0;
};

} // namespace coldvigil
