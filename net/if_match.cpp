#include "net/if_match.hpp"

#include <algorithm>
#include <string_view>

namespace coldvigil {
namespace {

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

bool is_tag_sign(char sign) {
  const auto byte = static_cast<unsigned char>(sign);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
}

/// One field's list into `out`; false when it is none. Empty elements are allowed (5.6.1.2), a tag may hold a comma.
bool read_tags(std::string_view left, std::vector<std::string>& out) {
  for (left = without_blanks(left); !left.empty(); left = without_blanks(left)) {
    if (left.front() == ',') {
      left.remove_prefix(1);
      continue;
    }
    const bool weak = left.starts_with("W/");
    if (weak) left.remove_prefix(2);
    if (!left.starts_with('"')) return false;
    left.remove_prefix(1);
    const std::size_t end = left.find('"');
    if (end == std::string_view::npos) return false;
    const std::string_view tag = left.substr(0, end);
    if (!std::all_of(tag.begin(), tag.end(), is_tag_sign)) return false;
    if (!weak) out.emplace_back(tag);
    left = without_blanks(left.substr(end + 1));
    if (!left.empty() && left.front() != ',') return false;
  }
  return true;
}

} // namespace

bool if_match::fits(std::uint64_t revision) const {
  return !given || any || std::find(tags.begin(), tags.end(), std::to_string(revision)) != tags.end();
}

if_match read_if_match(const http_request& request) {
  if_match out;
  const auto fields = request.equal_range(http::field::if_match);
  for (auto each = fields.first; each != fields.second; ++each) {
    const std::string_view value(each->value().data(), each->value().size());
    out.any = !out.given && without_blanks(value) == "*"; // alone, or it is no list
    out.given = true;
    if (!out.any && !read_tags(value, out.tags)) {
      out.tags.clear();
      return out;
    }
  }
  return out;
}

} // namespace coldvigil
