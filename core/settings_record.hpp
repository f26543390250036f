#pragma once
// The settings that the program goes by, as the audit trail keeps them: whole at first, then what changed.

#include "core/commit.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coldvigil {

/// Each key with its value, in the form of the configuration file; one line each.
using settings_list = std::map<std::string, std::string>;

/// Of these actions: "settings.recorded" has all of them, "settings.changed" those that are others than before.
inline constexpr std::string_view settings_actions = "settings";
/// So many entries are enough to know what was recorded last.
inline constexpr std::size_t settings_entries_read = 100;

/// What is recorded, by the newest entries of these actions, the newest first. Nothing when they do not go back to one
/// that has all.
[[nodiscard]] std::optional<settings_list> settings_recorded(std::span<const audit_entry> newest_first);

/// What a start with the settings `now` adds; nothing when they are those of the record. All of them are recorded
/// again when there was nothing, and early enough for the next start to find them.
[[nodiscard]] std::vector<audit_entry> settings_news(std::span<const audit_entry> newest_first,
                                                     const settings_list& now, timestamp at);

} // namespace coldvigil
