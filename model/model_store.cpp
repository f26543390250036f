// Model files on disk.
#include "core/plain_file.hpp"
#include "model/model_file.hpp"

namespace coldvigil {

status save_model(const model_file& model, const std::string& path) {
  const auto bytes = write_model(model);
  if (!bytes) return bytes.error();
  return replace_file(path, *bytes);
}

result<std::vector<std::byte>> read_model_bytes(const std::string& path) {
  return read_plain_file(path, largest_model_file + 1);
}

} // namespace coldvigil
