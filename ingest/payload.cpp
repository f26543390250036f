#include "ingest/payload.hpp"

#include "ingest/body_text.hpp"
#include "ingest/csv_rows.hpp"
#include "ingest/json_rows.hpp"

namespace coldvigil {

result<parsed_payload> parse_payload(std::string_view body, payload_format format, const field_mapping& mapping,
                                     const payload_limits& limits) {
  const bool json = format == payload_format::json;
  const auto checked = check_body(body, json ? "JSON" : "CSV");
  if (!checked) return checked.error();
  auto times = time_reader::make(mapping);
  if (!times) return times.error();
  row_builder rows(mapping, limits, std::move(times).value());
  const status read = json ? add_json_rows(*checked, mapping, rows) : add_csv_rows(*checked, mapping, rows);
  if (!read) return read.error();
  return rows.finish();
}

} // namespace coldvigil
