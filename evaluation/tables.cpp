#include "evaluation/tables.hpp"

#include "evaluation/readings_file.hpp"

#include <cmath>
#include <functional>
#include <set>

namespace coldvigil {
namespace {

/// Reads a table whose every row `take` understands, or says what is wrong with.
template <class Row>
result<std::vector<Row>> read_rows(csv_table& table, row_problems& problems,
                                   const std::function<std::string(Row&)>& take) {
  std::vector<Row> out;
  while (table.next(problems)) {
    if (out.size() >= most_table_rows)
      return failure{error_code::limit, "the file has more than 5 million rows", table.path()};
    Row row;
    if (const std::string wrong = take(row); !wrong.empty())
      problems.add(table.line(), wrong);
    else
      out.push_back(std::move(row));
  }
  if (!table.sound()) return failure{error_code::unavailable, "reading the file broke off", table.path()};
  return out;
}

/// A temperature in °C that may be empty; false when it is neither.
bool take_celsius(std::string_view text, std::optional<milli_celsius>& into) {
  if (text.empty()) return true;
  if (const auto number = parse_file_temperature(text)) into = to_milli_celsius(*number, temperature_scale::celsius);
  return into.has_value();
}

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string optional_celsius(const std::optional<milli_celsius>& value) {
  return value ? celsius_text(*value) : std::string();
}

} // namespace

result<std::vector<unit_row>> read_units(const std::string& path, row_problems& problems) {
  auto table = csv_table::open(path);
  if (!table.ok()) return table.error();
  const auto unit = table->required("unit_id");
  if (!unit.ok()) return unit.error();
  if (auto sound = table->once({"kind", "set_temperature", "low", "high", "interval_seconds", "site"}); !sound.ok())
    return sound.error();
  std::set<std::string> seen;
  const auto kind = table->column("kind"), set = table->column("set_temperature"), low = table->column("low"),
             high = table->column("high"), interval = table->column("interval_seconds"), site = table->column("site");
  return read_rows<unit_row>(*table, problems, [&](unit_row& row) -> std::string {
    row.unit = without_blanks(table->cell(*unit));
    if (row.unit.empty()) return "no unit_id";
    const auto kind_text = table->cell(kind);
    row.kind = parse_kind(kind_text);
    if (!take_celsius(table->cell(set), row.set_point)) return "set_temperature is no temperature";
    if (!take_celsius(table->cell(low), row.low)) return "low is no temperature";
    if (!take_celsius(table->cell(high), row.high)) return "high is no temperature";
    if (row.low && row.high && *row.low >= *row.high) return "low is not below high";
    if (const auto text = table->cell(interval); !text.empty()) {
      const auto number = parse_file_number(text);
      if (!number || !(*number >= 1) || *number > 86'400) return "interval_seconds is not between 1 and 86400";
      row.interval_s = std::llround(*number);
    }
    row.site = table->cell(site);
    return seen.insert(row.unit).second ? "" : "a row of this unit was there before";
  });
}

result<std::vector<label_row>> read_labels(const std::string& path, row_problems& problems) {
  auto table = csv_table::open(path);
  if (!table.ok()) return table.error();
  std::array<std::size_t, 4> at{};
  constexpr std::array<std::string_view, 4> names{"unit_id", "start", "end", "kind"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto column = table->required(names[i]);
    if (!column.ok()) return column.error();
    at[i] = *column;
  }
  return read_rows<label_row>(*table, problems, [&](label_row& row) -> std::string {
    const auto start = parse_file_time(without_blanks(table->cell(at[1])));
    const auto end = parse_file_time(without_blanks(table->cell(at[2])));
    if (!start || !end) return "start or end is no time";
    if (*end <= *start) return "end is not after start";
    row.unit = without_blanks(table->cell(at[0]));
    row.kind = without_blanks(table->cell(at[3]));
    row.start = *start;
    row.end = *end;
    return row.unit.empty() ? "no unit_id" : "";
  });
}

result<std::vector<alarm_row>> read_alarms(const std::string& path, row_problems& problems) {
  auto table = csv_table::open(path);
  if (!table.ok()) return table.error();
  const auto unit = table->required("unit_id");
  if (!unit.ok()) return unit.error();
  const auto opened = table->required("opened_at");
  if (!opened.ok()) return opened.error();
  const auto closed = table->column("closed_at"), kind = table->column("kind"), channel = table->column("channel"),
             severity = table->column("severity"), peak = table->column("peak_score"),
             explanation = table->column("explanation");
  return read_rows<alarm_row>(*table, problems, [&](alarm_row& row) -> std::string {
    row.unit = without_blanks(table->cell(*unit));
    if (row.unit.empty()) return "no unit_id";
    const auto from = parse_file_time(without_blanks(table->cell(*opened)));
    if (!from) return "opened_at is no time";
    row.opened = *from;
    if (const auto text = table->cell(closed); !text.empty()) {
      row.closed = parse_file_time(text);
      if (!row.closed || *row.closed < row.opened) return "closed_at is no time after opened_at";
    }
    row.kind = table->cell(kind);
    row.channel = table->cell(channel);
    row.severity = severity ? std::string(table->cell(severity)) : "alarm";
    if (const auto text = table->cell(peak); !text.empty()) row.peak_score = parse_file_number(text);
    row.explanation = table->cell(explanation);
    return {};
  });
}

std::string celsius_text(milli_celsius value) {
  std::string text = fixed(in_celsius(value), 3);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string csv_line(const unit_row& row) {
  return csv_cell(row.unit) + "," + (row.kind ? std::string(to_string(*row.kind)) : "") + "," +
         optional_celsius(row.set_point) + "," + optional_celsius(row.low) + "," + optional_celsius(row.high) + "," +
         (row.interval_s ? std::to_string(*row.interval_s) : "") + "," + csv_cell(row.site) + "\n";
}

std::string csv_line(const label_row& row) {
  return csv_cell(row.unit) + "," + format_utc(row.start) + "," + format_utc(row.end) + "," + csv_cell(row.kind) + "\n";
}

std::string csv_line(const alarm_row& row) {
  return csv_cell(row.unit) + "," + format_utc(row.opened) + "," + (row.closed ? format_utc(*row.closed) : "") + "," +
         csv_cell(row.kind) + "," + csv_cell(row.channel) + "," + csv_cell(row.severity) + "," +
         (row.peak_score ? fixed(*row.peak_score, 4) : "") + "," + csv_cell(row.explanation) + "\n";
}

} // namespace coldvigil
