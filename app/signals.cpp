#include "app/signals.hpp"

#include <cerrno>
#include <csignal>
#include <sys/syscall.h>
#include <unistd.h>

namespace coldvigil {
namespace {

constexpr int fault_signal = SIGUSR1;

sigset_t held_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, fault_signal);
  return set;
}

/// Libraries start threads before main that hold no signals back: what comes to one of them would end the process, so
/// it is passed to the main thread, whose number is the process's, and waits there.
void pass_to_main(int which) {
  const int before = errno;
  ::syscall(SYS_tgkill, ::getpid(), ::getpid(), which);
  errno = before;
}

} // namespace

std::string_view to_string(end_reason why) {
  return why == end_reason::sigint ? "SIGINT" : why == end_reason::sigterm ? "SIGTERM" : "fault";
}

end_signals::end_signals() : main_(pthread_self()) {
  const sigset_t set = held_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction passing {};
  passing.sa_handler = pass_to_main;
  passing.sa_flags = SA_RESTART;
  for (const int each : {SIGINT, SIGTERM})
    sigaction(each, &passing, nullptr);
}

end_reason end_signals::wait() const {
  const sigset_t set = held_signals();
  int which = 0;
  while (sigwait(&set, &which) != 0) {
  }
  return which == SIGINT ? end_reason::sigint : which == SIGTERM ? end_reason::sigterm : end_reason::fault;
}

// To this thread, not to the process.
void end_signals::end_with_fault() const {
  pthread_kill(main_, fault_signal);
}

} // namespace coldvigil
