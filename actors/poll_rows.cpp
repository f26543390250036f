#include "actors/poll_rows.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <variant>

namespace coldvigil::actors {
namespace {

timestamp time_of(const payload_row& row) {
  if (const auto* value = std::get_if<row_value>(&row.content)) return value->at;
  return std::get<row_refusal>(row.content).at.value_or(timestamp::min());
}

rejected_reading apart(const payload_row& row) {
  rejected_reading out;
  out.sensor = row.sensor;
  if (const auto* value = std::get_if<row_value>(&row.content)) {
    out.at = value->at;
    out.value = value->value;
    return out;
  }
  const auto& refusal = std::get<row_refusal>(row.content);
  out.at = refusal.at;
  out.value = refusal.value;
  out.raw = refusal.raw;
  out.reason = refusal.reason;
  return out;
}

} // namespace

std::vector<std::size_t> in_event_order(const std::vector<payload_row>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return time_of(rows[a]) < time_of(rows[b]); });
  return order;
}

submission_item item_of(const customer_now& board, const parsed_payload& payload, std::size_t index, bool past) {
  const payload_row& row = payload.rows[index];
  const std::string& code = payload.units[row.unit].unit_code;
  const unit_now* unit = code.empty() ? nullptr : board.find(code);
  submission_item item;
  if (unit) item.unit = unit->unit->id;
  if (const auto* value = std::get_if<row_value>(&row.content); value && unit) {
    // What was missed between two live readings is news; only what precedes the first is history.
    const bool history = past && (!unit->last || unit->last->history);
    item.content = measured{value->at, value->value, row.scale, history, row.sensor};
    return item;
  }
  rejected_reading kept = apart(row);
  kept.customer = board.directory->customer->id;
  kept.unit_code = code;
  if (unit) kept.point = unit->unit->point;
  // A row that names no unit is what its refusal says.
  if (!unit && !code.empty()) kept.reason = reject_reason::unknown_unit;
  item.content = std::move(kept);
  return item;
}

} // namespace coldvigil::actors
