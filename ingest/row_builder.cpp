#include "ingest/row_builder.hpp"

#include "ingest/body_text.hpp"

namespace coldvigil {
namespace {

constexpr std::size_t max_raw_bytes = 64;

const cell& at(const row_cells& cells, field which) {
  return cells[static_cast<std::size_t>(which)];
}

std::variant<row_value, row_refusal> value_of(const cell& from, std::optional<temperature_scale> scale) {
  const auto [number, reason] = number_in(from);
  const auto refused = [&](reject_reason why) { return row_refusal{why, {}, {}, text_of(from, max_raw_bytes)}; };
  if (!number) return refused(reason);
  if (!scale) return refused(reject_reason::bad_value);
  const auto value = to_milli_celsius(*number, *scale);
  if (!value) return refused(reject_reason::implausible);
  return row_value{{}, *value};
}

} // namespace

const std::string& name_of(field which, const field_mapping& mapping) {
  switch (which) {
  case field::unit:
    return mapping.unit;
  case field::facility:
    return mapping.facility;
  case field::time:
    return mapping.time;
  case field::temperature:
    return mapping.temperature;
  case field::scale:
    return mapping.scale;
  case field::sensor:
    return mapping.sensor;
  case field::set_point:
    return mapping.set_point;
  case field::unit_name:
    return mapping.unit_name;
  case field::facility_name:
    return mapping.facility_name;
  case field::city:
    return mapping.city;
  case field::country:
    return mapping.country;
  case field::size:
    return mapping.size;
  case field::size_unit:
    return mapping.size_unit;
  case field::low_limit:
    return mapping.low_limit;
  case field::high_limit:
    break;
  }
  return mapping.high_limit;
}

row_builder::row_builder(const field_mapping& mapping, const payload_limits& limits, time_reader times)
    : mapping_(mapping), limits_(limits), times_(std::move(times)) {}

std::size_t row_builder::unit_index(const row_cells& cells, temperature_scale scale) {
  std::string code = text_of(at(cells, field::unit), max_code_bytes + 1);
  if (code.size() > max_code_bytes) code.clear();
  const auto [found, fresh] = index_.try_emplace(std::move(code), payload_.units.size());
  if (fresh) {
    payload_.units.emplace_back();
    payload_.units.back().unit_code = found->first;
    payload_.units.back().scale = scale;
  }
  if (!found->first.empty()) take_facts(payload_.units[found->second], cells, scale);
  return found->second;
}

void row_builder::take_facts(unit_description& unit, const row_cells& cells, temperature_scale scale) const {
  const auto take = [&](std::optional<std::string>& into, field from) {
    if (!into) into = fact(at(cells, from));
  };
  if (unit.facility_code.empty()) unit.facility_code = text_of(at(cells, field::facility), max_code_bytes);
  take(unit.facility_name, field::facility_name);
  take(unit.city, field::city);
  take(unit.country, field::country);
  take(unit.unit_name, field::unit_name);
  take(unit.size_unit, field::size_unit);
  if (!unit.size_value) unit.size_value = number_in(at(cells, field::size)).number;
  if (!unit.set_point) unit.set_point = temperature_fact(at(cells, field::set_point), scale);
  if (unit.own_limits) return;
  const auto low = temperature_fact(at(cells, field::low_limit), scale);
  const auto high = temperature_fact(at(cells, field::high_limit), scale);
  if (low && high && *low < *high) unit.own_limits = limits{*low, *high};
}

bool row_builder::add(const row_cells& cells) {
  if (payload_.rows.size() >= limits_.max_rows) return false;
  const auto scale = scale_of(at(cells, field::scale), mapping_.default_scale);
  payload_row row;
  row.scale = scale.value_or(mapping_.default_scale);
  row.unit = unit_index(cells, row.scale);
  row.sensor = text_of(at(cells, field::sensor), max_name_bytes);
  row.content = value_of(at(cells, field::temperature), scale);
  if (auto* refusal = std::get_if<row_refusal>(&row.content); refusal && !scale)
    refusal->raw = text_of(at(cells, field::scale), max_raw_bytes);

  const cell& time = at(cells, field::time);
  source_time when;
  if (time.what == cell::kind::number) when = times_.read(time.number);
  if (time.what == cell::kind::text) when = times_.read(trimmed(time.text));
  const bool plausible = when.what == source_time::kind::instant && when.first >= earliest_plausible;
  row_time_texts_.push_back(plausible ? std::string() : text_of(time, max_raw_bytes));
  row_times_.push_back(when);
  payload_.rows.push_back(std::move(row));
  return true;
}

bool row_builder::add_broken(std::string_view raw) {
  if (!add(row_cells{})) return false;
  payload_.rows.back().content =
      row_refusal{reject_reason::bad_value, {}, {}, std::string(clip_utf8(raw, max_raw_bytes))};
  row_times_.back().reset();
  return true;
}

/// Gives the row its time, or the reason of its time as the reason of the row.
void row_builder::refuse_by_time(std::size_t row) {
  if (!row_times_[row]) return;
  const source_time& when = *row_times_[row];
  auto& content = payload_.rows[row].content;
  const auto refuse = [&](reject_reason reason, std::optional<timestamp> instant, std::string raw) {
    const auto* value = std::get_if<row_value>(&content);
    content = row_refusal{reason, instant, value ? std::optional(value->value) : std::nullopt, std::move(raw)};
  };
  switch (when.what) {
  case source_time::kind::unreadable:
    return refuse(reject_reason::bad_time, {}, row_time_texts_[row]);
  case source_time::kind::skipped:
    return refuse(reject_reason::nonexistent_time, {}, row_time_texts_[row]);
  case source_time::kind::repeated:
    return refuse(reject_reason::ambiguous_time, {}, row_time_texts_[row]);
  case source_time::kind::instant:
    break;
  }
  if (when.first < earliest_plausible) return refuse(reject_reason::bad_time, {}, row_time_texts_[row]);
  if (when.first > limits_.latest) return refuse(reject_reason::future, when.first, {});
  if (auto* value = std::get_if<row_value>(&content)) value->at = when.first;
  if (auto* refusal = std::get_if<row_refusal>(&content)) refusal->at = when.first;
}

parsed_payload row_builder::finish() {
  std::vector<std::vector<source_time*>> by_unit(payload_.units.size());
  for (std::size_t row = 0; row < row_times_.size(); ++row)
    if (row_times_[row]) by_unit[payload_.rows[row].unit].push_back(&*row_times_[row]);
  for (std::size_t unit = 0; unit < by_unit.size(); ++unit)
    if (!payload_.units[unit].unit_code.empty()) settle_repeated(by_unit[unit], limits_.latest);

  for (std::size_t row = 0; row < row_times_.size(); ++row) {
    refuse_by_time(row);
    payload_row& done = payload_.rows[row];
    if (!payload_.units[done.unit].unit_code.empty()) continue;
    if (const auto* value = std::get_if<row_value>(&done.content))
      done.content = row_refusal{reject_reason::unknown_unit, value->at, value->value, {}};
  }
  return std::move(payload_);
}

} // namespace coldvigil
