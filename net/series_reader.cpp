#include "net/series_reader.hpp"

#include "core/history_page.hpp"

#include <algorithm>

namespace coldvigil {

asio::awaitable<std::variant<series, http_answer>> read_series(api& with, const found_unit& unit, timestamp from,
                                                               timestamp to) {
  const unit_record& record = *unit.unit->unit;
  series_query query;
  query.customer = record.customer;
  query.unit = record.id;
  query.from = from;
  query.to = to;
  auto start = [&](auto done) {
    with.core().series_of(query, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<series>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok()) co_return engine_failed(got->error());
  co_return std::move(got->value());
}

asio::awaitable<std::variant<series, http_answer, too_many_readings>>
read_series_up_to(api& with, const found_unit& unit, timestamp from, timestamp to, std::size_t most) {
  const millis page = history_page(unit.unit->unit->interval);
  series out;
  for (timestamp begin = from; begin <= to; begin += page) {
    auto read = co_await read_series(with, unit, begin, std::min(to, begin + page - millis{1}));
    if (auto* failed = std::get_if<http_answer>(&read)) co_return std::move(*failed);
    series& part = std::get<series>(read);
    out.readings.insert(out.readings.end(), part.readings.begin(), part.readings.end());
    out.sensors = std::move(part.sensors);
    if (out.readings.size() > most) co_return too_many_readings{};
  }
  co_return out;
}

time_span read_span(const api& with, query_string& query, const std::string& from, const std::string& to) {
  const auto first = query.time(from);
  const auto last = query.time(to);
  time_span span;
  // Readings may be measured a little later than now.
  span.to = last.value_or(with.now() + with.options.future_tolerance);
  span.from = first.value_or(last ? *last - std::chrono::hours{24} : with.now() - std::chrono::hours{24});
  if (span.from > span.to) query.reject(from, "not later than " + to);
  if (span.to - span.from > with.options.max_span)
    query.reject(from, "at most " + std::to_string(with.options.max_span / std::chrono::hours{24}) + " days");
  return span;
}

std::vector<judged_reading> keep_extremes(const std::vector<judged_reading>& readings, std::size_t points) {
  if (readings.size() <= points) return readings;
  std::vector<judged_reading> kept;
  const auto stretches = static_cast<std::int64_t>(std::max<std::size_t>(points / 2, 1));
  const std::int64_t first = to_ms(readings.front().at);
  const std::int64_t width = (to_ms(readings.back().at) - first) / stretches + 1;
  std::size_t i = 0;
  while (i < readings.size()) {
    const std::int64_t stretch = (to_ms(readings[i].at) - first) / width;
    std::size_t low = i;
    std::size_t high = i;
    for (; i < readings.size() && (to_ms(readings[i].at) - first) / width == stretch; ++i) {
      if (readings[i].value < readings[low].value) low = i;
      if (readings[i].value > readings[high].value) high = i;
    }
    kept.push_back(readings[std::min(low, high)]);
    if (low != high && kept.size() < points) kept.push_back(readings[std::max(low, high)]);
  }
  return kept;
}

} // namespace coldvigil
