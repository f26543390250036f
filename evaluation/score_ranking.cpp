#include "evaluation/score_ranking.hpp"

#include "evaluation/precision.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace coldvigil {
namespace {

constexpr std::array<millis, 4> buffers{std::chrono::hours{0}, std::chrono::hours{1}, std::chrono::hours{2},
                                        std::chrono::hours{4}};
constexpr std::uint64_t progress_every = 100'000;

bool within(const unit_case& unit, timestamp at, millis before, millis after) {
  return std::any_of(unit.faults.begin(), unit.faults.end(), [&](const scored_fault& fault) {
    return at >= fault.span.start - before && at < fault.span.end + after;
  });
}

const unit_case* find(const gathered& fleet, std::string_view unit) {
  const auto found = std::lower_bound(fleet.units.begin(), fleet.units.end(), unit,
                                      [](const gathered_unit& a, std::string_view b) { return a.watched.unit < b; });
  return found == fleet.units.end() || found->watched.unit != unit ? nullptr : &found->watched;
}

} // namespace

result<score_ranking> rank_scores(const std::string& path, const gathered& fleet, const scoring_rules& rules,
                                  const std::function<void(double)>& progress) {
  auto table = csv_table::open(path);
  if (!table.ok()) return table.error();
  const auto unit = table->required("unit_id");
  if (!unit.ok()) return unit.error();
  const auto time = table->required("timestamp");
  if (!time.ok()) return time.error();
  const auto score = table->required("score");
  if (!score.ok()) return score.error();
  score_ranking out;
  std::array<precision_recall, buffers.size()> curves;
  std::uint64_t rows = 0;
  while (table->next(out.problems)) {
    if (++rows % progress_every == 0) progress(table->progress());
    const auto text = without_blanks(table->cell(*score));
    if (text.empty()) continue; // warming
    const auto value = parse_file_number(text);
    const auto at = parse_file_time(without_blanks(table->cell(*time)));
    const unit_case* watched = find(fleet, without_blanks(table->cell(*unit)));
    if (!value || !at || watched == nullptr) {
      out.problems.add(table->line(), "unknown unit, or score or timestamp cannot be read");
      continue;
    }
    if (*at < watched->from || *at > watched->to) continue;
    const bool inside = within(*watched, *at, millis{0}, millis{0});
    if (!inside && within(*watched, *at, millis{0}, rules.recovery)) continue;
    ++out.scores;
    for (std::size_t i = 0; i < buffers.size(); ++i)
      curves[i].add(*value, inside || within(*watched, *at, buffers[i], buffers[i]));
  }
  if (!table->sound()) return failure{error_code::unavailable, "reading the file broke off", path};
  out.auc_pr = curves[0].area();
  out.base_rate = curves[0].base_rate();
  for (const precision_recall& each : curves)
    out.vus_pr += each.area() / static_cast<double>(curves.size());
  return out;
}

} // namespace coldvigil
