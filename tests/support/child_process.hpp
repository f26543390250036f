#pragma once
// A program under test as a child: its standard output line by line, ended by its id, reaped whatever happens.

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace coldvigil::test {

/// Belongs to the thread that makes it: when that thread ends, however it ends, the program is killed.
class child_process {
 public:
  /// Starts the program at the path `command.front()`. Standard error is appended to `error_file` when it is given.
  explicit child_process(const std::vector<std::string>& command, const std::string& error_file = {});
  /// Kills what still runs.
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// The next line of standard output; nothing at its end or after the timeout.
  std::optional<std::string> read_line(int timeout_ms);
  void signal(int number) const;
  /// Waits for the end: the exit code, or 128 + the signal; nothing when it still runs after the timeout.
  std::optional<int> wait(int timeout_ms);
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;
  std::optional<int> ended_;
};

} // namespace coldvigil::test
