#include "app/leftover.hpp"

#include <climits>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <unistd.h>

namespace coldvigil {
namespace {

/// A signal's handler may read nothing that moves: the names have places for ever.
constexpr std::size_t most = 8;
std::array<char[PATH_MAX], most> names;
std::array<std::atomic<bool>, most> taken;

void take_away_and_end(int which) {
  for (std::size_t i = most; i-- > 0;)
    if (taken[i] && ::unlink(names[i]) != 0) ::rmdir(names[i]);
  std::signal(which, SIG_DFL);
  std::raise(which); // waits until the handler is left
}

void handle(int which) {
  struct sigaction now {};
  // A command that is to outlive its terminal ignores SIGHUP.
  if (sigaction(which, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) std::signal(which, take_away_and_end);
}

} // namespace

leftover::leftover(const std::string& path) : place_(0) {
  while (place_ < most && taken[place_])
    ++place_;
  if (place_ == most || path.size() >= PATH_MAX) {
    place_ = most; // goes as everything did before: with its owner
    return;
  }
  std::memcpy(names[place_], path.c_str(), path.size() + 1);
  taken[place_] = true;
  for (const int each : {SIGINT, SIGTERM, SIGHUP})
    handle(each);
}

leftover::~leftover() {
  if (place_ < most) taken[place_] = false;
}

} // namespace coldvigil
