#include "app/evaluation_commands.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace coldvigil {

int report_failure(const std::string& command, const failure& error) {
  std::cerr << "coldvigil " << command << ": " << error.text() << "\n";
  const bool theirs = error.code == error_code::invalid_argument || error.code == error_code::not_found ||
                      error.code == error_code::limit || error.code == error_code::corrupt;
  return theirs ? 2 : 1;
}

void report_problems(const std::string& path, const row_problems& problems) {
  if (problems.count == 0) return;
  std::cerr << path << ": " << problems.count << (problems.count == 1 ? " row" : " rows") << " left out\n";
  for (const std::string& each : problems.named)
    std::cerr << "  " << each << "\n";
  if (problems.count > problems.named.size())
    std::cerr << "  and " << problems.count - problems.named.size() << " more\n";
}

void report_left_out(const std::string& path, const row_problems& problems, const reorder_counts& order) {
  report_problems(path, problems);
  if (order.late > 0)
    std::cerr << path << ": " << order.late << (order.late == 1 ? " reading" : " readings") << " came more than "
              << usual_reorder_window << " places too late and were left out: sort the file by its times\n";
}

result<readings_span> reported_span(const std::string& readings, progress_bar& bar) {
  auto span = span_of_readings(readings, [&](double share) { bar.show("looking through", share); });
  bar.end();
  if (span.ok() && span->far_off > 0)
    std::cerr << readings << ": " << span->far_off << (span->far_off == 1 ? " reading stands" : " readings stand")
              << " more than a day from all others and " << (span->far_off == 1 ? "was" : "were") << " left out ("
              << format_utc(span->example) << "; the others are of " << format_utc(span->first) << " to "
              << format_utc(span->last) << "): check the clock of the sensor\n";
  return span;
}

void add_left_out(boost::json::object& to, const row_problems& problems, const reorder_counts& order) {
  to["rows_left_out"] = problems.count;
  to["readings_moved"] = order.moved;
  to["readings_too_late"] = order.late;
  to["readings_far_off"] = order.far_off;
  to["readings_repeated"] = order.repeated;
}

} // namespace coldvigil
