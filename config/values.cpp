// One value: into its slot, out of it, and what may stand there.
#include "config/keys.hpp"
#include "core/ascii.hpp"
#include "core/url.hpp"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <type_traits>

namespace coldvigil {
namespace {

constexpr std::size_t max_code_bytes = 64;

template <class> inline constexpr bool is_duration = false;
template <class Rep, class Period> inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T>
inline constexpr bool is_number =
    std::is_same_v<T, std::uint16_t> || std::is_same_v<T, std::uint64_t> || is_duration<T>;

bool zone_exists(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= max_code_bytes && std::all_of(text.begin(), text.end(), is_name_letter);
}

/// Placeholders are not part of a URL until they are filled.
std::string without_placeholders(std::string text) {
  for (const std::string_view name : {"{hours}", "{unit}", "{limit}"})
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, name.size(), "1");
  return text;
}

std::optional<std::string> check_text(value_rule rule, const std::string& text) {
  switch (rule) {
  case value_rule::any:
  case value_rule::above:
    break;
  case value_rule::required:
    if (text.empty()) return "must not be empty";
    break;
  case value_rule::code:
    if (!is_code(text)) return "must be 1 to 64 letters, digits, - or _";
    break;
  case value_rule::url: {
    if (text.empty()) break;
    const std::string filled = without_placeholders(text);
    if (filled.find_first_of("{}") != std::string::npos)
      return "has an unknown placeholder; known are {hours}, {unit} and {limit}";
    if (const auto parsed = parse_url(filled); !parsed) return parsed.error().text();
    break;
  }
  case value_rule::zone:
    if (!zone_exists(text)) return "'" + text + "' is no IANA time zone, e.g. \"Europe/London\"";
    break;
  }
  return std::nullopt;
}

template <class T> std::int64_t count(const T& number) {
  if constexpr (is_duration<T>)
    return number.count();
  else
    return static_cast<std::int64_t>(number);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\t')
      out += "\\t";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else
      out += c;
  }
  return out + '"';
}

std::string decimal(double number) {
  char digits[64];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed);
  return error == std::errc{} ? std::string(digits, end) : "0";
}

/// Nothing when it is no finite number.
std::optional<double> as_double(const scalar& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* number = std::get_if<double>(&value);
  return number && std::isfinite(*number) ? std::optional(*number) : std::nullopt;
}

std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (const auto word : words)
    out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

} // namespace

std::string expectation(const slot& where, value_rule rule, std::int64_t low, std::int64_t high) {
  return std::visit(
      [&](const auto& place) -> std::string {
        using place_type = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<place_type, choice_slot>) {
          return "one of " + listed(place.words);
        } else {
          using value_type = std::remove_pointer_t<place_type>;
          if constexpr (std::is_same_v<value_type, bool>) return "true or false";
          if constexpr (std::is_same_v<value_type, char>) return "one character";
          if constexpr (std::is_same_v<value_type, std::optional<double>>) return "a finite number";
          if constexpr (std::is_same_v<value_type, double>)
            return (rule == value_rule::above ? "a number above " : "a number from ") + std::to_string(low) + " to " +
                   std::to_string(high);
          if constexpr (is_number<value_type>)
            return "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
        }
        switch (rule) {
        case value_rule::any:
        case value_rule::above:
          return "text";
        case value_rule::required:
          return "text, not empty";
        case value_rule::code:
          return "text of 1 to 64 letters, digits, - or _";
        case value_rule::url:
          return "an http or https URL, or empty";
        case value_rule::zone:
          return "an IANA time zone";
        }
        return "text";
      },
      where);
}

std::optional<std::string> assign(const slot& where, value_rule rule, std::int64_t low, std::int64_t high,
                                  const scalar& value) {
  const std::string refused = "must be " + expectation(where, rule, low, high);
  return std::visit(
      [&](const auto& place) -> std::optional<std::string> {
        using place_type = std::decay_t<decltype(place)>;
        const auto* text = std::get_if<std::string>(&value);
        if constexpr (std::is_same_v<place_type, choice_slot>) {
          const auto found = text ? std::ranges::find(place.words, *text) : place.words.end();
          if (found == place.words.end()) return refused;
          place.choose(static_cast<std::size_t>(found - place.words.begin()));
        } else if constexpr (std::is_same_v<place_type, std::string*>) {
          if (!text) return refused;
          if (auto reason = check_text(rule, *text)) return reason;
          *place = *text;
        } else if constexpr (std::is_same_v<place_type, std::optional<std::string>*>) {
          if (!text) return refused;
          *place = *text;
        } else if constexpr (std::is_same_v<place_type, double*>) {
          const auto number = as_double(value);
          const auto least = static_cast<double>(low);
          if (!number || *number < least || *number > static_cast<double>(high)) return refused;
          if (rule == value_rule::above && *number == least) return refused;
          *place = *number;
        } else if constexpr (std::is_same_v<place_type, std::optional<double>*>) {
          const auto number = as_double(value);
          if (!number) return refused;
          *place = *number;
        } else if constexpr (std::is_same_v<place_type, char*>) {
          if (!text || text->size() != 1) return refused;
          *place = text->front();
        } else if constexpr (std::is_same_v<place_type, bool*>) {
          const auto* flag = std::get_if<bool>(&value);
          if (!flag) return refused;
          *place = *flag;
        } else {
          const auto* number = std::get_if<std::int64_t>(&value);
          if (!number || *number < low || *number > high) return refused;
          *place = static_cast<std::remove_pointer_t<place_type>>(*number);
        }
        return std::nullopt;
      },
      where);
}

std::optional<scalar> scalar_from_text(const slot& where, std::string_view text) {
  return std::visit(
      [&](const auto& place) -> std::optional<scalar> {
        using place_type = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<place_type, choice_slot> || std::is_same_v<place_type, std::string*> ||
                      std::is_same_v<place_type, char*>) {
          return std::string(text);
        } else if constexpr (std::is_same_v<place_type, bool*>) {
          if (text == "true") return true;
          if (text == "false") return false;
          return std::nullopt;
        } else if constexpr (std::is_same_v<place_type, double*>) {
          double number = 0;
          const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
          if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
          return number;
        } else if constexpr (!is_number<std::remove_pointer_t<place_type>>) {
          return std::nullopt;
        } else {
          std::int64_t number = 0;
          const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
          if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
          return number;
        }
      },
      where);
}

std::string as_toml(const slot& where) {
  return std::visit(
      [](const auto& place) -> std::string {
        using place_type = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<place_type, choice_slot>)
          return quoted(place.words[place.chosen]);
        else if constexpr (std::is_same_v<place_type, std::string*>)
          return quoted(*place);
        else if constexpr (std::is_same_v<place_type, std::optional<std::string>*>)
          return quoted(place->value_or(""));
        else if constexpr (std::is_same_v<place_type, std::optional<double>*>)
          return decimal(place->value_or(0));
        else if constexpr (std::is_same_v<place_type, double*>)
          return decimal(*place);
        else if constexpr (std::is_same_v<place_type, char*>)
          return quoted(std::string_view(place, 1));
        else if constexpr (std::is_same_v<place_type, bool*>)
          return *place ? "true" : "false";
        else
          return std::to_string(count(*place));
      },
      where);
}

} // namespace coldvigil
