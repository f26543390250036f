#include "core/settings_record.hpp"

#include <algorithm>
#include <string_view>

namespace coldvigil {
namespace {

constexpr std::string_view all_of_them = "settings.recorded";
constexpr std::string_view those_changed = "settings.changed";
constexpr std::string_view between = " = ";

std::string text_of(const settings_list& settings) {
  std::string out;
  for (const auto& [key, value] : settings)
    out.append(out.empty() ? "" : "\n").append(key).append(between).append(value);
  return out;
}

settings_list list_of(std::string_view text) {
  settings_list out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t key = line.find(between);
    if (key != std::string_view::npos) out.emplace(line.substr(0, key), line.substr(key + between.size()));
  }
  return out;
}

/// The settings of `from` that `other` does not have, or has with another value.
settings_list not_in(const settings_list& other, const settings_list& from) {
  settings_list out;
  for (const auto& each : from) {
    const auto found = other.find(each.first);
    if (found == other.end() || found->second != each.second) out.insert(each);
  }
  return out;
}

audit_entry entry_of(std::string_view action, timestamp at) {
  audit_entry out;
  out.at = at;
  out.actor = "configuration";
  out.action = action;
  out.subject = "settings";
  return out;
}

} // namespace

std::optional<settings_list> settings_recorded(std::span<const audit_entry> newest_first) {
  const auto whole = std::find_if(newest_first.begin(), newest_first.end(),
                                  [](const audit_entry& each) { return each.action == all_of_them; });
  if (whole == newest_first.end()) return std::nullopt;
  settings_list out = list_of(whole->new_value);
  for (auto later = whole; later != newest_first.begin();) {
    --later;
    for (const auto& [key, value] : list_of(later->old_value))
      out.erase(key);
    for (auto& [key, value] : list_of(later->new_value))
      out[key] = value;
  }
  return out;
}

std::vector<audit_entry> settings_news(std::span<const audit_entry> newest_first, const settings_list& now,
                                       timestamp at) {
  const auto before = settings_recorded(newest_first);
  std::vector<audit_entry> out;
  if (before == now) return out;
  if (before) {
    out.push_back(entry_of(those_changed, at));
    out.back().old_value = text_of(not_in(now, *before));
    out.back().new_value = text_of(not_in(*before, now));
  }
  if (!before || newest_first.size() >= settings_entries_read / 2) {
    out.push_back(entry_of(all_of_them, at));
    out.back().new_value = text_of(now);
  }
  return out;
}

} // namespace coldvigil
