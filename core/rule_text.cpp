#include "core/rule_text.hpp"

#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>
#include <vector>

namespace coldvigil {
namespace {

template <class T> std::string number_text(T value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end};
}
template <class T> bool read_number(std::string_view text, T& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string text_of(rule_kind value) {
  return std::string(to_string(value));
}
std::string text_of(alarm_level value) {
  return std::string(to_string(value));
}
std::string text_of(rule_side value) {
  return std::string(to_string(value));
}
std::string text_of(gap_policy value) {
  return std::string(to_string(value));
}
std::string text_of(temperature_scale value) {
  return std::string(to_string(value));
}
std::string text_of(rule_id value) {
  return number_text(static_cast<std::uint32_t>(value));
}
std::string text_of(bool value) {
  return value ? "yes" : "no";
}
std::string text_of(millis value) {
  return number_text(value.count());
}
std::string text_of(const std::optional<milli_celsius>& value) {
  return value ? number_text(*value) : "none";
}
template <class T>
requires std::is_arithmetic_v<T> std::string text_of(T value) {
  return number_text(value);
}

template <class T> bool take(std::optional<T> found, T& into) {
  if (found) into = *found;
  return found.has_value();
}
bool read(std::string_view text, rule_kind& into) {
  return take(parse_rule(text), into);
}
bool read(std::string_view text, alarm_level& into) {
  return take(parse_level(text), into);
}
bool read(std::string_view text, rule_side& into) {
  return take(parse_side(text), into);
}
bool read(std::string_view text, gap_policy& into) {
  return take(parse_gap_policy(text), into);
}
bool read(std::string_view text, temperature_scale& into) {
  return take(parse_scale(text), into);
}
bool read(std::string_view text, rule_id& into) {
  std::uint32_t value = 0;
  if (!read_number(text, value)) return false;
  into = rule_id{value};
  return true;
}
bool read(std::string_view text, bool& into) {
  into = text == "yes";
  return into || text == "no";
}
bool read(std::string_view text, millis& into) {
  std::int64_t value = 0;
  if (!read_number(text, value)) return false;
  into = millis{value};
  return true;
}
bool read(std::string_view text, std::optional<milli_celsius>& into) {
  milli_celsius value = 0;
  if (!read_number(text, value)) return false;
  into = value;
  return true;
}
template <class T>
requires std::is_arithmetic_v<T>
bool read(std::string_view text, T& into) {
  return read_number(text, into);
}

/// Every field but the name, with its word.
template <class Rule, class Visit> void each_field(Rule& of, Visit&& visit) {
  visit("id", of.id);
  visit("kind", of.kind);
  visit("level", of.level);
  visit("side", of.side);
  visit("limit", of.limit);
  visit("inclusive", of.inclusive);
  visit("deadband", of.deadband);
  visit("scale", of.scale);
  visit("on_delay", of.on_delay);
  visit("off_delay", of.off_delay);
  visit("consecutive", of.consecutive);
  visit("score_limit", of.score_limit);
  visit("window", of.window);
  visit("cumulative", of.cumulative);
  visit("lead", of.lead);
  visit("min_samples", of.min_samples);
  visit("gaps", of.gaps);
  visit("max_gap", of.max_gap);
  visit("tolerated_to", of.tolerated_to);
  visit("tolerated_for", of.tolerated_for);
  visit("silent_after", of.silent_after);
  visit("reason_required", of.reason_required);
}

failure wrong(std::string_view text, std::string_view word) {
  return {error_code::invalid_argument, "'" + std::string(word) + "' is nothing that a rule has",
          "rule \"" + std::string(text) + "\"", "give words as key=value, the name last"};
}

} // namespace

std::string to_text(const rule& what) {
  std::vector<std::string> plain;
  const rule defaults;
  each_field(defaults, [&](const char*, const auto& value) { plain.push_back(text_of(value)); });
  std::string out;
  std::size_t field = 0;
  each_field(what, [&](std::string_view word, const auto& value) {
    const std::string text = text_of(value);
    const bool always = word == "id" || word == "kind" || word == "level";
    if (text != plain[field++] || always) out += (out.empty() ? "" : " ") + std::string(word) + "=" + text;
  });
  if (!what.name.empty()) out += " name=" + what.name;
  return out;
}

result<rule> parse_rule_text(std::string_view text) {
  rule out;
  std::string_view left = text;
  while (!left.empty()) {
    constexpr std::string_view name_word = "name=";
    if (left.starts_with(name_word)) {
      out.name = left.substr(name_word.size());
      break;
    }
    const std::string_view word = left.substr(0, left.find(' '));
    left.remove_prefix(std::min(left.size(), word.size() + 1));
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return wrong(text, word);
    bool known = false;
    each_field(out, [&](std::string_view key, auto& value) {
      if (key == word.substr(0, equals)) known = read(word.substr(equals + 1), value);
    });
    if (!known) return wrong(text, word);
  }
  return out;
}

} // namespace coldvigil
