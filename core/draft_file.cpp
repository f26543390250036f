#include "core/draft_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace coldvigil {

draft_file open_draft(const std::string& path) {
  constexpr int ending = 5; // ".part"
  draft_file out{-1, path + ".XXXXXX.part"};
  if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 && errno != ENOENT) return out;
  out.descriptor = ::mkostemps(out.name.data(), ending, O_CLOEXEC);
  return out;
}

} // namespace coldvigil
