#pragma once
#include "core/admission_gate.hpp"
#include "core/metrics.hpp"

#include <string>

namespace coldvigil {

/// What the engine counts, in Prometheus text.
[[nodiscard]] std::string engine_metrics_text(const engine_metrics& metrics, const admission_gate& gate);

} // namespace coldvigil
