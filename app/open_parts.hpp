#pragma once
// What the settings name, opened: the store and the detector.

#include "config/settings.hpp"
#include "core/result.hpp"
#include "db/store.hpp"
#include "model/detector.hpp"

#include <memory>
#include <string>
#include <vector>

namespace coldvigil {

/// The folder of a SQLite file is made when it is missing.
result<std::unique_ptr<store>> open_store(const store_settings& settings);

/// Of a store that exists, which is neither made nor changed; also beside the running server.
result<std::unique_ptr<store_reader>> open_store_reader(const store_settings& settings);

/// The model file, of a folder of models the active or only one, or, when it is empty, the model that ships.
[[nodiscard]] result<std::vector<std::byte>> model_bytes(const std::string& path);
/// For people.
[[nodiscard]] std::string model_place(const std::string& path);
/// As the engine runs it, with so many false alarms a unit-month.
[[nodiscard]] result<std::unique_ptr<detector>> load_model(const std::string& path, double budget);

struct opened_detector {
  std::shared_ptr<detector> scorer{}; ///< nothing when the settings say "none": rules work alone
  std::string version{};              ///< in the folder of models, or the file's path
  std::string refused{};              ///< why a newer version that was active could not be used; empty = none
};
/// The model that the settings name, else the newest of those made active that can be used, else the shipped one.
result<opened_detector> open_detector(const model_settings& settings);

} // namespace coldvigil
