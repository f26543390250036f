// Model files on disk.
#include "model/model_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace coldvigil {
namespace {

failure file_failure(const std::string& what, const std::string& path) {
  return {error_code::unavailable, what + ": " + std::strerror(errno), path, ""};
}

bool write_synced(const std::string& path, std::span<const std::byte> bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return false;
  std::size_t done = 0;
  bool good = true;
  while (good && done < bytes.size()) {
    const ssize_t wrote = ::write(file, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    good = wrote > 0;
    if (good) done += static_cast<std::size_t>(wrote);
  }
  good = good && ::fsync(file) == 0;
  return ::close(file) == 0 && good;
}

} // namespace

status replace_file(const std::string& path, std::span<const std::byte> bytes) {
  const std::string fresh = path + ".new";
  if (!write_synced(fresh, bytes) || std::rename(fresh.c_str(), path.c_str()) != 0) {
    const failure error = file_failure("cannot write the model", path);
    ::unlink(fresh.c_str());
    return error;
  }
  return nothing{};
}

status save_model(const model_file& model, const std::string& path) {
  const auto bytes = write_model(model);
  if (!bytes) return bytes.error();
  return replace_file(path, *bytes);
}

result<std::vector<std::byte>> read_model_bytes(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return file_failure("cannot open the model", path);
  std::vector<std::byte> bytes(largest_model_file + 1);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (in.bad()) return file_failure("cannot read the model", path);
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

} // namespace coldvigil
