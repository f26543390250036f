#include "notify/http_channels.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"
#include "notify/secrets.hpp"
#include "notify/text_escape.hpp"

#include <algorithm>
#include <cctype>
#include <functional>

namespace coldvigil {
namespace {

constexpr std::size_t longest_detail = 300;
constexpr std::size_t longest_url = 2048;
constexpr std::size_t longest_body = 256 * 1024;
constexpr std::size_t shortest_secret = 16;

using escape = std::function<std::string(std::string_view)>;

/// The template with its placeholders filled; a name in braces that is no placeholder stays as it is.
std::string fill(std::string_view pattern, const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t brace = pattern.find('{');
    out += pattern.substr(0, brace);
    if (brace == std::string_view::npos) break;
    pattern.remove_prefix(brace);
    const auto known =
        std::find_if(values.begin(), values.end(), [&](const auto& each) { return pattern.starts_with(each.first); });
    out += known == values.end() ? std::string("{") : known->second;
    pattern.remove_prefix(known == values.end() ? 1 : known->first.size());
  }
  return out;
}

std::vector<std::pair<std::string_view, std::string>> placeholders(const outgoing_message& message,
                                                                   const std::string& secret, const escape& in) {
  return {{"{subject}", in(message.subject)},    {"{text}", in(message.text)},
          {"{address}", in(message.to.address)}, {"{person}", in(message.person_name)},
          {"{key}", in(sha256_of(message.key))}, {"{secret}", in(secret)}};
}

bool is_content_type(std::string_view header) {
  constexpr std::string_view wanted = "content-type";
  return std::equal(header.begin(), header.end(), wanted.begin(), wanted.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

std::string content_type_of(body_form form) {
  switch (form) {
  case body_form::json:
    return "application/json";
  case body_form::form:
    return "application/x-www-form-urlencoded";
  default:
    return "text/plain; charset=utf-8";
  }
}

send_outcome refused(std::string why) {
  return {send_result::refused, std::move(why), {}, {}};
}

class webhook_channel final : public channel {
 public:
  webhook_channel(webhook_options options, const clock& time) : options_(std::move(options)), time_(time) {}

  [[nodiscard]] send_outcome send(const outgoing_message& message, const std::atomic<bool>& stop) const override {
    http_transfer what;
    what.url = message.to.address.empty() ? options_.url : message.to.address;
    if (!parse_url(what.url)) return refused("the address is no http or https URL");
    const std::string key = sha256_of(message.key);
    const std::string at =
        std::to_string(std::chrono::floor<std::chrono::seconds>(time_.now().time_since_epoch()).count());
    what.body = message.data;
    what.headers = {
        {"Content-Type", "application/json"},
        {"Idempotency-Key", key},
        {"X-Coldvigil-Key-Id", options_.key_id},
        {"X-Coldvigil-Timestamp", at},
        {"X-Coldvigil-Signature", "v1=" + hmac_sha256_of(options_.secret, at + "." + key + "." + what.body)}};
    return outcome_of_http(run(what, options_.limits, stop));
  }

 private:
  const webhook_options options_;
  const clock& time_;
};

class http_template_channel final : public channel {
 public:
  explicit http_template_channel(http_template_options options) : options_(std::move(options)) {}

  [[nodiscard]] send_outcome send(const outgoing_message& message, const std::atomic<bool>& stop) const override {
    http_transfer what;
    what.method = options_.method;
    what.url = fill(options_.url, placeholders(message, options_.secret, percent_encode));
    if (what.url.size() > longest_url || !parse_url(what.url))
      return refused("the filled URL is malformed or too long");
    for (const auto& [name, value] : options_.headers)
      what.headers.emplace_back(name, fill(value, placeholders(message, options_.secret, one_line)));
    const bool names_type = std::any_of(options_.headers.begin(), options_.headers.end(),
                                        [](const auto& header) { return is_content_type(header.first); });
    if (!options_.body.empty() && !names_type)
      what.headers.emplace_back("Content-Type", content_type_of(options_.form));
    auto values = placeholders(message, options_.secret, escape_of_body());
    values.emplace_back("{data}", message.data);
    what.body = fill(options_.body, values);
    if (what.body.size() > longest_body) return refused("the filled body is longer than 256 KiB");
    return outcome_of_http(run(what, options_.limits, stop));
  }

 private:
  [[nodiscard]] escape escape_of_body() const {
    switch (options_.form) {
    case body_form::json:
      return json_escaped;
    case body_form::form:
      return percent_encode;
    default:
      return [](std::string_view text) { return std::string(text); };
    }
  }
  const http_template_options options_;
};

failure refuse(std::string what, std::string where, std::string hint = {}) {
  return {error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)};
}

bool is_header_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), is_name_letter);
}

} // namespace

send_outcome outcome_of_http(const transfer_answer& answer) {
  if (!answer.arrived) return {send_result::retry, cut(one_line(answer.error), longest_detail), {}, answer.took};
  std::string detail = "HTTP " + std::to_string(answer.code);
  if (!answer.body.empty()) detail += ": " + one_line(answer.body);
  send_outcome out{send_result::refused, cut(detail, longest_detail), answer.retry_after, answer.took};
  const long code = answer.code;
  if (code >= 200 && code < 300)
    out.result = send_result::delivered;
  else if (code == 408 || code == 425 || code == 429 || (code >= 500 && code != 501))
    out.result = send_result::retry;
  return out;
}

result<std::shared_ptr<const channel>> make_webhook_channel(webhook_options options, const clock& time) {
  if (auto bad = parse_url(options.url); !bad) return refuse(bad.error().what, "webhook", bad.error().hint);
  if (options.secret.size() < shortest_secret)
    return refuse("the secret is shorter than 16 bytes", "webhook", "use a random one");
  if (one_line(options.key_id) != options.key_id || options.key_id.size() > 100)
    return refuse("the key id is longer than 100 bytes or more than one line", "webhook");
  return std::shared_ptr<const channel>(std::make_shared<webhook_channel>(std::move(options), time));
}

result<std::shared_ptr<const channel>> make_http_template_channel(http_template_options options) {
  const std::string where = "HTTP template";
  if (options.method != "POST" && options.method != "PUT" && options.method != "GET")
    return refuse("the method is neither POST nor PUT nor GET", where);
  if (options.method == "GET" && !options.body.empty()) return refuse("a GET with a body", where);
  const auto host_end = options.url.find('/', std::string_view("https://").size());
  if (options.url.substr(0, host_end).find('{') != std::string::npos)
    return refuse("a placeholder in the host of the URL", where, "use placeholders in path and query only");
  const std::string sample = fill(options.url, placeholders({}, "x", percent_encode));
  if (auto bad = parse_url(sample); !bad) return refuse(bad.error().what, where, bad.error().hint);
  for (const auto& [name, value] : options.headers)
    if (!is_header_name(name) || one_line(value) != value) return refuse("a malformed header", where);
  return std::shared_ptr<const channel>(std::make_shared<http_template_channel>(std::move(options)));
}

} // namespace coldvigil
