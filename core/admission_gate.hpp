#pragma once
// The one admission gate: bounds how many readings are between their receipt and their commit. CAF's mailboxes have no
// bound of their own, so the bound stands in front of them.

#include <atomic>
#include <cstddef>

namespace coldvigil {

/// Thread-safe.
class admission_gate {
 public:
  explicit admission_gate(std::size_t capacity) : capacity_(capacity) {}

  /// Takes all n or none. A demand larger than the whole capacity is let in alone, or it would never be served.
  [[nodiscard]] bool try_take(std::size_t n) {
    std::size_t taken = taken_.load(std::memory_order_relaxed);
    while (taken == 0 || taken + n <= capacity_) {
      if (taken_.compare_exchange_weak(taken, taken + n, std::memory_order_acq_rel)) return true;
    }
    refused_.fetch_add(n, std::memory_order_relaxed);
    return false;
  }
  void give(std::size_t n) { taken_.fetch_sub(n, std::memory_order_acq_rel); }

  [[nodiscard]] std::size_t in_flight() const { return taken_.load(std::memory_order_acquire); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  const std::size_t capacity_;
  std::atomic<std::size_t> taken_{0};
  std::atomic<std::size_t> refused_{0};
};

} // namespace coldvigil
