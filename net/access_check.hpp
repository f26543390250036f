#pragma once
// Who asks, and whether he may.

#include "net/api.hpp"
#include "net/router.hpp"

#include <optional>
#include <string_view>

namespace coldvigil {

/// The holder of the request's bearer token; nothing without a valid one.
[[nodiscard]] std::optional<identity> identify(const http_request& request, const token_book& tokens, timestamp now);

/// As people name it.
[[nodiscard]] std::string_view to_string(permission level);

[[nodiscard]] http_answer unauthorised();
[[nodiscard]] http_answer forbidden(std::string_view needed);

/// The refusal, when the holder may not use a route that needs this. Where a token is optional, a wrong one is refused
/// all the same: its sender believes to be somebody.
[[nodiscard]] std::optional<http_answer> refuse_access(access needs, const http_request& request,
                                                       const std::optional<identity>& who, bool demo_mode);

} // namespace coldvigil
