#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coldvigil {

/// Fills "{hours}" (a decimal number, shortest form), "{unit}" (percent-encoded) and "{limit}" into a source's URL.
[[nodiscard]] std::string fill_url(std::string_view url_template, double hours, std::string_view unit,
                                   std::size_t limit);

} // namespace coldvigil
