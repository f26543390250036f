#pragma once
// Writes JSON straight into a string: the live feed renders tens of thousands of items a second, a document tree of
// them would cost more than the rest of the way.

#include "core/ids.hpp"
#include "core/temperature.hpp"
#include "core/time.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

class json_writer {
 public:
  explicit json_writer(std::string& out) : out_(out) {}

  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);

  /// Bytes that are not UTF-8 become U+FFFD.
  json_writer& value(std::string_view text);
  json_writer& value(const std::string& text) { return value(std::string_view(text)); }
  json_writer& value(const char* text) { return value(std::string_view(text)); }
  json_writer& value(bool truth);
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) json_writer& value(Number number) { return raw(std::to_string(number)); }
  /// Not finite becomes null.
  json_writer& value(double number);
  json_writer& value(float number);
  json_writer& value(timestamp at) { return value(std::string_view(format_utc(at))); }
  json_writer& value(const uuid& id) { return value(std::string_view(to_string(id))); }
  json_writer& null() { return raw("null"); }
  template <class T> json_writer& value(const std::optional<T>& maybe) { return maybe ? value(*maybe) : null(); }
  /// Thousandths as a decimal number, exactly.
  json_writer& thousandths(milli_celsius value);
  /// Text that is JSON already.
  json_writer& raw(std::string_view json);

  template <class T> json_writer& member(std::string_view name, const T& content) { return key(name).value(content); }

 private:
  void separate();
  std::string& out_;
};

} // namespace coldvigil
