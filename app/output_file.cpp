#include "app/output_file.hpp"

#include "core/draft_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace coldvigil {
namespace {

constexpr std::size_t piece = 1 << 18;

bool same_file(const std::string& a, const std::string& b) {
  std::error_code missing;
  return a == b || std::filesystem::equivalent(a, b, missing);
}

} // namespace

bool replaces(const std::string& path) {
  std::error_code unknown;
  const auto what = std::filesystem::status(path, unknown);
  return !std::filesystem::exists(what) || std::filesystem::is_regular_file(what);
}

output_file::output_file(const std::string& path) : path_(path) {
  if (replaces(path)) {
    draft_file draft = open_draft(path);
    if (draft.descriptor >= 0) {
      file_.reset(::fdopen(draft.descriptor, "wb"));
      draft_ = std::move(draft.name);
      unfinished_.emplace(draft_);
    }
  } else {
    file_.reset(std::fopen(path_.c_str(), "wb"));
  }
  if (!file_) problem_ = std::strerror(errno);
}

output_file::~output_file() {
  if (!draft_.empty()) std::remove(draft_.c_str());
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
  if (good() && !draft_.empty() && std::rename(draft_.c_str(), path_.c_str()) != 0) problem_ = std::strerror(errno);
  if (good()) {
    draft_.clear();
    return nothing{};
  }
  return failure{error_code::invalid_argument, "cannot write the file: " + problem_, path_,
                 "check the folder, its rights and the space on the disk"};
}

status apart(std::initializer_list<std::string> outputs, std::initializer_list<std::string> inputs) {
  const auto clash = [](const std::string& output) {
    return failure{error_code::invalid_argument, "the output would overwrite another file of this command", output,
                   "give each file its own name"};
  };
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    if (output->empty()) continue;
    const auto is_it = [&](const std::string& other) { return !other.empty() && same_file(*output, other); };
    if (std::any_of(inputs.begin(), inputs.end(), is_it) || std::any_of(outputs.begin(), output, is_it))
      return clash(*output);
  }
  return nothing{};
}

} // namespace coldvigil
