#include "notify/secrets.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace coldvigil {
namespace {

std::string hex_of(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

} // namespace

std::string sha256_of(std::string_view text) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 failed");
  return hex_of(std::span(digest).first(size));
}

std::string hmac_sha256_of(std::string_view secret, std::string_view text) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size) == nullptr)
    throw std::runtime_error("HMAC-SHA-256 failed");
  return hex_of(std::span(digest).first(size));
}

std::string make_link_secret(const secret_source& random) {
  std::array<std::uint8_t, 32> bytes{};
  random(bytes);
  return hex_of(bytes);
}

std::string without_secret(std::string_view text, std::string_view secret) {
  constexpr std::size_t shortest = 8; // fewer digits are by chance, and give nothing away
  std::string out;
  while (!text.empty()) {
    const auto differ = std::mismatch(text.begin(), text.end(), secret.begin(), secret.end());
    const auto same = static_cast<std::size_t>(differ.first - text.begin());
    out += same >= shortest ? std::string_view("(secret)") : text.substr(0, 1);
    text.remove_prefix(same >= shortest ? same : 1);
  }
  return out;
}

} // namespace coldvigil
