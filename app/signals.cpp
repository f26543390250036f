#include "app/signals.hpp"

#include <csignal>

namespace coldvigil {
namespace {

sigset_t end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

} // namespace

void hold_end_signals() {
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

const char* wait_for_end_signal() {
  const sigset_t set = end_signals();
  int which = 0;
  while (sigwait(&set, &which) != 0) {
  }
  return which == SIGINT ? "SIGINT" : "SIGTERM";
}

} // namespace coldvigil
