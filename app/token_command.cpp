#include "app/commands.hpp"
#include "app/demo_tokens.hpp"
#include "app/open_parts.hpp"
#include "core/plain_text.hpp"
#include "net/random.hpp"

#include <algorithm>
#include <iostream>
#include <map>

namespace coldvigil {
namespace {

constexpr int wrong_usage = 2;

int fail(const failure& error) {
  std::cerr << "coldvigil token: " << error.text() << "\n";
  return error.code == error_code::invalid_argument || error.code == error_code::not_found ? wrong_usage : 1;
}

const std::map<std::string, permission>& levels() {
  static const std::map<std::string, permission> all{
      {"read", permission::read}, {"write", permission::write}, {"admin", permission::admin}};
  return all;
}

std::string word_of(permission level) {
  for (const auto& [word, held] : levels())
    if (held == level) return word;
  return "";
}

audit_entry audit_of(const token_arguments& what, const std::string& action, timestamp now) {
  audit_entry out;
  out.at = now;
  out.actor = "command line";
  out.action = action;
  out.subject = what.name;
  return out;
}

result<token_record> record_of(const token_arguments& what, const registry& known, timestamp now) {
  if (is_demo_token(what.name))
    return failure{error_code::invalid_argument, "names that begin with \"demo \" are the demo's own", "--name",
                   "take another name"};
  if (auto fault = fault_in_text(what.name, text_form::one_line, most_name_bytes)) // lists are shown on terminals
    return failure{error_code::invalid_argument, "the name cannot be kept: " + *fault, "--name",
                   "take letters, digits, spaces and signs"};
  token_record out;
  out.name = what.name;
  out.level = levels().at(what.level);
  out.created_at = now;
  if (what.days > 0) out.expires_at = now + std::chrono::days{what.days};
  if (what.customer.empty()) {
    if (out.level == permission::admin) return out;
    return failure{error_code::invalid_argument, "a token for all customers must be an admin token", "--customer",
                   "name a customer, or take --permission admin"};
  }
  const auto found = std::find_if(known.customers.begin(), known.customers.end(),
                                  [&](const customer_record& c) { return c.code == what.customer; });
  if (found == known.customers.end())
    return failure{error_code::not_found, "there is no customer \"" + what.customer + "\" in the store", "--customer",
                   "customers come from the configuration: start the server once with theirs"};
  out.customer = found->id;
  return out;
}

status create(store& durable, const settings& config, const token_arguments& what, timestamp now) {
  for (const source_settings& customer : config.customers) {
    const auto made = durable.ensure_customer(customer.customer_code, customer.customer_name, make_uuid(), now);
    if (!made.ok()) return made.error();
  }
  const auto known = durable.load_registry();
  if (!known.ok()) return known.error();
  auto record = record_of(what, *known, now);
  if (!record.ok()) return record.error();
  const std::string text = make_token();
  record->sha256_hex = sha256_hex(text);
  audit_entry audit = audit_of(what, "token.created", now);
  audit.customer = record->customer;
  audit.new_value = what.level;
  if (const auto added = durable.add_token(*record, audit); !added.ok()) return added.error();
  std::cout << text << "\n";
  return nothing{};
}

status list(store& durable) {
  const auto tokens = durable.load_tokens();
  if (!tokens.ok()) return tokens.error();
  const auto known = durable.load_registry();
  if (!known.ok()) return known.error();
  std::map<customer_id, std::string> codes;
  for (const customer_record& customer : known->customers)
    codes[customer.id] = customer.code;
  std::cout << "name\tcustomer\tpermission\tcreated\texpires\n";
  for (const token_record& token : *tokens)
    std::cout << token.name << '\t' << (token.customer ? codes[*token.customer] : "all") << '\t' << word_of(token.level)
              << '\t' << format_utc(token.created_at) << '\t'
              << (token.expires_at ? format_utc(*token.expires_at) : "never") << '\n';
  return nothing{};
}

status revoke(store& durable, const token_arguments& what, timestamp now) {
  const auto ended = durable.revoke_tokens(what.name, audit_of(what, "token.revoked", now));
  if (!ended.ok()) return ended.error();
  if (*ended == 0)
    return failure{error_code::not_found, "there is no token named \"" + what.name + "\"", "--name",
                   "coldvigil token --list shows them"};
  std::cout << "revoked: " << *ended << "\n";
  return nothing{};
}

status manage(const settings& config, const token_arguments& what) {
  if (what.name.empty() && !what.list)
    return failure{error_code::invalid_argument, "the token needs a name", "--name", "say whom or what it is for"};
  auto durable = open_store(config.store);
  if (!durable.ok()) return durable.error();
  const timestamp now = system_clock{}.now();
  store& in = **durable;
  auto done = what.list ? list(in) : what.revoke ? revoke(in, what, now) : create(in, config, what, now);
  in.close();
  return done;
}

} // namespace

int manage_tokens(const settings& config, const token_arguments& what) {
  const auto done = manage(config, what);
  return done.ok() ? 0 : fail(done.error());
}

} // namespace coldvigil
