#include "ingest/payload_table.hpp"

#include <algorithm>
#include <cstdio>

namespace coldvigil {
namespace {

std::string celsius_text(milli_celsius value) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%.3f", in_celsius(value));
  return {text, static_cast<std::size_t>(size)};
}

/// Left-aligned; the width counts code points, which is right for the codes and numbers that stand here.
std::string padded(std::string text, std::size_t width) {
  // Control characters of a source must not reach a terminal.
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  const auto points = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  if (points < width) text.append(width - points, ' ');
  return text + "  ";
}

struct understood {
  std::string time, value, reason;
};

understood understand(const std::variant<row_value, row_refusal>& content) {
  if (const auto* value = std::get_if<row_value>(&content))
    return {format_utc(value->at), celsius_text(value->value), ""};
  const auto& refusal = std::get<row_refusal>(content);
  std::string reason(to_string(refusal.reason));
  if (!refusal.raw.empty()) reason += " \"" + refusal.raw + '"';
  return {refusal.at ? format_utc(*refusal.at) : "-", refusal.value ? celsius_text(*refusal.value) : "-", reason};
}

std::string table_line(const std::string& unit, const understood& row, std::string_view scale,
                       const std::string& sensor) {
  std::string line = padded(unit, 20) + padded(row.time, 24) + padded(row.value, 9) + padded(std::string(scale), 5) +
                     padded(sensor, 20) + padded(row.reason, 0);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

} // namespace

std::string describe_rows(const parsed_payload& payload, std::size_t first_n) {
  std::string out = table_line("unit", {"time (UTC)", "°C", "refused because"}, "scale", "sensor");
  for (const auto& row : payload.rows) {
    if (first_n-- == 0) break;
    out += table_line(payload.units[row.unit].unit_code, understand(row.content), to_string(row.scale), row.sensor);
  }
  return out + std::to_string(payload.rows.size()) + " rows, " + std::to_string(payload.units.size()) + " units\n";
}

} // namespace coldvigil
