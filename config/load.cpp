// From TOML and overrides to settings, collecting every problem on the way.
#include "config/read_notifications.hpp"
#include "config/table_reader.hpp"

#include <arpa/inet.h>
#include <fstream>
#include <set>

namespace coldvigil {
namespace {

constexpr std::size_t max_file_bytes = 32 * 1024 * 1024; // 200,000 declared units
constexpr std::size_t max_problems = 20;
constexpr std::size_t max_customers = 10'000;
constexpr std::size_t max_units = 1'000'000; ///< declared for one customer

class loader : table_reader {
 public:
  explicit loader(const std::string& origin) : table_reader(origin), notifications_(*this) {}

  void read(const toml::table& root);
  void apply(const std::string& override_text);
  [[nodiscard]] std::string place_of(std::string_view name) const;
  void check_store();
  void check_network();
  void check_simulation();
  result<settings> finish();

 private:
  void read_customer(const toml::table& table);
  void read_unit(const toml::table& table, const std::string& customer_label, source_settings& customer,
                 std::set<std::string, std::less<>>& codes);
  void check_customer(const source_settings& customer, const std::string& label, const places& set,
                      const std::string& where);

  settings settings_;
  places set_;
  places codes_; ///< of the customers, and where each stands
  notification_reader notifications_;
};

void loader::read(const toml::table& root) {
  read_table<settings>({settings_, setting_keys(), "", set_}, root, "",
                       [this](const std::string& name, const toml::node& node) {
                         if (notifications_.take(name, node, settings_.notifications)) return true;
                         if (name != "customer") return false;
                         if (const auto* list = tables_of(node, "customer", max_customers))
                           for (const auto& item : *list)
                             read_customer(*item.as_table());
                         return true;
                       });
}

void loader::read_customer(const toml::table& table) {
  const std::string label = "customer[" + std::to_string(settings_.customers.size() + 1) + "].";
  places set;
  source_settings customer;
  std::set<std::string, std::less<>> unit_codes;
  const auto take_units = [&](const std::string& name, const toml::node& node) {
    if (name != "unit") return false;
    if (const auto* list = tables_of(node, "customer.unit", max_units))
      for (const auto& item : *list)
        read_unit(*item.as_table(), label, customer, unit_codes);
    return true;
  };
  read_table<source_settings>({customer, customer_keys(), label, set}, table, "", take_units);
  check_customer(customer, label, set, place(table.source()));
  if (customer.customer_name.empty()) customer.customer_name = customer.customer_code;
  settings_.customers.push_back(std::move(customer));
}

void loader::read_unit(const toml::table& table, const std::string& customer_label, source_settings& customer,
                       std::set<std::string, std::less<>>& codes) {
  const std::string label = customer_label + "unit[" + std::to_string(customer.units.size() + 1) + "].";
  const std::string where = place(table.source());
  places set;
  declared_unit unit;
  read_table<declared_unit>({unit, unit_keys(), label, set}, table, "", {});
  for (const char* name : {"code", "facility"})
    if (!set.contains(name)) report(label + name + " is missing", where);
  if (set.contains("code") && !codes.insert(unit.code).second)
    report(label + "code '" + unit.code + "' is used by another unit of the customer", set["code"]);
  const auto convert = [&](const char* name, const std::optional<double>& number) {
    const auto value = number ? to_milli_celsius(*number, unit.scale) : std::nullopt;
    if (number && !value) report(label + name + " is no plausible temperature", set[name]);
    return value;
  };
  unit_description out;
  out.facility_code = unit.facility;
  out.unit_code = unit.code;
  out.facility_name = unit.facility_name;
  out.city = unit.city;
  out.country = unit.country;
  out.unit_name = unit.name;
  out.size_unit = unit.size_unit;
  out.size_value = unit.size;
  out.scale = unit.scale;
  out.interval = unit.interval;
  out.set_point = convert("set_temperature", unit.set_temperature);
  const auto low = convert("low_limit", unit.low_limit);
  const auto high = convert("high_limit", unit.high_limit);
  if (low && high) out.own_limits = limits{*low, *high};
  if (unit.low_limit.has_value() != unit.high_limit.has_value())
    report(label + "low_limit and high_limit go together", where);
  if (low && high && *low >= *high) report(label + "low_limit is not below high_limit", set["low_limit"]);
  customer.units.push_back(std::move(out));
}

void loader::check_customer(const source_settings& customer, const std::string& label, const places& set,
                            const std::string& where) {
  const auto at = [&](std::string_view name) {
    const auto found = set.find(name);
    return found == set.end() ? where : found->second;
  };
  if (!set.contains("code"))
    report(label + "code is missing", where, "give the customer a short unique name");
  else if (!codes_.emplace(customer.customer_code, at("code")).second)
    report(label + "code '" + customer.customer_code + "' is used by another customer", at("code"));
  if (customer.fields.format == time_format::pattern && customer.fields.pattern.empty())
    report(label + "fields.time_pattern is missing", at("fields.time_format"), "time_format = \"pattern\" needs one");
  if (customer.header_name.empty() != customer.header_value.empty())
    report(label + "header_name and header_value go together", at("header_name"));
  if (customer.user.empty() && !customer.password.empty())
    report(label + "password is set without user", at("password"));
  if (!customer.user.empty() && !customer.header_name.empty())
    report(label + "user and header_name exclude each other", at("user"), "use one kind of credentials");
  const auto breaks_line = [](char c) { return static_cast<unsigned char>(c) < ' '; };
  if (std::ranges::any_of(customer.header_name + customer.header_value, breaks_line))
    report(label + "header_name or header_value has a control character", at("header_value"));
  if (customer.units.size() > customer.max_units)
    report(label + "max_units is smaller than the number of declared units", at("max_units"));
  if (customer.url.empty() && customer.register_units)
    report(label + "register_units needs a url", at("register_units"),
           "it is for polled endpoints; who posts readings declares the units with [[customer.unit]]");
  if (customer.url.empty() && !(customer.history_url.empty() && customer.directory_url.empty()))
    report(label + "url is missing", where, "history_url and directory_url are asked beside it");
}

void loader::apply(const std::string& override_text) {
  const std::string where = "--set " + override_text.substr(0, override_text.find('='));
  const std::size_t equals = override_text.find('=');
  if (equals == std::string::npos) return report("an override is not of the form key=value", where);
  const std::string name = override_text.substr(0, equals);
  const target<settings> into{settings_, setting_keys(), "", set_};
  const auto* key = find_key(into.keys, name);
  if (!key) return unknown(into, name, where);
  const slot value_slot = key->at(settings_);
  const auto value = scalar_from_text(value_slot, std::string_view(override_text).substr(equals + 1));
  const auto reason = value ? assign(value_slot, key->rule, key->low, key->high, *value)
                            : "must be " + expectation(value_slot, key->rule, key->low, key->high);
  if (reason) report(name + ' ' + *reason, where);
  set_[name] = where;
}

/// Of IPv4 or IPv6.
bool is_address(const std::string& text) {
  in6_addr ignored;
  return inet_pton(AF_INET, text.c_str(), &ignored) == 1 || inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

std::string loader::place_of(std::string_view name) const {
  const auto found = set_.find(name);
  return found == set_.end() ? origin() : found->second;
}

void loader::check_store() {
  const std::string& url = settings_.store.url;
  if (settings_.store.kind == store_kind::postgres && url.empty())
    report("store.url is missing", place_of("store.kind"), "store.kind = \"postgres\" needs the database's URI");
  if (!url.empty() && !url.starts_with("postgresql://") && !url.starts_with("postgres://") &&
      url.find('=') == std::string::npos)
    report("store.url is no connection to PostgreSQL", place_of("store.url"),
           "for example postgresql://user@host/coldvigil");
}

void loader::check_network() {
  for (const auto& [name, address] : {std::pair("server.address", &settings_.server.address),
                                      std::pair("simulation.address", &settings_.simulation.address)})
    if (!is_address(*address))
      report(std::string(name) + " '" + *address + "' is no IP address", place_of(name), "for example 127.0.0.1");
  if (settings_.ingestion.backoff_max < settings_.ingestion.backoff_initial)
    report("ingestion.backoff_max_ms is smaller than ingestion.backoff_initial_ms",
           place_of("ingestion.backoff_max_ms"));
  for (const auto& [name, room] :
       {std::pair("server.max_bodies_bytes", settings_.server.max_bodies_bytes),
        std::pair("server.max_bodies_bytes_per_customer", settings_.server.max_bodies_bytes_per_customer)})
    if (room < settings_.server.max_body_bytes)
      report(std::string(name) + " is smaller than server.max_body_bytes", place_of(name),
             "a post of that size would never be taken");
}

void loader::check_simulation() {
  if (!settings_.simulation.enabled) return;
  for (const auto& [code, where] : codes_)
    if (code.size() == 1 && simulated_customer_codes.find(code.front()) != std::string_view::npos)
      report("the customer code '" + code + "' is a simulated customer's", where,
             "give the customer another code, or set simulation.enabled = false");
}

result<settings> loader::finish() {
  check_store();
  check_network();
  check_simulation();
  notifications_.check(settings_.notifications, set_);
  if (problems().empty()) return std::move(settings_);
  if (problems().size() == 1) return problems().front();
  std::string text;
  for (std::size_t i = 0; i < std::min(problems().size(), max_problems); ++i)
    text += (i == 0 ? "" : "\n") + problems()[i].text();
  if (problems().size() > max_problems) text += "\nand " + std::to_string(problems().size() - max_problems) + " more";
  return failure{error_code::invalid_argument, std::move(text)};
}

} // namespace

result<settings> parse_settings(std::string_view toml_text, const std::string& origin,
                                std::span<const std::string> overrides) {
  loader work(origin);
  try {
    work.read(toml::parse(toml_text, origin));
  } catch (const toml::parse_error& error) {
    return failure{error_code::invalid_argument, std::string(error.description()),
                   origin + " line " + std::to_string(error.source().begin.line), "the file is not valid TOML"};
  }
  for (const auto& text : overrides)
    work.apply(text);
  return work.finish();
}

result<settings> load_settings(const std::string& path, std::span<const std::string> overrides) {
  if (path.empty()) return parse_settings("", "the defaults", overrides);
  std::ifstream file(path, std::ios::binary);
  std::string text(max_file_bytes + 1, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof())
    return failure{error_code::not_found, "the configuration file cannot be read", path,
                   "check the path given to --config"};
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > max_file_bytes)
    return failure{error_code::limit, "the configuration file is larger than 32 MiB", path,
                   "let the endpoints' own lists register the units"};
  return parse_settings(text, path, overrides);
}

} // namespace coldvigil
