#pragma once
// What a request to a simulated endpoint asks for, taken apart and checked.

#include "core/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace coldvigil::sim {

struct query {
  std::string path; ///< percent-decoded
  std::map<std::string, std::string> parameters;

  [[nodiscard]] const std::string* find(const std::string& name) const;
};

[[nodiscard]] query parse_target(std::string_view target);

/// `otherwise` when the parameter is missing; a failure that names the range when it is no number inside it.
[[nodiscard]] result<double> number_of(const query& from, const std::string& name, double otherwise, double low,
                                       double high);
/// The same for whole numbers.
[[nodiscard]] result<double> whole_number_of(const query& from, const std::string& name, double otherwise, double low,
                                             double high);

/// "hours must be a number from 0 to 744"
[[nodiscard]] failure out_of_range(const std::string& name, double low, double high);

/// What a stranger sent, safe to repeat in an answer: short, and nothing but visible ASCII.
[[nodiscard]] std::string shown(std::string_view text);

} // namespace coldvigil::sim
