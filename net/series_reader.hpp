#pragma once
// Ranges of a unit's readings, asked of the engine.

#include "net/await_engine.hpp"
#include "net/scope.hpp"

#include <optional>
#include <variant>

namespace coldvigil {

/// The readings of one unit with from <= at <= to, or the answer that says why not.
[[nodiscard]] asio::awaitable<std::variant<series, http_answer>> read_series(api& with, const found_unit& unit,
                                                                             timestamp from, timestamp to);

struct too_many_readings {};
/// The same of at most so many, read page by page: a span that has more is never read whole.
[[nodiscard]] asio::awaitable<std::variant<series, http_answer, too_many_readings>>
read_series_up_to(api& with, const found_unit& unit, timestamp from, timestamp to, std::size_t most);

/// A span asked for with two query parameters; without them the last 24 hours. Invalid ones are remembered in the
/// query.
struct time_span {
  timestamp from{}, to{};
};
[[nodiscard]] time_span read_span(const api& with, query_string& query, const std::string& from, const std::string& to);

/// The readings that keep a curve's look when at most `points` are drawn: the lowest and the highest of each of
/// points / 2 stretches of equal time, in event order.
[[nodiscard]] std::vector<judged_reading> keep_extremes(const std::vector<judged_reading>& readings,
                                                        std::size_t points);

} // namespace coldvigil
