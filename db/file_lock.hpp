#pragma once
// One process a file: a lock that the kernel gives back when the process ends, however it ends.

#include <string>

namespace coldvigil::db {

/// Holds `path` + ".lock" locked. Throws db::error: conflict when somebody else holds it.
class file_lock {
 public:
  explicit file_lock(const std::string& path);
  ~file_lock();
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;

 private:
  int descriptor_ = -1;
};

} // namespace coldvigil::db
