#include "tests/support/child_process.hpp"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace coldvigil::test {
namespace {

/// The kernel ends it when the thread that started it ends: no program outlives a test, not even one that is killed.
const std::vector<std::string> bound_to_this_thread{"/usr/bin/setpriv", "--pdeathsig", "KILL", "--"};

} // namespace

child_process::child_process(const std::vector<std::string>& command, const std::string& error_file) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  if (!error_file.empty())
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::vector<char*> arguments;
  for (const auto* part : {&bound_to_this_thread, &command})
    for (const std::string& each : *part)
      arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  const int failed = ::posix_spawn(&pid_, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  output_ = ends[0];
  if (failed == 0) return;
  ::close(output_);
  throw std::runtime_error("cannot start " + command.front());
}

child_process::~child_process() {
  if (!ended_) {
    signal(SIGKILL);
    wait(60'000);
  }
  ::close(output_);
}

std::optional<std::string> child_process::read_line(int timeout_ms) {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    pollfd wanted{output_, POLLIN, 0};
    if (::poll(&wanted, 1, timeout_ms) <= 0) return std::nullopt;
    char bytes[4096];
    const ssize_t got = ::read(output_, bytes, sizeof bytes);
    if (got <= 0) return std::nullopt;
    buffer_.append(bytes, static_cast<std::size_t>(got));
  }
}

void child_process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

std::optional<int> child_process::wait(int timeout_ms) {
  if (ended_) return ended_;
  // A descriptor of the process becomes readable at its end: no polling by time.
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd wanted{handle, POLLIN, 0};
  const int ready = handle < 0 ? 1 : ::poll(&wanted, 1, timeout_ms);
  if (handle >= 0) ::close(handle);
  if (ready <= 0) return std::nullopt;
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_;
}

} // namespace coldvigil::test
