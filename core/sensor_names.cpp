#include "core/sensor_names.hpp"

namespace coldvigil {

void learn(sensor_names& names, const std::vector<new_sensor>& fresh) {
  for (const auto& [index, name] : fresh) {
    if (index == 0) continue;
    if (names.size() < index) names.resize(index);
    names[index - 1u] = name;
  }
}

std::string_view name_of(const sensor_names& names, std::uint8_t index) {
  if (index == 0 || index > names.size()) return {};
  return names[index - 1u];
}

} // namespace coldvigil
