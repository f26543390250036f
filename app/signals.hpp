#pragma once
// SIGINT and SIGTERM are waited for, not handled: no code runs in a signal handler.

namespace coldvigil {

/// To be called before the first thread starts, so that every thread inherits it.
void hold_end_signals();
/// Blocks until SIGINT or SIGTERM comes; gives its name.
const char* wait_for_end_signal();

} // namespace coldvigil
