#include "db/file_lock.hpp"

#include "db/sql.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace coldvigil::db {

file_lock::file_lock(const std::string& path) {
  const std::string name = path + ".lock";
  descriptor_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0)
    throw error({error_code::unavailable, "the lock file cannot be opened: " + std::generic_category().message(errno),
                 name, "the folder must exist and be writable"});
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const int why = errno;
  ::close(descriptor_);
  if (why == EWOULDBLOCK)
    throw error({error_code::conflict, "the store is in use by another process", path,
                 "stop the other coldvigil, or give this one a store of its own"});
  throw error({error_code::unavailable, "the store cannot be locked: " + std::generic_category().message(why), name});
}

file_lock::~file_lock() {
  ::close(descriptor_);
}

} // namespace coldvigil::db
