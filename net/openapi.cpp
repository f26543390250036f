#include "net/openapi.hpp"

extern "C" {
extern const char coldvigil_openapi_begin[];
extern const char coldvigil_openapi_end[];
}

namespace coldvigil {

std::string_view openapi_text() {
  return {coldvigil_openapi_begin, static_cast<std::size_t>(coldvigil_openapi_end - coldvigil_openapi_begin)};
}

} // namespace coldvigil
