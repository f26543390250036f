#include "sim/query.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace coldvigil::sim {
namespace {

constexpr std::size_t longest_shown = 64;

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

} // namespace

const std::string* query::find(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? nullptr : &found->second;
}

query parse_target(std::string_view target) {
  query out;
  const auto mark = target.find('?');
  out.path = percent_decoded(target.substr(0, mark));
  if (mark == std::string_view::npos) return out;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos)
      out.parameters[percent_decoded(pair.substr(0, equals))] = percent_decoded(pair.substr(equals + 1));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return out;
}

failure out_of_range(const std::string& name, double low, double high) {
  char range[80];
  std::snprintf(range, sizeof range, " must be a number from %g to %g", low, high);
  return {error_code::invalid_argument, name + range};
}

result<double> number_of(const query& from, const std::string& name, double otherwise, double low, double high) {
  const std::string* text = from.find(name);
  if (!text) return otherwise;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  const bool number = error == std::errc{} && end == text->data() + text->size() && std::isfinite(value);
  if (!number || value < low || value > high) return out_of_range(name, low, high);
  return value;
}

result<double> whole_number_of(const query& from, const std::string& name, double otherwise, double low, double high) {
  auto value = number_of(from, name, otherwise, low, high);
  if (value.ok() && *value != std::floor(*value))
    return failure{error_code::invalid_argument, name + " must be a whole number"};
  return value;
}

std::string shown(std::string_view text) {
  std::string out(text.substr(0, longest_shown));
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  if (text.size() > longest_shown) out += "...";
  return out;
}

} // namespace coldvigil::sim
