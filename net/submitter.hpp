#pragma once
// Hands items to the engine, one submission a customer, and awaits their fate.

#include "net/temperature_input.hpp"

#include <vector>

namespace coldvigil {

enum class submit_outcome {
  settled, ///< every item has its result
  full,    ///< the engine took nothing at all
  late,    ///< no commit came in time: some may be stored
};

/// Results in the items' order. Items of unknown units are settled here; items that the engine had no room for after it
/// had taken others are `queue_full`.
[[nodiscard]] asio::awaitable<submit_outcome> submit_items(api& with, std::vector<input_item>& items,
                                                           std::vector<item_result>& results);

} // namespace coldvigil
