#include "net/json_writer.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace coldvigil {
namespace {

/// Length of the well-formed UTF-8 sequence at the front of `text`, 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0; // surrogates
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

void append_control(std::string& out, unsigned char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u00";
  out += digits[c >> 4];
  out += digits[c & 15];
}

template <class Number> void append_number(std::string& out, Number number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

} // namespace

void json_writer::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

json_writer& json_writer::begin_object() {
  separate();
  out_ += '{';
  return *this;
}
json_writer& json_writer::end_object() {
  out_ += '}';
  return *this;
}
json_writer& json_writer::begin_array() {
  separate();
  out_ += '[';
  return *this;
}
json_writer& json_writer::end_array() {
  out_ += ']';
  return *this;
}
json_writer& json_writer::key(std::string_view name) {
  value(name);
  out_ += ':';
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  separate();
  out_ += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    std::size_t length = sequence_length(text);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += static_cast<char>(c);
    } else if (c < 0x20) {
      append_control(out_, c);
    } else if (length == 0) {
      out_ += "\xEF\xBF\xBD";
      length = 1;
    } else {
      out_.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  out_ += '"';
  return *this;
}

json_writer& json_writer::value(bool truth) {
  return raw(truth ? "true" : "false");
}

json_writer& json_writer::value(double number) {
  separate();
  append_number(out_, number);
  return *this;
}

json_writer& json_writer::value(float number) {
  separate();
  append_number(out_, number);
  return *this;
}

json_writer& json_writer::thousandths(milli_celsius value) {
  if (value == no_temperature) return null();
  separate();
  if (value < 0) out_ += '-';
  const std::uint32_t size = value < 0 ? 0u - static_cast<std::uint32_t>(value) : static_cast<std::uint32_t>(value);
  out_ += std::to_string(size / 1000);
  if (const std::uint32_t rest = size % 1000; rest != 0) {
    std::string fraction = std::to_string(1000 + rest);
    fraction[0] = '.';
    while (fraction.back() == '0')
      fraction.pop_back();
    out_ += fraction;
  }
  return *this;
}

json_writer& json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

} // namespace coldvigil
