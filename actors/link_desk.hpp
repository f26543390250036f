#pragma once
// Alarms of units acknowledged by the link of a message: all of them, or none. On the writer's thread, so that nothing
// changes meanwhile.

#include "actors/desk.hpp"
#include "core/notification_records.hpp"

#include <functional>
#include <vector>

namespace coldvigil::actors {

struct link_tools {
  std::function<result<word_on_trial>(alarm_word&)> try_word;
  std::function<result<alarm_story>(alarm_word&)> say;
};

/// Where somebody was first, what was typed is kept as a comment. When one word is refused for what it lacks, none is
/// said.
result<link_outcome> press_link(std::vector<alarm_word> words, const link_tools& tools);

} // namespace coldvigil::actors
