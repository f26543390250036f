#include "model/model_registry.hpp"

#include "core/plain_file.hpp"
#include "core/plain_text.hpp"
#include "model/default_model.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sstream>
#include <sys/file.h>
#include <unistd.h>

namespace coldvigil {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t version_digits = 12;
constexpr std::size_t most_lines = 10'000;
constexpr std::size_t longest_name = 64;
constexpr std::size_t largest_list = 4 << 20; ///< bytes: more than the most lines have

failure unknown_version(const std::string& version) {
  return {error_code::not_found, "there is no such model", version, "`coldvigil models list` shows those there are"};
}

/// A name that stands in one word of a line.
std::string one_word(const std::string& name) {
  std::string out = name.substr(0, longest_name);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c <= ' ' || c == 127; }, '-');
  return out.empty() ? "-" : out;
}

std::string line_of(const activation& of) {
  return format_utc(of.at) + (of.back ? " rollback " : " activate ") + of.version + " " + one_word(of.who) + "\n";
}

std::optional<activation> parse_line(const std::string& line) {
  std::istringstream in(line);
  std::string at, what, version, who, rest;
  if (!(in >> at >> what >> version >> who) || (in >> rest)) return std::nullopt;
  const auto time = parse_utc(at);
  if (!time || (what != "activate" && what != "rollback")) return std::nullopt;
  return activation{*time, what == "rollback", version, who};
}

/// What was active, the newest last; a rollback takes away what came after the version that it went back to. What is
/// made active again while it is active changes nothing.
std::vector<std::string> versions_of(const std::vector<activation>& history) {
  std::vector<std::string> out;
  for (const activation& each : history) {
    if (each.back)
      while (!out.empty() && out.back() != each.version)
        out.pop_back();
    if (out.empty() || out.back() != each.version) out.push_back(each.version);
  }
  return out;
}

/// One at a time changes the list, in this process and in others. The lock ends with the object, or with the process.
class list_lock {
 public:
  explicit list_lock(const std::string& folder) : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (folder_ >= 0 && ::flock(folder_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~list_lock() {
    if (folder_ >= 0) ::close(folder_);
  }
  list_lock(const list_lock&) = delete;
  list_lock& operator=(const list_lock&) = delete;

 private:
  int folder_;
};

/// Empty when there is no such file.
result<std::string> text_of(const std::string& path, std::size_t most) {
  const auto bytes = read_plain_file(path, most);
  if (!bytes.ok() && bytes.error().code == error_code::not_found) return std::string();
  if (!bytes.ok()) return bytes.error();
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

status make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return nothing{};
  return failure{error_code::unavailable, "the folder of models cannot be made: " + error.message(), folder,
                 "set model.registry to a place that can be written"};
}

} // namespace

std::string version_of(std::span<const std::byte> file) {
  return sha256_hex(file).substr(0, version_digits);
}

std::string model_registry::path_of(const std::string& version) const {
  return folder_ + "/" + version + std::string(model_extension);
}

result<std::vector<listed_model>> model_registry::list() const {
  const auto now = active();
  if (!now.ok()) return now.error();
  std::vector<std::string> versions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (entry.path().extension() == model_extension) versions.push_back(entry.path().stem().string());
  std::sort(versions.begin(), versions.end());
  versions.insert(versions.begin(), std::string(shipped_version));
  std::vector<listed_model> out;
  for (std::string& version : versions) {
    listed_model each;
    each.active = *now == version || (!*now && version == shipped_version);
    const auto bytes = read(version);
    auto model = bytes.ok() ? read_model(*bytes, version) : result<model_file>(bytes.error());
    if (model.ok())
      each.model = std::move(*model);
    else
      each.trouble = model.error().text();
    each.version = std::move(version);
    out.push_back(std::move(each));
  }
  return out;
}

result<std::string> model_registry::add(std::span<const std::byte> file, const std::string& where) const {
  if (const auto model = read_model(file, where); !model.ok()) return model.error();
  if (std::equal(file.begin(), file.end(), default_model().begin(), default_model().end()))
    return std::string(shipped_version);
  std::string version = version_of(file);
  if (auto made = make_folder(folder_); !made.ok()) return made.error();
  if (const auto kept = replace_file(path_of(version), file); !kept.ok()) return kept.error();
  return version;
}

result<std::string> model_registry::find(const std::string& version) const {
  if (version == shipped_version) return version;
  std::optional<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != model_extension || version.empty() || !name.starts_with(version)) continue;
    if (found)
      return failure{error_code::invalid_argument, "more than one model begins so", version, "give more of it"};
    found = name;
  }
  if (!found) return unknown_version(version);
  return *found;
}

result<std::vector<std::byte>> model_registry::read(const std::string& version) const {
  if (version == shipped_version) return std::vector<std::byte>(default_model().begin(), default_model().end());
  auto bytes = read_model_bytes(path_of(version));
  if (!bytes.ok()) return bytes;
  if (!sha256_hex(*bytes).starts_with(version))
    return failure{error_code::corrupt, "the model file is not what its name says", path_of(version),
                   "activate another version, or add the file anew"};
  return bytes;
}

result<std::vector<std::byte>> model_registry::meant() const {
  const auto now = active();
  if (!now.ok()) return now.error();
  if (*now) return read(**now);
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (entry.path().extension() == model_extension) files.push_back(entry.path().filename().string());
  if (files.empty())
    return failure{error_code::not_found, "there is no model in this folder", folder_,
                   "`coldvigil train --out FOLDER` writes one there"};
  if (files.size() == 1) return read_model_bytes(folder_ + "/" + files.front());
  return failure{error_code::invalid_argument, "there are " + std::to_string(files.size()) + " models in this folder",
                 folder_,
                 "name one of the files, or make one active: `coldvigil models activate --folder FOLDER VERSION`"};
}

result<std::vector<activation>> model_registry::history() const {
  std::vector<activation> out;
  const auto text = text_of(list_path(), largest_list);
  if (!text.ok()) return text.error();
  std::istringstream in(*text);
  for (std::string line; std::getline(in, line);) {
    auto each = parse_line(line);
    if (!each)
      return failure{error_code::corrupt, "the list of active models is damaged: '" + line.substr(0, 80) + "'",
                     list_path(), "take the line out, or the file away: the shipped model is active then"};
    out.push_back(std::move(*each));
  }
  return out;
}

result<std::vector<std::string>> model_registry::standing() const {
  const auto all = history();
  if (!all.ok()) return all.error();
  return versions_of(*all);
}

result<std::optional<std::string>> model_registry::active() const {
  const auto now = standing();
  if (!now.ok()) return now.error();
  return now->empty() ? std::optional<std::string>{} : std::optional(now->back());
}

status model_registry::append(const activation& line) const {
  auto all = history();
  if (!all.ok()) return all.error();
  all->push_back(line);
  if (all->size() > most_lines) all->erase(all->begin());
  std::string text;
  for (const activation& each : *all)
    text += line_of(each);
  return replace_file(list_path(), std::as_bytes(std::span{text}));
}

status model_registry::activate(const std::string& version, const std::string& who, timestamp at) const {
  const auto bytes = read(version);
  if (!bytes.ok()) return bytes.error();
  if (const auto model = read_model(*bytes, version); !model.ok()) return model.error();
  if (auto made = make_folder(folder_); !made.ok()) return made;
  const list_lock alone(folder_);
  return append({at, false, version, who});
}

result<std::string> model_registry::rollback(const std::string& who, timestamp at) const {
  const list_lock alone(folder_);
  const auto standing_now = standing();
  if (!standing_now.ok()) return standing_now.error();
  const std::vector<std::string>& were = *standing_now;
  if (were.empty() || (were.size() == 1 && were.back() == shipped_version))
    return failure{error_code::not_found, "no other model was active before", folder_, ""};
  const std::string before = were.size() > 1 ? were[were.size() - 2] : std::string(shipped_version);
  const auto bytes = read(before);
  if (!bytes.ok()) return bytes.error();
  if (const auto model = read_model(*bytes, before); !model.ok()) return model.error();
  if (const auto done = append({at, true, before, who}); !done.ok()) return done.error();
  return before;
}

status model_registry::note_retraining(const retraining_note& note) const {
  if (auto made = make_folder(folder_); !made.ok()) return made;
  const std::string text = format_utc(note.at) + " " + printable(note.outcome) + "\n";
  return replace_file(note_path(), std::as_bytes(std::span{text}));
}

result<std::optional<retraining_note>> model_registry::last_retraining() const {
  const auto text = text_of(note_path(), most_text_bytes);
  if (!text.ok()) return text.error();
  if (text->empty()) return std::optional<retraining_note>{};
  const std::string line = text->substr(0, text->find('\n'));
  const auto at = parse_utc(line.substr(0, line.find(' ')));
  if (!at || line.find(' ') == std::string::npos)
    return failure{error_code::corrupt, "the note of the last retraining is damaged", note_path(),
                   "take the file away: it is only a note"};
  return std::optional(retraining_note{*at, printable(line.substr(line.find(' ') + 1))});
}

} // namespace coldvigil
