#include "evaluation/gather.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace coldvigil {
namespace {

/// Between two calls of the progress function.
constexpr std::uint64_t progress_every = 100'000;

/// A unit while its readings stream by.
struct watched_unit {
  reorder_window order;
  bounds_watch bounds;
  std::optional<timestamp> first{}, last{};
};

struct labelled {
  std::vector<label_row> labels; ///< in order of their start
  std::optional<unit_row> facts{};
};

class gatherer {
 public:
  explicit gatherer(const gather_options& options) : options_(options) {
    for (const unit_row& unit : options.units)
      known_[unit.unit].facts = unit;
    for (const label_row& label : options.labels)
      known_[label.unit].labels.push_back(label);
    for (auto& [unit, about] : known_)
      std::stable_sort(about.labels.begin(), about.labels.end(),
                       [](const label_row& a, const label_row& b) { return a.start < b.start; });
  }

  status read(const std::function<void(double)>& progress) {
    auto file = readings_file::open(options_.readings);
    if (!file.ok()) return file.error();
    file_reading reading;
    while (file->next(reading)) {
      if (!options_.within.holds(reading.at)) {
        ++out_.order.far_off;
        continue;
      }
      watched_unit* unit = find(reading.unit);
      if (unit == nullptr)
        return failure{error_code::limit, "the readings have too many units", options_.readings,
                       "evaluate them in parts"};
      if (const auto next = unit->order.add({reading.at, reading.value}, out_.order)) take(*unit, *next);
      if (++rows_ % progress_every == 0) progress(file->progress());
    }
    if (!file->sound()) return failure{error_code::unavailable, "reading the file broke off", options_.readings};
    out_.reading_problems = file->problems();
    progress(1);
    return nothing{};
  }

  gathered finish() {
    for (auto& [code, unit] : units_) {
      while (const auto next = unit->order.flush())
        take(*unit, *next);
      unit->bounds.finish();
    }
    std::map<std::string, std::vector<episode>> alarms = alarms_by_unit();
    for (auto& [code, unit] : units_)
      out_.units.push_back(make(code, *unit, std::move(alarms[code])));
    for (const label_row& label : options_.labels)
      out_.unknown_units_labels += units_.contains(label.unit) ? 0 : 1;
    return std::move(out_);
  }

 private:
  watched_unit* find(std::string_view code) {
    if (newest_ != nullptr && *newest_code_ == code) return newest_;
    auto found = units_.find(code);
    if (found == units_.end()) {
      if (units_.size() >= options_.most_units) return nullptr;
      found = units_.emplace(std::string(code), std::make_unique<watched_unit>(start(std::string(code)))).first;
    }
    newest_code_ = &found->first;
    newest_ = found->second.get();
    return newest_;
  }

  watched_unit start(const std::string& code) const {
    const auto known = known_.find(code);
    if (known == known_.end()) return {reorder_window(options_.reorder_window), bounds_watch({}, {}, {})};
    std::vector<fault_span> spans;
    for (const label_row& label : known->second.labels)
      spans.push_back({label.start, label.end});
    const auto& facts = known->second.facts;
    const auto low = facts ? facts->low : std::nullopt;
    const auto high = facts ? facts->high : std::nullopt;
    return {reorder_window(options_.reorder_window), bounds_watch(low, high, std::move(spans))};
  }

  void take(watched_unit& unit, const ordered_reading& reading) {
    if (!unit.first) unit.first = reading.at;
    unit.last = reading.at;
    ++out_.readings;
    if (reading.value)
      unit.bounds.add(reading.at, *reading.value);
    else
      ++out_.missing;
  }

  std::map<std::string, std::vector<episode>> alarms_by_unit() {
    std::map<std::string, std::vector<episode>> out;
    for (const alarm_row& alarm : options_.alarms) {
      const auto unit = units_.find(alarm.unit);
      if (unit == units_.end()) {
        ++out_.unknown_units_alarms;
      } else if (alarm.severity != "alarm") {
        ++out_.other_severities;
      } else {
        const timestamp end = unit->second->last.value_or(alarm.opened);
        out[alarm.unit].push_back({alarm.opened, alarm.closed.value_or(std::max(alarm.opened, end))});
      }
    }
    return out;
  }

  gathered_unit make(const std::string& code, const watched_unit& unit, std::vector<episode> alarms) const {
    gathered_unit out;
    out.watched.unit = code;
    out.watched.from = unit.first.value_or(timestamp{}) + options_.skip;
    out.watched.to = unit.last.value_or(timestamp{});
    out.watched.alarms = std::move(alarms);
    out.bounds_instant = unit.bounds.instant();
    out.bounds_sustained = unit.bounds.sustained();
    const auto known = known_.find(code);
    if (known == known_.end()) return out;
    if (const auto& facts = known->second.facts) {
      out.watched.site = facts->site;
      out.has_limits = facts->low || facts->high;
    }
    const auto& labels = known->second.labels;
    for (std::size_t i = 0; i < labels.size(); ++i)
      out.watched.faults.push_back({labels[i].kind, {labels[i].start, labels[i].end}, unit.bounds.breaches()[i]});
    return out;
  }

  const gather_options& options_;
  std::map<std::string, labelled> known_;
  std::map<std::string, std::unique_ptr<watched_unit>, std::less<>> units_;
  const std::string* newest_code_ = nullptr;
  watched_unit* newest_ = nullptr;
  std::uint64_t rows_ = 0;
  gathered out_;
};

} // namespace

result<gathered> gather(const gather_options& options, const std::function<void(double)>& progress) {
  gatherer all(options);
  if (const auto read = all.read(progress); !read.ok()) return read.error();
  return all.finish();
}

} // namespace coldvigil
