#pragma once
// A file is written beside its place and moved there when it is whole. Drafts have names of their own, so that two who
// write the same file do not write into one another's.

#include <string>

namespace coldvigil {

/// A new, empty file beside `path`, readable by its owner only. What stands there and may not be written is not to be
/// replaced either.
struct draft_file {
  int descriptor = -1; ///< the caller's to close; -1: it cannot be made, errno says why
  std::string name{};  ///< ends in ".part"
};
[[nodiscard]] draft_file open_draft(const std::string& path);

} // namespace coldvigil
