#include "core/draft_file.hpp"

#include <cstdlib>
#include <fcntl.h>

namespace coldvigil {

draft_file open_draft(const std::string& path) {
  constexpr int ending = 5; // ".part"
  draft_file out{-1, path + ".XXXXXX.part"};
  out.descriptor = ::mkostemps(out.name.data(), ending, O_CLOEXEC);
  return out;
}

} // namespace coldvigil
