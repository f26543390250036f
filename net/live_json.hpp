#pragma once
// The frames of the live feed as text (docs/api.md, "Live feed").

#include "core/feed.hpp"
#include "core/now_board.hpp"
#include "net/views.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// A feed item with its number, taken out of its frame.
struct numbered_item {
  std::uint64_t number = 0;
  feed_item item;
};

/// "epoch.number"
[[nodiscard]] std::string to_string(const feed_cursor& cursor);
[[nodiscard]] std::optional<feed_cursor> parse_cursor(std::string_view text);

/// The "items" message of a frame, for those who stood at first - 1. The board names facilities and customers.
[[nodiscard]] std::string render_items(const feed_frame& frame, const now_board& board);
/// The same from item number `from` on, for those who have the ones before.
[[nodiscard]] std::string render_items_from(const feed_frame& frame, std::uint64_t from, const now_board& board);
[[nodiscard]] std::string render_coalesced(std::uint64_t epoch, std::uint64_t from, std::uint64_t to,
                                           const std::vector<numbered_item>& items, const now_board& board);
[[nodiscard]] std::string render_snapshot(const feed_cursor& cursor, const std::vector<customer_view>& customers,
                                          const staleness& stale, const limits_not_taken* in_file = nullptr);
[[nodiscard]] std::string render_resumed(const feed_cursor& cursor);
[[nodiscard]] std::string render_gap(std::string_view reason);

} // namespace coldvigil
