#include "app/commands.hpp"
#include "app/open_parts.hpp"
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

result<token_record> record_of(const token_arguments& what, const registry& known, timestamp now) {
  static const std::map<std::string, permission> levels{
      {"read", permission::read}, {"write", permission::write}, {"admin", permission::admin}};
  token_record out;
  out.name = what.name;
  out.level = levels.at(what.level);
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

} // namespace

int create_token(const settings& config, const token_arguments& what) {
  const timestamp now = system_clock{}.now();
  auto durable = open_store(config.store);
  if (!durable.ok()) return fail(durable.error());
  for (const source_settings& customer : config.customers) {
    const auto made =
        durable.value()->ensure_customer(customer.customer_code, customer.customer_name, make_uuid(), now);
    if (!made.ok()) return fail(made.error());
  }
  const auto known = durable.value()->load_registry();
  if (!known.ok()) return fail(known.error());
  auto record = record_of(what, *known, now);
  if (!record.ok()) return fail(record.error());
  const std::string text = make_token();
  record->sha256_hex = sha256_hex(text);
  audit_entry audit;
  audit.at = now;
  audit.customer = record->customer;
  audit.actor = "command line";
  audit.action = "token.created";
  audit.subject = what.name;
  audit.new_value = what.level;
  const auto added = durable.value()->add_token(*record, audit);
  durable.value()->close();
  if (!added.ok()) return fail(added.error());
  std::cout << text << "\n";
  return 0;
}

} // namespace coldvigil
