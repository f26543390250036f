#pragma once
// Packing and unpacking of bytes. Reading never goes beyond the end: what is missing or too large is a damaged_bytes.

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace coldvigil::db {

class damaged_bytes : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class byte_writer {
 public:
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
  /// 7 bits a byte, lowest first; small numbers are short.
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  /// Small in either direction is short.
  void signed_number(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void real(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8)
      byte(static_cast<std::uint8_t>(bits >> shift));
  }
  /// 8 bytes, highest first.
  void fixed(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
      byte(static_cast<std::uint8_t>(value >> shift));
  }
  void raw(std::string_view bytes) { out_ += bytes; }
  void text(std::string_view value) {
    number(value.size());
    raw(value);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] bool at_end() const { return left_.empty(); }
  [[nodiscard]] std::uint8_t byte() { return static_cast<std::uint8_t>(take(1).front()); }
  [[nodiscard]] std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      if (shift == 63 && next > 1) break;
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if ((next & 0x80) == 0) return value;
    }
    throw damaged_bytes("a number that is too long");
  }
  [[nodiscard]] std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  [[nodiscard]] float real() {
    std::uint32_t bits = 0;
    for (unsigned shift = 0; shift < 32; shift += 8)
      bits |= static_cast<std::uint32_t>(byte()) << shift;
    return std::bit_cast<float>(bits);
  }
  [[nodiscard]] std::string text() { return std::string(take(number())); }
  /// How many elements follow, each at least `smallest` bytes long: never more than there can be.
  [[nodiscard]] std::size_t count(std::size_t smallest) {
    const std::uint64_t value = number();
    if (value > left_.size() / smallest) throw damaged_bytes("more elements than bytes");
    return static_cast<std::size_t>(value);
  }
  [[nodiscard]] std::string_view take(std::uint64_t size) {
    if (size > left_.size()) throw damaged_bytes("cut short");
    const auto out = left_.substr(0, static_cast<std::size_t>(size));
    left_.remove_prefix(static_cast<std::size_t>(size));
    return out;
  }

 private:
  std::string_view left_;
};

} // namespace coldvigil::db
