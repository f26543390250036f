#include "evaluation/readings_span.hpp"

#include "evaluation/readings_file.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <vector>

namespace coldvigil {
namespace {

constexpr std::uint64_t progress_every = 100'000; // rows
constexpr std::size_t reasons_named = 3;
constexpr millis far_apart = std::chrono::days{1};
constexpr std::uint64_t one_in = 1000, fewest_rows = 100; ///< of fewer rows none is the odd one

/// What a file has of one day.
struct day_of_readings {
  timestamp first = timestamp::max(), last = timestamp::min();
  std::uint64_t count = 0;
  void add(timestamp at) {
    first = std::min(first, at);
    last = std::max(last, at);
    ++count;
  }
};

millis between(const day_of_readings& a, const day_of_readings& b) {
  return std::max(a.first, b.first) - std::min(a.last, b.last);
}

/// So many days at the front hold, all together, so few readings, and so far from the day behind them.
std::size_t strays_at_front(std::span<const day_of_readings> days, std::uint64_t may_stray) {
  std::uint64_t held = 0;
  std::size_t strays = 0;
  for (std::size_t i = 0; i + 1 < days.size(); ++i) {
    held += days[i].count;
    if (held > may_stray) break;
    if (between(days[i], days[i + 1]) > far_apart) strays = i + 1;
  }
  return strays;
}

readings_span span_of(std::vector<day_of_readings> days, std::uint64_t rows) {
  const std::uint64_t may_stray = rows < fewest_rows ? 0 : std::max<std::uint64_t>(1, rows / one_in);
  readings_span out;
  const auto leave_out_front = [&] {
    const auto end = days.begin() + static_cast<std::ptrdiff_t>(strays_at_front(days, may_stray));
    std::for_each(days.begin(), end, [&](const day_of_readings& each) {
      out.far_off += each.count;
      out.example = each.first;
    });
    days.erase(days.begin(), end);
  };
  leave_out_front();
  out.first = days.front().first;
  std::reverse(days.begin(), days.end());
  leave_out_front();
  out.last = days.front().last;
  return out;
}

failure no_usable_row(const std::string& path, const row_problems& problems) {
  std::string why;
  for (std::size_t i = 0; i < std::min(problems.named.size(), reasons_named); ++i)
    why += (i == 0 ? ": " : "; ") + problems.named[i];
  if (problems.count > reasons_named) why += "; and " + std::to_string(problems.count - reasons_named) + " more";
  return {error_code::invalid_argument, "the readings have no usable row" + why, path,
          "columns unit_id, timestamp, temperature"};
}

} // namespace

result<readings_span> span_of_readings(const std::string& path, const std::function<void(double)>& progress) {
  auto file = readings_file::open(path);
  if (!file.ok()) return file.error();
  std::map<std::chrono::sys_days, day_of_readings> days; // bounded: times are of 1970 to 2200
  std::uint64_t rows = 0;
  file_reading one;
  while (file->next(one)) {
    days[std::chrono::floor<std::chrono::days>(one.at)].add(one.at);
    if (++rows % progress_every == 0) progress(file->progress());
  }
  if (!file->sound()) return failure{error_code::unavailable, "reading the file broke off", path};
  if (rows == 0) return no_usable_row(path, file->problems());
  std::vector<day_of_readings> in_order;
  for (const auto& [day, readings] : days)
    in_order.push_back(readings);
  return span_of(std::move(in_order), rows);
}

} // namespace coldvigil
