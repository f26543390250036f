#pragma once
#include <string>

namespace coldvigil {

/// "0.1.0": of the CMake project.
[[nodiscard]] std::string program_version();

} // namespace coldvigil
