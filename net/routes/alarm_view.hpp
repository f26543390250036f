#pragma once
// An alarm with its story, as the routes that show or change it answer.

#include "net/api.hpp"

namespace coldvigil::routes {

/// Without the closing brace: the alarm, its life, its rule, its excursion, its transitions, what people said.
[[nodiscard]] std::string render_open_story(const api& with, const alarm_story& story);
[[nodiscard]] inline std::string render_story(const api& with, const alarm_story& story) {
  return render_open_story(with, story) + "}";
}

/// The alarm with its excursion as it stands now: while it is open, the engine knows it best.
[[nodiscard]] asio::awaitable<void> bring_up_to_now(api& with, alarm_record& alarm);

} // namespace coldvigil::routes
