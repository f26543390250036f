#pragma once
// The readings of a store as the files that backtest reads, in a folder that goes with the object.

#include "app/leftover.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"
#include "evaluation/tables.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace coldvigil {

class stored_readings {
 public:
  /// The newest `days` of every unit, named CUSTOMER/UNIT. The server must not be running on the store.
  [[nodiscard]] static result<stored_readings> take(const store_settings& settings, std::size_t days,
                                                    const std::function<void(double share)>& progress);
  ~stored_readings();
  stored_readings(stored_readings&& other) noexcept;
  stored_readings& operator=(stored_readings&&) = delete;

  [[nodiscard]] std::string path() const { return (folder_ / "readings.csv").string(); }
  [[nodiscard]] const std::vector<unit_row>& units() const { return units_; }

 private:
  explicit stored_readings(std::filesystem::path folder);

  std::filesystem::path folder_;
  std::unique_ptr<leftover> folder_goes_, file_goes_;
  std::vector<unit_row> units_{};
};

} // namespace coldvigil
