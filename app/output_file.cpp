#include "app/output_file.hpp"

#include <cerrno>
#include <cstring>

namespace coldvigil {
namespace {

constexpr std::size_t piece = 1 << 18;

} // namespace

output_file::output_file(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "wb")) {
  if (!file_) problem_ = std::strerror(errno);
}

void output_file::write(std::string_view text) {
  if (!good()) return;
  pending_ += text;
  if (pending_.size() >= piece) flush();
}

void output_file::flush() {
  if (std::fwrite(pending_.data(), 1, pending_.size(), file_.get()) != pending_.size()) problem_ = std::strerror(errno);
  pending_.clear();
}

status output_file::close() {
  if (good()) flush();
  if (good() && std::fclose(file_.release()) != 0) problem_ = std::strerror(errno);
  if (good()) return nothing{};
  return failure{error_code::invalid_argument, "cannot write the file: " + problem_, path_,
                 "check the folder, its rights and the space on the disk"};
}

} // namespace coldvigil
