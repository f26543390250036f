#include "evaluation/report.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <cstdio>

namespace coldvigil {
namespace {

namespace json = boost::json;

std::string with_interval(const figure& of, int decimals) {
  if (!of.estimate) return "-";
  char text[96];
  std::snprintf(text, sizeof text, "%.*f [%.*f, %.*f]", decimals, *of.estimate, decimals, of.low, decimals, of.high);
  return text;
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() >= width ? text + " " : text + std::string(width - text.size(), ' ');
}

json::value json_of(const figure& of) {
  if (!of.estimate) return nullptr;
  return json::object{{"estimate", *of.estimate}, {"low", of.low}, {"high", of.high}};
}

json::object json_of(const fault_figures& of) {
  return {{"name", of.name},
          {"faults", of.faults},
          {"found", of.found},
          {"found_that_breached", of.breached},
          {"recall", json_of(of.recall)},
          {"delay_median_min", json_of(of.delay_median_min)},
          {"delay_p90_min", json_of(of.delay_p90_min)},
          {"lead_before_breach_median_min", json_of(of.lead_instant_min)},
          {"lead_before_lasting_breach_median_min", json_of(of.lead_sustained_min)}};
}

json::array json_of(const std::vector<fault_figures>& of) {
  json::array out;
  for (const fault_figures& each : of)
    out.push_back(json_of(each));
  return out;
}

std::string fault_line(const fault_figures& of) {
  return padded("  " + of.name, 20) + padded(std::to_string(of.found) + "/" + std::to_string(of.faults), 10) +
         padded(with_interval(of.recall, 3), 24) + padded(with_interval(of.delay_median_min, 0), 20) +
         padded(with_interval(of.delay_p90_min, 0), 20) + padded(with_interval(of.lead_instant_min, 0), 22) +
         with_interval(of.lead_sustained_min, 0) + "\n";
}

std::string markdown_line(const fault_figures& of) {
  return "| " + of.name + " | " + std::to_string(of.found) + "/" + std::to_string(of.faults) + " | " +
         with_interval(of.recall, 3) + " | " + with_interval(of.delay_median_min, 0) + " | " +
         with_interval(of.delay_p90_min, 0) + " | " + with_interval(of.lead_instant_min, 0) + " | " +
         with_interval(of.lead_sustained_min, 0) + " |\n";
}

} // namespace

std::string report_markdown(const std::vector<evaluation_report>& rows, bool kinds) {
  if (rows.empty()) return "";
  const evaluation_report& first = rows.front();
  char text[160];
  std::snprintf(text, sizeof text, "%zu units, %.1f clean unit-months, %zu faults.\n\n", first.units, first.unit_months,
                first.all.faults);
  std::string out = text;
  out += "| | recall | false alarms a unit-month | incidents a unit-month |\n|---|---|---|---|\n";
  for (const evaluation_report& row : rows) {
    std::snprintf(text, sizeof text, "%.2f", row.incidents_per_unit_month.estimate.value_or(0));
    out += "| " + row.name + " | " + with_interval(row.all.recall, 3) + " | " +
           with_interval(row.false_per_unit_month, 2) + " | " + text + " |\n";
  }
  if (!kinds || first.all.faults == 0) return out;
  out += "\n| kind | found | recall | delay median, min | delay p90, min | lead to the first breach, min | lead to the "
         "breach that lasts, min |\n|---|---|---|---|---|---|---|\n" +
         markdown_line(first.all);
  for (const fault_figures& group : first.groups)
    out += markdown_line(group);
  for (const fault_figures& kind : first.kinds)
    out += markdown_line(kind);
  return out;
}

std::string report_text(const std::vector<evaluation_report>& rows) {
  if (rows.empty()) return "";
  char text[160];
  std::snprintf(text, sizeof text, "%zu units, %.1f clean unit-months, %zu faults; 90 %% intervals over units\n\n",
                rows.front().units, rows.front().unit_months, rows.front().all.faults);
  std::string out = text;
  out += padded("", 20) + padded("recall", 26) + padded("false alarms a unit-month", 28) + "incidents a unit-month\n";
  for (const evaluation_report& row : rows)
    out +=
        padded(row.name, 20) + padded(with_interval(row.all.recall, 3), 26) +
        padded(with_interval(row.false_per_unit_month, 3), 28) +
        (row.incidents_per_unit_month.estimate ? with_interval({row.incidents_per_unit_month}, 3).substr(0, 5) : "-") +
        "\n";
  const evaluation_report& first = rows.front();
  if (first.all.faults == 0) return out;
  out += "\n" + padded(first.name + " by kind", 20) + padded("found", 10) + padded("recall", 24) +
         padded("delay median, min", 20) + padded("delay p90, min", 20) + padded("lead to breach, min", 22) +
         "lead to lasting breach, min\n";
  out += fault_line(first.all);
  for (const fault_figures& group : first.groups)
    out += fault_line(group);
  out += "\n";
  for (const fault_figures& kind : first.kinds)
    out += fault_line(kind);
  return out;
}

std::string ranking_text(const score_ranking& of) {
  char text[160];
  std::snprintf(text, sizeof text, "Scores: AUC-PR %.3f, VUS-PR %.3f (a random score: %.3f), %llu readings.\n",
                of.auc_pr, of.vus_pr, of.base_rate, static_cast<unsigned long long>(of.scores));
  return text;
}

std::string report_json(const std::vector<evaluation_report>& rows, const score_ranking* ranking) {
  json::array out;
  for (const evaluation_report& row : rows)
    out.push_back(json::object{{"name", row.name},
                               {"units", row.units},
                               {"clean_unit_months", row.unit_months},
                               {"false_alarms", row.false_alarms},
                               {"incidents", row.incidents},
                               {"false_alarms_per_unit_month", json_of(row.false_per_unit_month)},
                               {"incidents_per_unit_month", json_of(row.incidents_per_unit_month)},
                               {"all", json_of(row.all)},
                               {"groups", json_of(row.groups)},
                               {"kinds", json_of(row.kinds)}});
  json::value scores = nullptr;
  if (ranking != nullptr)
    scores = json::object{{"auc_pr", ranking->auc_pr},
                          {"vus_pr", ranking->vus_pr},
                          {"random_auc_pr", ranking->base_rate},
                          {"readings", ranking->scores}};
  return json::serialize(json::object{{"rows", std::move(out)}, {"scores", std::move(scores)}});
}

} // namespace coldvigil
