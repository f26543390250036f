#pragma once
// The part of a target behind '?', decoded, with typed access that collects what is wrong.

#include "core/time.hpp"
#include "net/problem.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldvigil {

/// "%41+" to "A " ('+' is a blank in queries only). Nothing when a percent sign is not followed by two hex digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);

/// Invalid parameters are remembered in `errors` and read as absent.
class query_string {
 public:
  explicit query_string(std::string_view text);

  [[nodiscard]] std::optional<std::string> text(const std::string& name) const;
  /// Whole number within [low, high].
  [[nodiscard]] std::size_t number(const std::string& name, std::size_t low, std::size_t high, std::size_t otherwise);
  /// A finite number.
  [[nodiscard]] std::optional<double> real(const std::string& name);
  /// RFC 3339 with an offset.
  [[nodiscard]] std::optional<timestamp> time(const std::string& name);
  [[nodiscard]] std::optional<bool> truth(const std::string& name);

  /// What `parse` knows, std::optional as it gives it; `detail` says what that is.
  template <class Parse>
  [[nodiscard]] auto parsed(const std::string& name, Parse&& parse, std::string detail)
      -> decltype(parse(std::string_view())) {
    const auto given = text(name);
    if (!given) return std::nullopt;
    auto out = parse(std::string_view(*given));
    if (!out) reject(name, std::move(detail));
    return out;
  }

  /// Of all parameters that were given, each once.
  [[nodiscard]] std::vector<std::string> names() const;
  void reject(const std::string& name, std::string detail);
  [[nodiscard]] const std::vector<field_error>& errors() const { return errors_; }

 private:
  std::map<std::string, std::string> values_; ///< the first of each name
  std::vector<field_error> errors_;
};

} // namespace coldvigil
