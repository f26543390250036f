#pragma once
// By what name Coldvigil itself stands among those who did something.

#include <string_view>

namespace coldvigil {

/// In the audit trail and in what is said of alarms: who shelves what is shelved already, on behalf of a person,
/// suppresses what has a common cause, and records what happened to Coldvigil itself.
inline constexpr std::string_view engine_name = "system";

} // namespace coldvigil
