// From TOML and overrides to settings, collecting every problem on the way.
#include "config/keys.hpp"
#include "config/nearest.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <set>

namespace coldvigil {
namespace {

constexpr std::size_t max_file_bytes = 4 * 1024 * 1024;
constexpr std::size_t max_problems = 20;
constexpr std::size_t max_customers = 10'000;
constexpr std::size_t max_units = 1'000'000; ///< declared for one customer

/// Where each key of one table was set, for messages about keys that contradict each other.
using places = std::map<std::string, std::string, std::less<>>;

using list_taker = std::function<bool(const std::string& name, const toml::node& node)>;

class loader {
 public:
  explicit loader(std::string origin) : origin_(std::move(origin)) {}

  void read(const toml::table& root);
  void apply(const std::string& override_text);
  void check_store();
  result<settings> finish();

 private:
  template <class Owner> struct target {
    Owner& owner;
    std::span<const config_key<Owner>> keys;
    std::string label; ///< before a key's name in messages: "" or "customer[2]."
    places& set;
  };

  std::string place(const toml::source_region& region) const {
    return origin_ + " line " + std::to_string(region.begin.line);
  }
  void report(std::string what, std::string where, std::string hint = {}) {
    problems_.push_back({error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)});
  }
  /// `take_list` is offered every key of the outermost table first and says whether it was its own.
  template <class Owner>
  void read_table(const target<Owner>& into, const toml::table& table, const std::string& prefix,
                  const list_taker& take_list);
  template <class Owner> void read_value(const target<Owner>& into, const std::string& name, const toml::node& node);
  template <class Owner> void unknown(const target<Owner>& into, const std::string& name, const std::string& where);
  const toml::array* tables_of(const toml::node& node, const std::string& name, std::size_t most);
  void read_customer(const toml::table& table);
  void read_unit(const toml::table& table, const std::string& customer_label, source_settings& customer,
                 std::set<std::string, std::less<>>& codes);
  void check_customer(const source_settings& customer, const std::string& label, const places& set,
                      const std::string& where);

  std::string origin_;
  settings settings_;
  places set_;
  std::set<std::string, std::less<>> codes_;
  std::vector<failure> problems_;
};

template <class Owner>
const config_key<Owner>* find_key(std::span<const config_key<Owner>> keys, std::string_view name) {
  const auto found = std::ranges::find(keys, name, &config_key<Owner>::name);
  return found == keys.end() ? nullptr : &*found;
}

template <class Owner> bool is_group(std::span<const config_key<Owner>> keys, const std::string& name) {
  return std::ranges::any_of(keys, [&](const auto& known) { return known.name.starts_with(name + '.'); });
}

std::optional<scalar> scalar_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  return std::nullopt;
}

template <class Owner>
void loader::unknown(const target<Owner>& into, const std::string& name, const std::string& where) {
  std::vector<std::string> known;
  for (const auto& key : into.keys)
    known.emplace_back(key.name);
  const std::string near = nearest_name(name, known);
  report(into.label + name + " is no known key", where,
         near.empty() ? "config/coldvigil.toml lists every key" : "did you mean " + into.label + near + "?");
}

template <class Owner>
void loader::read_value(const target<Owner>& into, const std::string& name, const toml::node& node) {
  const std::string where = place(node.source());
  const auto* key = find_key(into.keys, name);
  if (!key) return unknown(into, name, where);
  const slot value_slot = key->at(into.owner);
  const auto value = scalar_of(node);
  const auto reason = value ? assign(value_slot, key->rule, key->low, key->high, *value)
                            : "must be " + expectation(value_slot, key->rule, key->low, key->high);
  if (reason) report(into.label + name + ' ' + *reason, where);
  into.set[name] = where;
}

template <class Owner>
void loader::read_table(const target<Owner>& into, const toml::table& table, const std::string& prefix,
                        const list_taker& take_list) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (prefix.empty() && take_list && take_list(name, node)) continue;
    const auto* inner = node.as_table();
    if (inner && is_group(into.keys, name))
      read_table(into, *inner, name + '.', take_list);
    else if (inner)
      unknown(into, name, place(node.source()));
    else
      read_value(into, name, node);
  }
}

void loader::read(const toml::table& root) {
  read_table<settings>({settings_, setting_keys(), "", set_}, root, "",
                       [this](const std::string& name, const toml::node& node) {
                         if (name != "customer") return false;
                         if (const auto* list = tables_of(node, "customer", max_customers))
                           for (const auto& item : *list)
                             read_customer(*item.as_table());
                         return true;
                       });
}

/// The list of tables, or nothing and a report.
const toml::array* loader::tables_of(const toml::node& node, const std::string& name, std::size_t most) {
  const auto* list = node.as_array();
  if (!list || !list->is_homogeneous<toml::table>()) {
    report(name + " is not a list of tables", place(node.source()), "begin each with [[" + name + "]]");
    return nullptr;
  }
  if (list->size() <= most) return list;
  report("there are more than " + std::to_string(most) + " of " + name, place(node.source()));
  return nullptr;
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
  else if (!codes_.insert(customer.customer_code).second)
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

void loader::check_store() {
  const auto at = [&](std::string_view name) {
    const auto found = set_.find(name);
    return found == set_.end() ? origin_ : found->second;
  };
  if (settings_.store.kind == store_kind::postgres && settings_.store.url.empty())
    report("store.url is missing", at("store.kind"), "store.kind = \"postgres\" needs the database's URI");
  if (settings_.ingestion.backoff_max < settings_.ingestion.backoff_initial)
    report("ingestion.backoff_max_ms is smaller than ingestion.backoff_initial_ms", at("ingestion.backoff_max_ms"));
}

result<settings> loader::finish() {
  check_store();
  if (problems_.empty()) return std::move(settings_);
  if (problems_.size() == 1) return problems_.front();
  std::string text;
  for (std::size_t i = 0; i < std::min(problems_.size(), max_problems); ++i)
    text += (i == 0 ? "" : "\n") + problems_[i].text();
  if (problems_.size() > max_problems) text += "\nand " + std::to_string(problems_.size() - max_problems) + " more";
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
    return failure{error_code::limit, "the configuration file is larger than 4 MiB", path};
  return parse_settings(text, path, overrides);
}

} // namespace coldvigil
