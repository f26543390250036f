#pragma once
// A line on the standard error that says how far a command is.

#include <chrono>
#include <cstddef>
#include <string>

namespace coldvigil {

/// One line that grows on a terminal; elsewhere a line a finished step, or nothing when `quiet_elsewhere`.
class progress_bar {
 public:
  explicit progress_bar(bool quiet_elsewhere = false);
  void show(const std::string& what, std::size_t done, std::size_t of, const std::string& note);
  /// A share, 0 to 1.
  void show(const std::string& what, double share);
  void end();

 private:
  bool on_terminal_;
  bool quiet_elsewhere_;
  bool drawn_ = false;
};

} // namespace coldvigil
