#pragma once
// Prometheus text format 0.0.4.

#include "net/net_metrics.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace coldvigil {

/// Builds an exposition: a family's head, then its samples.
class metrics_text {
 public:
  /// `type` is "counter", "gauge" or "histogram".
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// A sample of the last family; `suffix` is "", "_bucket", "_sum" or "_count"; `labels` is `a="b",c="d"` or empty.
  void sample(double value, std::string_view labels = {}, std::string_view suffix = {});
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string name_;
};

/// A family of one sample.
void one(metrics_text& out, std::string_view name, std::string_view type, std::string_view help, double value);
void one(metrics_text& out, std::string_view name, std::string_view type, std::string_view help,
         const std::atomic<std::uint64_t>& value);

/// `name="value"`, whatever is in the value.
[[nodiscard]] std::string label(std::string_view name, std::string_view value);

/// `bodies_bytes`: taken now of the room that large bodies share.
[[nodiscard]] std::string render(const net_metrics& metrics, std::size_t bodies_bytes);

} // namespace coldvigil
