#pragma once
// Files that are read and replaced: plain ones only. Reading a pipe or a device waits for ever, or never ends, and what
// is read twice is not there the second time; one that is replaced is gone.

#include "core/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace coldvigil {

/// Opened for reading, the caller's to close. Anything but a plain file is refused without waiting for it.
[[nodiscard]] result<int> open_plain_file(const std::string& path);
/// The first `most` bytes.
[[nodiscard]] result<std::vector<std::byte>> read_plain_file(const std::string& path, std::size_t most);
/// Whether a file can be put there: tried, and nothing is left behind. Rights, a disk that is read only and a folder
/// that is gone all show before the work, not after it.
[[nodiscard]] status can_be_written(const std::string& path);
/// Written beside it, synced and renamed: a reader sees the old file or the new one, and nobody but the owner either.
[[nodiscard]] status replace_file(const std::string& path, std::span<const std::byte> bytes);

} // namespace coldvigil
