#pragma once
// Serves the dashboard's files: the best coding that the client takes, an entity tag per coding, caching by name.

#include "net/assets.hpp"
#include "net/http_handler.hpp"

#include <string_view>

namespace coldvigil {

enum class coding { identity, gzip, brotli };

/// The smallest coding that Accept-Encoding allows among those that the asset has; "q=0" forbids one.
[[nodiscard]] coding choose_coding(std::string_view accept_encoding, bool has_gzip, bool has_brotli);
/// True when If-None-Match names this tag, weakly compared, or is "*".
[[nodiscard]] bool tag_matches(std::string_view if_none_match, std::string_view tag);

[[nodiscard]] http_answer answer_asset(const asset& file, const http_request& request);

} // namespace coldvigil
