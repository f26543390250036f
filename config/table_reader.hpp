#pragma once
// From a TOML table to the slots of a table of keys, collecting every problem on the way. For sources of config/ only.

#include "config/keys.hpp"
#include "config/nearest.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

/// Where each key of one table was set, for messages about keys that contradict each other.
using places = std::map<std::string, std::string, std::less<>>;

using list_taker = std::function<bool(const std::string& name, const toml::node& node)>;

template <class Owner>
const config_key<Owner>* find_key(std::span<const config_key<Owner>> keys, std::string_view name) {
  const auto found = std::ranges::find(keys, name, &config_key<Owner>::name);
  return found == keys.end() ? nullptr : &*found;
}

class table_reader {
 public:
  explicit table_reader(std::string origin) : origin_(std::move(origin)) {}

  template <class Owner> struct target {
    Owner& owner;
    std::span<const config_key<Owner>> keys;
    std::string label; ///< before a key's name in messages: "" or "customer[2]."
    places& set;
  };

  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] const std::vector<failure>& problems() const { return problems_; }
  [[nodiscard]] std::string place(const toml::source_region& region) const {
    return origin_ + " line " + std::to_string(region.begin.line);
  }
  void report(std::string what, std::string where, std::string hint = {}) {
    problems_.push_back({error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)});
  }
  /// `take_list` is offered every key of the outermost table first and says whether it was its own.
  template <class Owner>
  void read_table(const target<Owner>& into, const toml::table& table, const std::string& prefix,
                  const list_taker& take_list);
  template <class Owner> void unknown(const target<Owner>& into, const std::string& name, const std::string& where);
  /// The list of tables, or nothing and a report.
  const toml::array* tables_of(const toml::node& node, const std::string& name, std::size_t most);

 private:
  template <class Owner> void read_value(const target<Owner>& into, const std::string& name, const toml::node& node);

  const std::string origin_;
  std::vector<failure> problems_;
};

/// Where the key was set, or the whole table.
[[nodiscard]] inline std::string place_of(const places& set, std::string_view name, const std::string& otherwise) {
  const auto found = set.find(name);
  return found == set.end() ? otherwise : found->second;
}

template <class Owner> bool is_group(std::span<const config_key<Owner>> keys, const std::string& name) {
  return std::ranges::any_of(keys, [&](const auto& known) { return known.name.starts_with(name + '.'); });
}

inline std::optional<scalar> scalar_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  return std::nullopt;
}

template <class Owner>
void table_reader::unknown(const target<Owner>& into, const std::string& name, const std::string& where) {
  std::vector<std::string> known;
  for (const auto& key : into.keys)
    known.emplace_back(key.name);
  const std::string near = nearest_name(name, known);
  report(into.label + name + " is no known key", where,
         near.empty() ? "config/coldvigil.toml lists every key" : "did you mean " + into.label + near + "?");
}

template <class Owner>
void table_reader::read_value(const target<Owner>& into, const std::string& name, const toml::node& node) {
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
void table_reader::read_table(const target<Owner>& into, const toml::table& table, const std::string& prefix,
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

inline const toml::array* table_reader::tables_of(const toml::node& node, const std::string& name, std::size_t most) {
  const auto* list = node.as_array();
  if (!list || !list->is_homogeneous<toml::table>()) {
    report(name + " is not a list of tables", place(node.source()), "begin each with [[" + name + "]]");
    return nullptr;
  }
  if (list->size() <= most) return list;
  report("there are more than " + std::to_string(most) + " of " + name, place(node.source()));
  return nullptr;
}

} // namespace coldvigil
