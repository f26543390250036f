#pragma once
// What ends the program is waited for, not handled: no code runs in a signal handler.

#include <string_view>

namespace coldvigil {

enum class end_reason { sigint, sigterm, fault };
[[nodiscard]] std::string_view to_string(end_reason why);

/// To be called before the first thread starts, so that every thread inherits it.
void hold_end_signals();
/// Blocks until SIGINT or SIGTERM comes, or end_with_fault is called.
end_reason wait_for_end();
/// From any thread: makes wait_for_end return.
void end_with_fault();

} // namespace coldvigil
