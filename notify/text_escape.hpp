#pragma once
// Text inside other text: nothing that is inserted can end what surrounds it.

#include <cstddef>
#include <string>
#include <string_view>

namespace coldvigil {

/// The inside of a JSON string; what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_escaped(std::string_view text);
/// Control characters become blanks: fit for a header or a subject.
[[nodiscard]] std::string one_line(std::string_view text);
/// At most `most` bytes, never half a character; "…" shows that something is missing.
[[nodiscard]] std::string cut(std::string_view text, std::size_t most);
[[nodiscard]] std::string base64(std::string_view bytes);

} // namespace coldvigil
