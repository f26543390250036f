#pragma once
// One value of a source's row or object, whatever the format, and what can be made of it.

#include "core/reading.hpp"
#include "core/temperature.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

inline constexpr std::size_t max_code_bytes = 128;
inline constexpr std::size_t max_name_bytes = 256;

/// What stands in one place of a row. Texts are borrowed from the body.
struct cell {
  enum class kind : std::uint8_t { missing, null, number, text, other };
  kind what = kind::missing;
  double number = 0;
  std::string_view text{};
};

/// Without blanks, tabs and line ends around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// A cell as a name or code, at most so many bytes: numbers are written out, null is empty.
[[nodiscard]] std::string text_of(const cell& from, std::size_t max_bytes);

/// A name; nothing when it is empty.
[[nodiscard]] std::optional<std::string> fact(const cell& from);

struct number_or_reason {
  std::optional<double> number{};
  reject_reason reason = reject_reason::bad_value; ///< null_value, non_finite or bad_value when there is no number
};
/// Numbers may come as text. The number is finite.
[[nodiscard]] number_or_reason number_in(const cell& from);

/// A temperature that is not judged (set point, limit).
[[nodiscard]] std::optional<milli_celsius> temperature_fact(const cell& from, temperature_scale scale);

/// The cell's scale, the fallback when it says none, nothing when it cannot be understood.
[[nodiscard]] std::optional<temperature_scale> scale_of(const cell& from, temperature_scale fallback);

} // namespace coldvigil
