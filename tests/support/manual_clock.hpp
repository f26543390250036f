#pragma once
// A clock that stands until it is moved. Thread-safe.

#include "core/time.hpp"

#include <atomic>

namespace coldvigil::test {

class manual_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const override { return from_ms(ms_.load()); }
  void advance(millis by) { ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ms_{1'800'000'000'000}; // 2027-01-15T08:00:00Z
};

} // namespace coldvigil::test
