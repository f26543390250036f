#pragma once
// The figures of an evaluation, with bootstrap intervals over units.

#include "evaluation/outcome.hpp"
#include "evaluation/score_ranking.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

/// An estimate and its 90 % interval; nothing when there is nothing to estimate it from.
struct figure {
  std::optional<double> estimate{};
  double low = 0, high = 0;
};

/// How the kinds are summed up: those that warm or cool the unit within hours, and those that creep for days.
enum class fault_group : std::uint8_t { fast, slow, other };
[[nodiscard]] fault_group group_of(std::string_view kind);
[[nodiscard]] std::string_view to_string(fault_group group);

/// Of the faults of one kind, of one group, or of all.
struct fault_figures {
  std::string name;
  std::size_t faults = 0, found = 0;
  std::size_t breached = 0; ///< found faults that broke a limit
  figure recall;
  figure delay_median_min, delay_p90_min;
  figure lead_instant_min, lead_sustained_min; ///< medians over the found faults that broke a limit
};

struct evaluation_report {
  std::string name; ///< of the row: "alarms", "bounds, instant", ...
  std::size_t units = 0;
  double unit_months = 0; ///< of clean time; a month is 30 days
  std::size_t false_alarms = 0, incidents = 0;
  figure false_per_unit_month, incidents_per_unit_month;
  fault_figures all;
  std::vector<fault_figures> groups, kinds;
};

struct bootstrap_rules {
  std::size_t rounds = 1000;
  double confidence = 0.9;
  std::uint64_t seed = 1;
};

[[nodiscard]] evaluation_report summarise(std::string name, const std::vector<unit_outcome>& units,
                                          const scoring_rules& rules, const bootstrap_rules& bootstrap);

/// Alarms thrown at random at the rate of `episodes` in all: what any detector must beat. The interval is that of the
/// draws; kinds and groups are left out.
[[nodiscard]] evaluation_report random_row(const std::vector<unit_case>& units, std::size_t episodes,
                                           const scoring_rules& rules, const bootstrap_rules& bootstrap);

/// For people: a row a report, then the first report's kinds.
[[nodiscard]] std::string report_text(const std::vector<evaluation_report>& rows);
/// The same as Markdown tables; kinds only when asked for.
[[nodiscard]] std::string report_markdown(const std::vector<evaluation_report>& rows, bool kinds);
/// {"rows": [...], "scores": ...}; `ranking` may be null.
[[nodiscard]] std::string report_json(const std::vector<evaluation_report>& rows, const score_ranking* ranking);
/// One line.
[[nodiscard]] std::string ranking_text(const score_ranking& of);

} // namespace coldvigil
