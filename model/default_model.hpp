#pragma once
// The model that ships in the binary (model/default.cvm; docs/model.md says how it was made).

#include <cstddef>
#include <span>

namespace coldvigil {

[[nodiscard]] std::span<const std::byte> default_model();

} // namespace coldvigil
