#include "app/model_output.hpp"

#include "core/plain_file.hpp"
#include "model/model_registry.hpp"

#include <filesystem>

namespace coldvigil {
namespace {

namespace fs = std::filesystem;

failure not_writable(const std::string& what, const fs::path& where) {
  return {error_code::invalid_argument, what, where.string(), "give a file that ends in .cvm, or a folder"};
}

} // namespace

result<model_output> model_output::at(const std::string& path) {
  std::error_code error;
  const bool folder = fs::is_directory(path, error) || fs::path(path).extension() != model_extension;
  if (!folder) {
    const auto there = fs::status(path, error);
    if (fs::exists(there) && !fs::is_regular_file(there)) return not_writable("this is no plain file", path);
    const fs::path within = fs::absolute(path).parent_path();
    if (!fs::is_directory(within, error)) return not_writable("there is no such folder to write the model to", within);
    if (const auto tried = can_be_written(path); !tried.ok()) return not_writable(tried.error().what, path);
    return model_output(path, false);
  }
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path, error)) return not_writable("the folder for the model cannot be made", path);
  if (const auto tried = can_be_written((fs::path(path) / "new").string()); !tried.ok())
    return not_writable(tried.error().what, path);
  return model_output(path, true);
}

result<std::string> model_output::save(const model_file& model) const {
  const auto bytes = write_model(model);
  if (!bytes.ok()) return bytes.error();
  const std::string file =
      folder_ ? (fs::path(path_) / (version_of(*bytes) + std::string(model_extension))).string() : path_;
  if (const auto kept = replace_file(file, *bytes); !kept.ok()) return kept.error();
  return file;
}

} // namespace coldvigil
