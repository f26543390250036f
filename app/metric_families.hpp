#pragma once
// Families of /metrics that are a histogram, or have a sample for each word of an enumeration.

#include "core/metrics.hpp"
#include "net/metrics_text.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace coldvigil {

template <class Enum, std::size_t count>
void by_word(metrics_text& out, std::string_view name, std::string_view type, std::string_view help,
             std::string_view label_name, const std::array<counter, count>& of) {
  out.family(name, type, help);
  for (std::size_t i = 0; i < count; ++i)
    out.sample(static_cast<double>(of[i].load(std::memory_order_relaxed)),
               label(label_name, to_string(static_cast<Enum>(i))));
}

/// `to_seconds` of one of its units: a histogram in milliseconds has 0.001.
void histogram(metrics_text& out, std::string_view name, std::string_view help, const latency_histogram& of,
               double to_seconds = 0.001);

} // namespace coldvigil
