#include "app/coldvigil_version.hpp"

namespace coldvigil {

std::string program_version() {
  return COLDVIGIL_VERSION;
}

} // namespace coldvigil
