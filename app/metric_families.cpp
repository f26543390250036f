#include "app/metric_families.hpp"

#include <cstdio>

namespace coldvigil {

void histogram(metrics_text& out, std::string_view name, std::string_view help, const latency_histogram& of,
               double to_seconds) {
  out.family(name, "histogram", help);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < latency_histogram::bounds_ms.size(); ++i) {
    total += of.count(i);
    char bound[32];
    std::snprintf(bound, sizeof bound, "le=\"%g\"", latency_histogram::bounds_ms[i] * to_seconds);
    out.sample(static_cast<double>(total), bound, "_bucket");
  }
  total += of.count(latency_histogram::bounds_ms.size());
  out.sample(static_cast<double>(total), "le=\"+Inf\"", "_bucket");
  out.sample(of.sum_ms() * to_seconds, {}, "_sum");
  out.sample(static_cast<double>(total), {}, "_count");
}

} // namespace coldvigil
