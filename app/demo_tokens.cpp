#include "app/demo_tokens.hpp"

#include "core/engine_name.hpp"
#include "core/plain_file.hpp"
#include "net/random.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <set>
#include <span>
#include <string_view>

namespace coldvigil {
namespace {

constexpr std::size_t largest_file = 64 << 20; ///< bytes: more than the tokens of 100,000 customers

struct wanted_token {
  std::string owner; ///< "admin" or the customer's code
  std::string level; ///< "read", "write"; empty for admin
  token_record record;
};

std::vector<wanted_token> wanted_tokens(const std::vector<customer_record>& customers) {
  std::vector<wanted_token> out;
  token_record admin;
  admin.name = "demo admin";
  admin.level = permission::admin;
  out.push_back({"admin", "", admin});
  for (const customer_record& customer : customers) {
    for (const auto& [level, held] : {std::pair{"read", permission::read}, std::pair{"write", permission::write}}) {
      token_record record;
      record.name = "demo " + customer.code + " " + level;
      record.customer = customer.id;
      record.level = held;
      out.push_back({customer.code, level, record});
    }
  }
  return out;
}

audit_entry audit_of(const std::string& action, const token_record& token, timestamp now) {
  audit_entry out;
  out.at = now;
  out.customer = token.customer;
  out.actor = engine_name;
  out.action = action;
  out.subject = token.name;
  out.reason = "demo";
  return out;
}

status revoke(store& durable, const token_record& token, timestamp now) {
  const auto done = durable.revoke_tokens(token.name, audit_of("token.revoked", token, now));
  if (!done.ok()) return done.error();
  return nothing{};
}

/// Its text is known to nobody any more, so an older one of the same name ends.
result<std::string> renew(store& durable, token_record& token, timestamp now) {
  if (const auto done = revoke(durable, token, now); !done.ok()) return done.error();
  const std::string text = make_token();
  token.sha256_hex = sha256_hex(text);
  token.created_at = now;
  if (const auto added = durable.add_token(token, audit_of("token.created", token, now)); !added.ok())
    return added.error();
  return text;
}

boost::json::object read_file(const std::string& path) {
  const auto bytes = read_plain_file(path, largest_file);
  if (!bytes.ok()) return {};
  const std::string_view text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  boost::json::error_code error;
  const auto value = boost::json::parse(text, error);
  return !error && value.is_object() ? value.as_object() : boost::json::object{};
}

/// The token's text as the file has it; empty when it has none.
std::string text_in(const boost::json::object& file, const wanted_token& token) {
  const auto* value = file.if_contains(token.owner);
  if (value && !token.level.empty()) value = value->is_object() ? value->as_object().if_contains(token.level) : nullptr;
  return value && value->is_string() ? std::string(value->as_string()) : std::string{};
}

/// Nobody ever reads half a file, and nobody else may read it at all.
status write_private(const std::string& path, const std::string& text) {
  auto done = replace_file(path, std::as_bytes(std::span{text}));
  if (done.ok()) return done;
  return failure{error_code::unavailable, "the demo tokens: " + done.error().what, path,
                 "set demo.tokens_file to a place that can be written"};
}

} // namespace

std::string demo_tokens_path(const std::string& configured, const std::string& store_path) {
  if (!configured.empty()) return configured;
  return (std::filesystem::path(store_path).parent_path() / "tokens.json").string();
}

status ensure_demo_tokens(store& durable, const std::vector<customer_record>& customers, const std::string& path,
                          timestamp now) {
  const auto stored = durable.load_tokens();
  if (!stored.ok()) return stored.error();
  std::set<std::string> known;
  for (const token_record& token : *stored)
    known.insert(token.sha256_hex);
  const boost::json::object before = read_file(path);
  boost::json::object after;
  for (wanted_token& token : wanted_tokens(customers)) {
    std::string text = text_in(before, token);
    if (text.empty() || !known.contains(sha256_hex(text))) {
      auto renewed = renew(durable, token.record, now);
      if (!renewed.ok()) return renewed.error();
      text = std::move(*renewed);
    }
    if (token.level.empty()) {
      after[token.owner] = text;
    } else {
      boost::json::value& levels = after[token.owner];
      if (!levels.is_object()) levels.emplace_object();
      levels.as_object()[token.level] = text;
    }
  }
  return write_private(path, boost::json::serialize(after) + "\n");
}

status end_demo_tokens(store& durable, timestamp now) {
  const auto stored = durable.load_tokens();
  if (!stored.ok()) return stored.error();
  for (const token_record& token : *stored)
    if (is_demo_token(token.name))
      if (const auto done = revoke(durable, token, now); !done.ok()) return done;
  return nothing{};
}

bool is_demo_token(std::string_view name) {
  return name.starts_with("demo ");
}

} // namespace coldvigil
