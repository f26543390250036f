#include "model/default_model.hpp"

extern "C" {
extern const std::byte coldvigil_default_model_begin[];
extern const std::byte coldvigil_default_model_end[];
}

namespace coldvigil {

std::span<const std::byte> default_model() {
  return {coldvigil_default_model_begin, coldvigil_default_model_end};
}

} // namespace coldvigil
