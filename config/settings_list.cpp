#include "config/settings_list.hpp"

#include "config/notification_keys.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <array>

namespace coldvigil {
namespace {

constexpr std::array<std::string_view, 3> secret_keys{"store.url", "header_value", "password"};
constexpr std::array<std::string_view, 2> secret_paths{"notifications.heartbeat_url", "channel.url"};

bool among(std::span<const std::string_view> keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

constexpr std::string_view not_shown = "(not shown)";

/// "https://hooks.example.org/..."
std::string without_path(const std::string& address) {
  auto parsed = parse_url(address);
  if (!parsed.ok()) return std::string(not_shown); // of a template
  if (parsed->target != "/") parsed->target = "/...";
  return to_string(*parsed);
}

/// What may be shown of a value.
std::string shown(std::string_view key, const slot& where) {
  const auto* text = std::get_if<std::string*>(&where);
  if (!text || (*text)->empty()) return as_toml(where);
  std::string known = among(secret_keys, key)    ? std::string(not_shown)
                      : among(secret_paths, key) ? without_path(**text)
                                                 : **text;
  return as_toml(&known);
}

/// `kind` is what the keys of blocks are known by among all: "channel.".
template <class Owner>
void add(settings_list& out, std::span<const config_key<Owner>> keys, Owner of, const std::string& kind,
         const std::string& lead, Owner* defaults) {
  for (const config_key<Owner>& key : keys) {
    const slot where = key.at(of);
    if (defaults && as_toml(where) == as_toml(key.at(*defaults))) continue;
    out.insert_or_assign(lead + std::string(key.name), shown(kind + std::string(key.name), where));
  }
}

} // namespace

settings_list list_settings(const settings& of) {
  settings_list out;
  add<settings>(out, setting_keys(), of, "", "", nullptr);
  channel_settings usual_channel;
  for (const channel_settings& each : of.notifications.channels) {
    const std::string lead = "channel." + each.name + ".";
    add(out, notification_keys<channel_settings>(), each, "channel.", lead, &usual_channel);
    std::string hidden(not_shown);
    for (const auto& [name, value] : each.headers)
      out.insert_or_assign(lead + "header." + name, as_toml(&hidden));
  }
  source_settings usual_customer;
  for (const source_settings& each : of.customers)
    add(out, customer_keys(), each, "", "customer." + each.customer_code + ".", &usual_customer);
  return out;
}

} // namespace coldvigil
