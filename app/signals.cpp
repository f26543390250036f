#include "app/signals.hpp"

#include <csignal>
#include <unistd.h>

namespace coldvigil {
namespace {

constexpr int fault_signal = SIGUSR1;

sigset_t end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, fault_signal);
  return set;
}

} // namespace

std::string_view to_string(end_reason why) {
  return why == end_reason::sigint ? "SIGINT" : why == end_reason::sigterm ? "SIGTERM" : "fault";
}

void hold_end_signals() {
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

end_reason wait_for_end() {
  const sigset_t set = end_signals();
  int which = 0;
  while (sigwait(&set, &which) != 0) {
  }
  return which == SIGINT ? end_reason::sigint : which == SIGTERM ? end_reason::sigterm : end_reason::fault;
}

void end_with_fault() {
  kill(getpid(), fault_signal);
}

} // namespace coldvigil
