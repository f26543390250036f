#include "evaluation/bounds_watch.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

void append(std::vector<episode>& all, const episode& one) {
  if (!all.empty() && one.opened - all.back().closed < bounds_watch::merge_gap)
    all.back().closed = std::max(all.back().closed, one.closed);
  else
    all.push_back(one);
}

} // namespace

std::vector<episode> merged(std::vector<episode> episodes, millis gap) {
  std::sort(episodes.begin(), episodes.end(), [](const episode& a, const episode& b) { return a.opened < b.opened; });
  std::vector<episode> out;
  for (const episode& one : episodes) {
    if (!out.empty() && one.opened - out.back().closed < gap)
      out.back().closed = std::max(out.back().closed, one.closed);
    else
      out.push_back(one);
  }
  return out;
}

bounds_watch::bounds_watch(std::optional<milli_celsius> low, std::optional<milli_celsius> high,
                           std::vector<fault_span> faults)
    : low_(low), high_(high), faults_(std::move(faults)), breaches_(faults_.size()) {}

void bounds_watch::close() {
  if (outside_since_) append(instant_, {*outside_since_, last_});
  if (sustained_since_) append(sustained_, {*sustained_since_, last_});
  outside_since_.reset();
  sustained_since_.reset();
}

void bounds_watch::add(timestamp at, milli_celsius value) {
  if (outside_since_ && at - last_ > longest_silence) close();
  const bool outside = (low_ && value < *low_) || (high_ && value > *high_);
  if (outside) {
    if (!outside_since_) outside_since_ = at;
    if (!sustained_since_ && at - *outside_since_ >= delay) sustained_since_ = at;
    while (first_fault_ < faults_.size() && faults_[first_fault_].end <= at)
      ++first_fault_;
    for (std::size_t i = first_fault_; i < faults_.size() && faults_[i].start <= at; ++i) {
      if (at >= faults_[i].end) continue;
      if (!breaches_[i].instant) breaches_[i].instant = at;
      if (!breaches_[i].sustained && sustained_since_) breaches_[i].sustained = at;
    }
  }
  // An episode ends with the first reading that is inside again.
  last_ = at;
  if (!outside) close();
}

void bounds_watch::finish() {
  close();
}

} // namespace coldvigil
