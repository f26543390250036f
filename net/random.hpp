#pragma once
// Randomness for secrets and names.

#include "core/ids.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace coldvigil {

/// Fills the bytes; injected where secrets are made.
using random_source = std::function<void(std::span<std::uint8_t>)>;

/// OpenSSL's generator. Throws std::runtime_error when the system has no entropy: nothing may go on then.
void secure_random(std::span<std::uint8_t> bytes);

/// 256 bits as 64 lower-case hex digits: a bearer token or a ticket.
[[nodiscard]] std::string make_token(const random_source& random = secure_random);
/// A version 4 identifier.
[[nodiscard]] uuid make_uuid(const random_source& random = secure_random);
/// SHA-256 of the text, 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view text);
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

} // namespace coldvigil
