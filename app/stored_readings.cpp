#include "app/stored_readings.hpp"

#include "app/output_file.hpp"
#include "app/stored_units.hpp"

#include <cstdlib>
#include <utility>

namespace coldvigil {

result<stored_readings> stored_readings::take(const store_settings& settings, std::size_t days,
                                              const std::function<void(double share)>& progress) {
  std::string name = (std::filesystem::temp_directory_path() / "coldvigil-readings-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return failure{error_code::unavailable, "no folder can be made for the readings", name,
                   "set TMPDIR to a place with room"};
  stored_readings out{name};
  output_file file(out.path());
  file.write(readings_header);
  const auto add = [&](const customer_record& customer, const unit_record& unit, std::vector<judged_reading>&& all) {
    unit_row row;
    row.unit = customer.code + "/" + unit.code;
    row.kind = unit.kind;
    row.set_point = unit.set_point;
    row.low = unit.range.low;
    row.high = unit.range.high;
    if (unit.interval.count() > 0) row.interval_s = unit.interval.count();
    const std::string begin = csv_cell(row.unit) + ",";
    for (const judged_reading& each : all)
      file.write(begin + format_utc(each.at) + "," + celsius_text(each.value) + "\n");
    out.units_.push_back(std::move(row));
  };
  const auto show = [&](std::size_t done, std::size_t of) {
    progress(static_cast<double>(done) / static_cast<double>(of));
  };
  if (const auto done = each_stored_unit(settings, days, add, show); !done.ok()) return done.error();
  if (const auto closed = file.close(); !closed.ok()) return closed.error();
  return out;
}

stored_readings::stored_readings(std::filesystem::path folder)
    : folder_(std::move(folder)), folder_goes_(std::make_unique<leftover>(folder_.string())),
      file_goes_(std::make_unique<leftover>(path())) {}

stored_readings::stored_readings(stored_readings&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), folder_goes_(std::move(other.folder_goes_)),
      file_goes_(std::move(other.file_goes_)), units_(std::move(other.units_)) {}

stored_readings::~stored_readings() {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

} // namespace coldvigil
