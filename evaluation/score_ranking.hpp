#pragma once
// How well scores alone rank readings inside faults above those outside, whatever the threshold. Secondary: it ranks
// methods otherwise than alarms at a budget do.

#include "evaluation/gather.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace coldvigil {

struct score_ranking {
  double auc_pr = 0;    ///< average precision, pooled over all units
  double vus_pr = 0;    ///< its mean when faults reach 0, 1, 2 and 4 hours beyond both their ends
  double base_rate = 0; ///< what a random score reaches for auc_pr
  std::uint64_t scores = 0;
  row_problems problems;
};

/// Streams scores.csv. Time that is not scored, and the recovery after faults, are left out.
[[nodiscard]] result<score_ranking> rank_scores(const std::string& path, const gathered& fleet,
                                                const scoring_rules& rules,
                                                const std::function<void(double)>& progress);

} // namespace coldvigil
