#include "app/real_range.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

namespace coldvigil {
namespace {

std::string not_a_nan(const std::string& text) {
  return std::isnan(std::strtod(text.c_str(), nullptr)) ? "not a number" : "";
}

} // namespace

CLI::Validator real_range(double low, double high) {
  return CLI::Range(low, high) & CLI::Validator(not_a_nan, "");
}

} // namespace coldvigil
