#include "app/progress_bar.hpp"

#include <algorithm>
#include <iostream>
#include <unistd.h>

namespace coldvigil {
namespace {

constexpr std::size_t width = 30;

} // namespace

progress_bar::progress_bar(bool quiet_elsewhere)
    : on_terminal_(::isatty(STDERR_FILENO) == 1), quiet_elsewhere_(quiet_elsewhere) {}

void progress_bar::show(const std::string& what, std::size_t done, std::size_t of, const std::string& note) {
  if (!on_terminal_) {
    if (!quiet_elsewhere_ && done == of) std::cerr << what << " " << done << "/" << of << " " << note << "\n";
    return;
  }
  const std::size_t filled = of == 0 ? width : std::min(width, done * width / of);
  std::cerr << "\r\033[K" << what << " [" << std::string(filled, '#') << std::string(width - filled, '.') << "] "
            << done << "/" << of << " " << note << std::flush;
  drawn_ = true;
}

void progress_bar::show(const std::string& what, double share) {
  if (!on_terminal_) return;
  show(what, static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * 100), 100, "%");
}

void progress_bar::end() {
  if (drawn_) std::cerr << "\n";
  drawn_ = false;
}

} // namespace coldvigil
