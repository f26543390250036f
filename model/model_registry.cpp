#include "model/model_registry.hpp"

#include "model/default_model.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace coldvigil {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t version_digits = 12;
constexpr std::string_view extension = ".cvm";
constexpr std::size_t most_lines = 10'000;
constexpr std::size_t longest_name = 64;

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

/// What was active, the newest last; a rollback takes one away.
std::vector<std::string> versions_of(const std::vector<activation>& history) {
  std::vector<std::string> out;
  for (const activation& each : history) {
    if (!each.back)
      out.push_back(each.version);
    else if (!out.empty())
      out.pop_back();
    if (each.back && out.empty()) out.push_back(each.version);
  }
  return out;
}

} // namespace

std::string model_registry::path_of(const std::string& version) const {
  return folder_ + "/" + version + std::string(extension);
}

result<std::vector<listed_model>> model_registry::list() const {
  const auto now = active();
  if (!now.ok()) return now.error();
  std::vector<std::string> versions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (entry.path().extension() == extension) versions.push_back(entry.path().stem().string());
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
  std::string version = sha256_hex(file).substr(0, version_digits);
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error)
    return failure{error_code::unavailable, "the folder of models cannot be made: " + error.message(), folder_, ""};
  if (const auto kept = replace_file(path_of(version), file); !kept.ok()) return kept.error();
  return version;
}

result<std::string> model_registry::find(const std::string& version) const {
  if (version == shipped_version) return version;
  std::optional<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != extension || version.empty() || !name.starts_with(version)) continue;
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

result<std::vector<activation>> model_registry::history() const {
  std::vector<activation> out;
  std::ifstream in(list_path());
  if (!in && !fs::exists(list_path())) return out;
  for (std::string line; std::getline(in, line);) {
    auto each = parse_line(line);
    if (!each)
      return failure{error_code::corrupt, "the list of active models is damaged: '" + line.substr(0, 80) + "'",
                     list_path(), "take the line out, or the file away: the shipped model is active then"};
    out.push_back(std::move(*each));
  }
  if (in.bad()) return failure{error_code::unavailable, "the list of active models cannot be read", list_path(), ""};
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
  std::error_code error;
  fs::create_directories(folder_, error);
  return replace_file(list_path(), std::as_bytes(std::span{text}));
}

status model_registry::activate(const std::string& version, const std::string& who, timestamp at) const {
  const auto bytes = read(version);
  if (!bytes.ok()) return bytes.error();
  if (const auto model = read_model(*bytes, version); !model.ok()) return model.error();
  return append({at, false, version, who});
}

result<std::string> model_registry::rollback(const std::string& who, timestamp at) const {
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

} // namespace coldvigil
