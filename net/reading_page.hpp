#pragma once
// The newest readings of several units, one page of them, without keeping the rest.

#include "core/reading.hpp"

#include <cstdint>
#include <vector>

namespace coldvigil {

class reading_page {
 public:
  struct entry {
    judged_reading reading;
    std::size_t unit = 0; ///< the caller's number of the unit
  };

  /// `keep` = offset + limit.
  explicit reading_page(std::size_t keep) : keep_(keep) {}

  void offer(const judged_reading& reading, std::size_t unit);
  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// Newest first, readings of one time by unit; from `offset` on. Ends the use.
  [[nodiscard]] std::vector<entry> take(std::size_t offset);

 private:
  const std::size_t keep_;
  std::uint64_t total_ = 0;
  std::vector<entry> heap_; ///< the one to be pushed out first at the front
};

} // namespace coldvigil
