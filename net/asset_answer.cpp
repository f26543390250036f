#include "net/asset_answer.hpp"

#include <charconv>

namespace coldvigil {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// The next element of a comma-separated list, taken off.
std::string_view take_element(std::string_view& list, char separator) {
  const std::size_t end = std::min(list.find(separator), list.size());
  const std::string_view element = trim(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return element;
}

/// Weight of "q=0.5"; 1 when not given, 0 when it cannot be read.
double weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view one = take_element(parameters, ';');
    if (one.size() < 2 || (one[0] != 'q' && one[0] != 'Q') || one[1] != '=') continue;
    one.remove_prefix(2);
    double weight = 0;
    std::from_chars(one.data(), one.data() + one.size(), weight);
    return weight;
  }
  return 1;
}

} // namespace

coding choose_coding(std::string_view accept_encoding, bool has_gzip, bool has_brotli) {
  double gzip = -1, brotli = -1, any = -1;
  while (!accept_encoding.empty()) {
    std::string_view element = take_element(accept_encoding, ',');
    const std::string_view name = take_element(element, ';');
    const double weight = weight_of(element);
    if (beast::iequals(name, "gzip")) gzip = weight;
    if (beast::iequals(name, "br")) brotli = weight;
    if (name == "*") any = weight;
  }
  if (has_brotli && (brotli >= 0 ? brotli : any) > 0) return coding::brotli;
  if (has_gzip && (gzip >= 0 ? gzip : any) > 0) return coding::gzip;
  return coding::identity;
}

bool tag_matches(std::string_view if_none_match, std::string_view tag) {
  if (trim(if_none_match) == "*") return true;
  while (!if_none_match.empty()) {
    std::string_view one = take_element(if_none_match, ',');
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

http_answer answer_asset(const asset& file, const http_request& request) {
  const coding chosen = choose_coding(request[http::field::accept_encoding], !file.gzip.empty(), !file.brotli.empty());
  const std::string_view suffix = chosen == coding::gzip ? "-gz" : chosen == coding::brotli ? "-br" : "";
  const std::string tag = "\"" + std::string(file.hash) + std::string(suffix) + "\"";
  http_answer answer;
  answer.content_type = file.mime;
  answer.headers.emplace_back("ETag", tag);
  answer.headers.emplace_back("Vary", "Accept-Encoding");
  answer.headers.emplace_back("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (tag_matches(request[http::field::if_none_match], tag)) {
    answer.status = http::status::not_modified;
    return answer;
  }
  if (chosen == coding::brotli) answer.headers.emplace_back("Content-Encoding", "br");
  if (chosen == coding::gzip) answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.body = chosen == coding::brotli ? file.brotli : chosen == coding::gzip ? file.gzip : file.raw;
  return answer;
}

} // namespace coldvigil
