#include "core/url.hpp"

#include "core/ascii.hpp"
#include "core/host_name.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>

namespace coldvigil {
namespace {

constexpr std::size_t max_url_bytes = 2048;
constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

failure refuse(std::string what, std::string hint) {
  return {error_code::invalid_argument, std::move(what), "", std::move(hint)};
}

bool is_host(std::string_view host, bool bracketed) {
  const auto allowed = [](char c) { return is_alphanumeric(c) || c == '.' || c == ':'; };
  if (bracketed) return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), allowed);
  if (host.ends_with('.')) host.remove_suffix(1); // the root
  return is_host_name(host);
}

/// Takes the scheme away, in whatever case it is written.
bool take_scheme(std::string_view scheme, std::string_view& text) {
  const auto same = [](unsigned char a, unsigned char b) { return a == std::tolower(b); };
  if (text.size() < scheme.size() || !std::equal(scheme.begin(), scheme.end(), text.begin(), same)) return false;
  text.remove_prefix(scheme.size());
  return true;
}

/// Splits "host:port" or "[v6]:port"; false when it is neither.
bool take_authority(std::string_view authority, url& out) {
  const bool bracketed = !authority.empty() && authority.front() == '[';
  std::size_t end = authority.find(':');
  if (bracketed) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return false;
    out.host = authority.substr(1, bracket - 1);
    end = bracket + 1;
    if (end < authority.size() && authority[end] != ':') return false;
  } else {
    out.host = authority.substr(0, end);
  }
  if (!is_host(out.host, bracketed)) return false;
  if (end >= authority.size()) return true;
  const std::string_view digits = authority.substr(end + 1);
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  return error == std::errc{} && stop == digits.data() + digits.size() && out.port != 0;
}

} // namespace

result<url> parse_url(std::string_view text) {
  if (text.size() > max_url_bytes) return refuse("the URL is longer than 2048 bytes", "");
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::all_of(text.begin(), text.end(), visible))
    return refuse("the URL has a blank, a control character or a letter outside ASCII", "percent-encode it");
  url out;
  if (take_scheme("https://", text)) {
    out.tls = true;
    out.port = https_port;
  } else if (!take_scheme("http://", text)) {
    return refuse("the URL does not start with http:// or https://", "write the whole address");
  }
  if (text.find('#') != std::string_view::npos) return refuse("the URL has a fragment (#)", "leave it out");
  const std::size_t slash = text.find_first_of("/?");
  const std::string_view authority = text.substr(0, slash);
  if (authority.find('@') != std::string_view::npos)
    return refuse("the URL carries credentials", "give them as user and password");
  if (!take_authority(authority, out))
    return refuse("the URL's host or port is malformed", "expected http://HOST:PORT/PATH");
  if (slash != std::string_view::npos) out.target = text.substr(slash);
  if (out.target.front() == '?') out.target.insert(0, "/");
  return out;
}

std::string to_string(const url& address) {
  const bool bracketed = address.host.find(':') != std::string::npos;
  std::string out = address.tls ? "https://" : "http://";
  out += bracketed ? '[' + address.host + ']' : address.host;
  if (address.port != (address.tls ? https_port : http_port)) out += ':' + std::to_string(address.port);
  return out + address.target;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

} // namespace coldvigil
