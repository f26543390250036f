#include "evaluation/precision.hpp"

#include <algorithm>
#include <cmath>

namespace coldvigil {

void precision_recall::add(double score, bool positive) {
  std::size_t bin = 0;
  if (std::isfinite(score) && score > 0) {
    const double place = (std::log10(score) + 4) / 8 * static_cast<double>(bins);
    bin = static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bins - 1)));
  } else if (score > 0) {
    bin = bins - 1; // infinite
  }
  ++all_[bin];
  positive_[bin] += positive ? 1 : 0;
}

double precision_recall::area() const {
  std::uint64_t positives = 0;
  for (const auto each : positive_)
    positives += each;
  if (positives == 0) return 0;
  double sum = 0;
  std::uint64_t found = 0;
  std::uint64_t taken = 0;
  for (std::size_t bin = bins; bin-- > 0;) {
    found += positive_[bin];
    taken += all_[bin];
    if (positive_[bin] > 0)
      sum += static_cast<double>(positive_[bin]) * static_cast<double>(found) / static_cast<double>(taken);
  }
  return sum / static_cast<double>(positives);
}

double precision_recall::base_rate() const {
  std::uint64_t positives = 0;
  std::uint64_t all = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    positives += positive_[bin];
    all += all_[bin];
  }
  return all == 0 ? 0 : static_cast<double>(positives) / static_cast<double>(all);
}

} // namespace coldvigil
