#pragma once
// Messages to programs: a signed webhook, and a template that fits the HTTP interfaces of SMS and chat gateways.

#include "core/result.hpp"
#include "notify/transfer.hpp"

namespace coldvigil {

/// POST of the message's JSON. Headers:
///   Idempotency-Key: SHA-256 of the message's key, the same for every attempt
///   X-Coldvigil-Key-Id: which secret; X-Coldvigil-Timestamp: seconds since 1970 of this attempt
///   X-Coldvigil-Signature: "v1=" and HMAC-SHA-256, in hex, of timestamp "." Idempotency-Key "." body
struct webhook_options {
  std::string url; ///< of all callees; a callee with an address is reached there
  std::string key_id{};
  std::string secret{}; ///< at least 16 bytes
  transfer_limits limits{};
};
/// `time` outlives the channel.
[[nodiscard]] result<std::shared_ptr<const channel>> make_webhook_channel(webhook_options options, const clock& time);

enum class body_form : std::uint8_t { json, form, text };

/// Placeholders: {subject} {text} {address} {person} {key} {secret}; in the body also {data}, a JSON object, raw.
/// What is inserted is escaped: percent-encoded in the URL and in a form, as the inside of a JSON string in JSON, on
/// one line in a header. A body has the Content-Type of its form, unless a header gives another.
struct http_template_options {
  std::string method = "POST"; ///< POST, PUT or GET
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers{};
  body_form form = body_form::json;
  std::string body{};
  std::string secret{};
  transfer_limits limits{};
};
[[nodiscard]] result<std::shared_ptr<const channel>> make_http_template_channel(http_template_options options);

/// What an answer of a gateway means for the message: 2xx is delivered; 408, 425, 429, 5xx but 501, and no answer at
/// all are tried again; everything else, redirects too, is refused.
[[nodiscard]] send_outcome outcome_of_http(const transfer_answer& answer);

} // namespace coldvigil
