#pragma once
// Families of /metrics that have one sample or are a histogram.

#include "core/metrics.hpp"
#include "net/metrics_text.hpp"

#include <string_view>

namespace coldvigil {

void one(metrics_text& out, std::string_view name, std::string_view type, std::string_view help, double value);
void one(metrics_text& out, std::string_view name, std::string_view type, std::string_view help, const counter& value);

/// `to_seconds` of one of its units: a histogram in milliseconds has 0.001.
void histogram(metrics_text& out, std::string_view name, std::string_view help, const latency_histogram& of,
               double to_seconds = 0.001);

} // namespace coldvigil
