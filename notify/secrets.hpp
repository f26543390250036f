#pragma once
// Hashes, signatures and the secrets of links.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace coldvigil {

/// Fills the bytes with randomness fit for secrets; injected.
using secret_source = std::function<void(std::span<std::uint8_t>)>;

/// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_of(std::string_view text);
[[nodiscard]] std::string hmac_sha256_of(std::string_view secret, std::string_view text);
/// 256 random bits as 64 lower-case hex digits.
[[nodiscard]] std::string make_link_secret(const secret_source& random);

/// The text without the secret, or the beginning of one that was cut off, so that it can be kept and shown.
[[nodiscard]] std::string without_secret(std::string_view text, std::string_view secret);

} // namespace coldvigil
