#include "app/stop_note.hpp"

#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <system_error>

namespace coldvigil {
namespace {

constexpr std::int64_t ms_a_second = 1'000;
constexpr std::int64_t ns_a_ms = 1'000'000;

timespec as_timespec(timestamp at) {
  const std::int64_t ms = to_ms(at);
  return {ms / ms_a_second, ms % ms_a_second * ns_a_ms};
}

} // namespace

std::optional<timestamp> stop_note::read() const {
  struct stat about {};
  if (::stat(path_.c_str(), &about) != 0) return std::nullopt;
  return from_ms(about.st_mtim.tv_sec * ms_a_second + about.st_mtim.tv_nsec / ns_a_ms);
}

void stop_note::keep(std::optional<timestamp> stopped_since) const {
  if (!stopped_since) {
    std::error_code gone;
    std::filesystem::remove(path_, gone);
    return;
  }
  std::error_code there;
  std::filesystem::create_directories(path_.parent_path(), there);
  const std::ofstream made(path_);
  const timespec times[2] = {as_timespec(*stopped_since), as_timespec(*stopped_since)};
  ::utimensat(AT_FDCWD, path_.c_str(), times, 0);
}

} // namespace coldvigil
