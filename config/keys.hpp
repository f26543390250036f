#pragma once
// The table of every key: its name, where its value lives, what it may be, what it means. Parsing, `--set` and the
// documented default file are all driven by it.

#include "config/settings.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace coldvigil {

/// One of a few words.
struct choice_slot {
  std::span<const std::string_view> words;
  std::size_t chosen;
  std::function<void(std::size_t)> choose;
};

/// Where a value lives, and by that its type. Durations count in the unit that the key's name ends in.
using slot = std::variant<bool*, double*, std::string*, std::optional<std::string>*, std::optional<double>*, char*,
                          std::uint16_t*, std::uint64_t*, millis*, std::chrono::seconds*, std::chrono::minutes*,
                          std::chrono::hours*, choice_slot>;

/// What a value must be beyond its type and range: a fraction above its lower bound, a text one of the others.
enum class value_rule : std::uint8_t { any, above, required, code, url, zone };

template <class Owner> struct config_key {
  std::string_view name; ///< dotted
  slot (*at)(Owner&);
  std::string_view meaning;
  std::int64_t low = 0, high = 0; ///< of numbers, both inclusive
  value_rule rule = value_rule::any;
};

[[nodiscard]] std::span<const config_key<settings>> setting_keys();
/// Keys inside one [[customer]].
[[nodiscard]] std::span<const config_key<source_settings>> customer_keys();

/// A unit as the file declares it: temperatures in its own scale.
struct declared_unit {
  std::string code, facility;
  std::optional<std::string> name{}, facility_name{}, city{}, country{}, size_unit{};
  std::optional<double> size{}, set_temperature{}, low_limit{}, high_limit{};
  temperature_scale scale = temperature_scale::celsius;
  std::chrono::seconds interval{0};
};
/// Keys inside one [[customer.unit]].
[[nodiscard]] std::span<const config_key<declared_unit>> unit_keys();

/// A value as TOML or an override brings it.
using scalar = std::variant<bool, std::int64_t, double, std::string>;

/// Puts the value in its place, or says why it may not stand there.
[[nodiscard]] std::optional<std::string> assign(const slot& where, value_rule rule, std::int64_t low, std::int64_t high,
                                                const scalar& value);
/// The text of an override as a value of the slot's type; nothing when it is none. Optional slots are not overridden.
[[nodiscard]] std::optional<scalar> scalar_from_text(const slot& where, std::string_view text);
/// "a number from 1 to 65535", "text", "one of sqlite, postgres".
[[nodiscard]] std::string expectation(const slot& where, value_rule rule, std::int64_t low, std::int64_t high);
/// The present value as TOML.
[[nodiscard]] std::string as_toml(const slot& where);

} // namespace coldvigil
