// The repeated autumn hour. Read forward in time, a run of repeated local times is "first pass" up to some place and
// "second pass" from there on; read backward it is the other way round. Every place where the run can be cut so that
// time moves strictly on is a candidate; what all candidates agree on is settled.
#include "ingest/source_time.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace coldvigil {
namespace {

using run = std::span<source_time* const>;

/// Candidate cuts first..last; rows before the cut belong to one pass, rows from the cut on to the other.
struct cuts {
  std::size_t first = 0, last = 0;
};

/// The places of the cut that fit, when the order runs forward and `before` and `after` stand around the run. Cuts that
/// fit are contiguous: a longer first pass only gets harder, so does a longer second one.
template <class Early, class Late, class Precedes>
std::optional<cuts> fitting_cuts(run rows, const Early& early, const Late& late, const Precedes& precedes,
                                 const std::optional<timestamp>& before, const std::optional<timestamp>& after) {
  const std::size_t n = rows.size();
  std::size_t longest_head = 0;
  for (std::optional<timestamp> last = before; longest_head < n; ++longest_head) {
    const auto at = early(*rows[longest_head]);
    if (!at || (last && !precedes(*last, *at))) break;
    last = at;
  }
  std::size_t longest_tail = 0;
  for (std::optional<timestamp> next = after; longest_tail < n; ++longest_tail) {
    const auto at = late(*rows[n - 1 - longest_tail]);
    if (!at || (next && !precedes(*at, *next))) break;
    next = at;
  }
  // A run all in one pass still has to fit the neighbour on its far side.
  const auto fits = [&](std::size_t cut) {
    if (cut > longest_head || n - cut > longest_tail) return false;
    if (cut == n && after && !precedes(*early(*rows[n - 1]), *after)) return false;
    return cut != 0 || !before || precedes(*before, *late(*rows[0]));
  };
  std::optional<cuts> out;
  for (std::size_t cut = 0; cut <= n; ++cut) {
    if (!fits(cut)) continue;
    if (!out) out = cuts{cut, cut};
    out->last = cut;
  }
  return out;
}

void settle_run(run rows, std::optional<timestamp> before, std::optional<timestamp> after, timestamp latest) {
  const auto known = [latest](timestamp at) { return at <= latest ? std::optional(at) : std::nullopt; };
  const auto first_of = [&](const source_time& row) { return known(row.first); };
  const auto second_of = [&](const source_time& row) { return known(row.second); };
  const auto forward = fitting_cuts(
      rows, first_of, second_of, [](timestamp a, timestamp b) { return a < b; }, before, after);
  const auto backward = fitting_cuts(
      rows, second_of, first_of, [](timestamp a, timestamp b) { return a > b; }, before, after);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool may_be_first = false;
    bool may_be_second = false;
    if (forward) {
      may_be_first |= i < forward->last;
      may_be_second |= i >= forward->first;
    }
    if (backward) {
      may_be_second |= i < backward->last;
      may_be_first |= i >= backward->first;
    }
    if (may_be_first == may_be_second) continue;
    source_time& row = *rows[i];
    const timestamp at = may_be_first ? row.first : row.second;
    row = {source_time::kind::instant, at, at};
  }
}

/// Both stand in the same repeated hour: their first passes lie less than the repeated span apart.
bool same_fold(const source_time& a, const source_time& b) {
  const auto span = a.second - a.first;
  return std::chrono::abs(a.first - b.first) < span;
}

} // namespace

void settle_repeated(std::span<source_time* const> of_one_unit, timestamp latest) {
  std::vector<source_time*> timed;
  for (source_time* row : of_one_unit)
    if (row->what == source_time::kind::instant || row->what == source_time::kind::repeated) timed.push_back(row);
  // Runs are settled by what the source itself says: a neighbour that an earlier run only inferred does not count.
  std::vector<std::optional<timestamp>> told(timed.size());
  for (std::size_t i = 0; i < timed.size(); ++i)
    if (timed[i]->what == source_time::kind::instant) told[i] = timed[i]->first;
  for (std::size_t begin = 0; begin < timed.size();) {
    if (told[begin]) {
      ++begin;
      continue;
    }
    std::size_t end = begin + 1;
    while (end < timed.size() && !told[end] && same_fold(*timed[begin], *timed[end]))
      ++end;
    settle_run(run(timed).subspan(begin, end - begin), begin > 0 ? told[begin - 1] : std::nullopt,
               end < timed.size() ? told[end] : std::nullopt, latest);
    begin = end;
  }
}

} // namespace coldvigil
