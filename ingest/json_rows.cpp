#include "ingest/json_rows.hpp"

#include "ingest/json_document.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace coldvigil {
namespace {

failure no_list(const boost::json::value& document, const std::string& path) {
  const std::string what = path.empty() ? "the JSON is not an array" : "the JSON has no array '" + path + "'";
  return {error_code::invalid_argument, what, "fields.list", known_members(document)};
}

/// A field that the mapping names and no row has is a wrong mapping, not many bad rows.
status check_required(const boost::json::array& list, const field_mapping& mapping) {
  for (const field which : {field::unit, field::time, field::temperature}) {
    const std::string& path = name_of(which, mapping);
    const auto has_it = [&](const boost::json::value& row) { return find_path(row, path) != nullptr; };
    if (list.empty() || std::any_of(list.begin(), list.end(), has_it)) continue;
    return failure{error_code::invalid_argument, "no row has the field '" + path + "'", "customer's field mapping",
                   "the first row: " + known_members(list.front())};
  }
  return nothing{};
}

} // namespace

status add_json_rows(std::string_view body, const field_mapping& mapping, row_builder& rows) {
  const auto document = parse_json(body);
  if (!document) return document.error();
  const boost::json::value* place = find_path(*document, mapping.list);
  const auto* list = place ? place->if_array() : nullptr;
  if (!list) return no_list(*document, mapping.list);
  if (auto checked = check_required(*list, mapping); !checked) return checked;
  for (const auto& item : *list) {
    row_cells cells;
    for (std::size_t i = 0; i < field_count; ++i) {
      const std::string& path = name_of(static_cast<field>(i), mapping);
      if (!path.empty()) cells[i] = to_cell(find_path(item, path));
    }
    const bool added = item.is_object() ? rows.add(cells) : rows.add_broken("not an object");
    if (!added)
      return failure{error_code::limit, "the payload has too many rows", "ingestion.max_rows",
                     "ask for a shorter time"};
  }
  return nothing{};
}

} // namespace coldvigil
