#include "ingest/url_template.hpp"

#include "core/url.hpp"

#include <charconv>

namespace coldvigil {
namespace {

std::string decimal(double number) {
  char digits[64];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed);
  return error == std::errc{} ? std::string(digits, end) : "0";
}

} // namespace

std::string fill_url(std::string_view url_template, double hours, std::string_view unit, std::size_t limit) {
  std::string out;
  while (!url_template.empty()) {
    const auto take = [&](std::string_view placeholder, const std::string& value) {
      if (!url_template.starts_with(placeholder)) return false;
      out += value;
      url_template.remove_prefix(placeholder.size());
      return true;
    };
    if (url_template.front() == '{' && (take("{hours}", decimal(hours)) || take("{unit}", percent_encode(unit)) ||
                                        take("{limit}", std::to_string(limit))))
      continue;
    out += url_template.front();
    url_template.remove_prefix(1);
  }
  return out;
}

} // namespace coldvigil
