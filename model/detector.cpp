#include "model/detector.hpp"

#include <utility>

namespace coldvigil {

std::vector<detect_answer> take_states(std::span<detect_request> requests) {
  std::vector<detect_answer> out(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    out[i].verdicts.resize(requests[i].samples.size());
    out[i].state = std::move(requests[i].state);
  }
  return out;
}

} // namespace coldvigil
