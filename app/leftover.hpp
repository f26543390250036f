#pragma once
// What a command makes on the way to its result and takes away again, also when it is interrupted: half a file that
// nobody asked for fills a disk, and a copy of readings is nobody else's.

#include <cstddef>
#include <string>

namespace coldvigil {

/// As long as it lives, SIGINT, SIGTERM and SIGHUP take away the file, or the empty folder, before they end the
/// process. Those that were made later go first. Belongs to one thread.
class leftover {
 public:
  explicit leftover(const std::string& path);
  ~leftover();
  leftover(const leftover&) = delete;
  leftover& operator=(const leftover&) = delete;

 private:
  std::size_t place_;
};

} // namespace coldvigil
