#include "app/open_parts.hpp"

#include "model/course_detector.hpp"
#include "model/default_model.hpp"
#include "model/paired_detector.hpp"

#include <filesystem>

namespace coldvigil {

result<std::unique_ptr<store>> open_store(const store_settings& settings) {
  store_options options;
  options.path = settings.path;
  options.url = settings.url;
  options.max_log_bytes = settings.max_log_bytes;
  options.keep_polls = settings.keep_polls;
  options.settle_patience = settings.settle_patience;
  if (settings.kind == store_kind::postgres) return open_postgres(options);
  const auto folder = std::filesystem::path(settings.path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error)
    return failure{error_code::unavailable, "the store's folder cannot be made: " + error.message(), folder.string(),
                   "set store.path to a place that can be written"};
  return open_sqlite(options);
}

result<std::shared_ptr<detector>> open_detector(const model_settings& settings) {
  if (settings.path == "none") return std::shared_ptr<detector>{};
  auto loaded =
      settings.path.empty() ? load_detector_bytes(default_model(), "the shipped model") : load_detector(settings.path);
  if (!loaded.ok()) return loaded.error();
  return std::shared_ptr<detector>(pair_detectors(make_course_detector(), std::move(loaded).value()));
}

} // namespace coldvigil
