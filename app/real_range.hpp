#pragma once
// Options that are no whole numbers.

#include <CLI/CLI.hpp>

namespace coldvigil {

/// From `low` to `high`. CLI::Range alone takes a NaN for one of them.
[[nodiscard]] CLI::Validator real_range(double low, double high);

} // namespace coldvigil
