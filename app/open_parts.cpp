#include "app/open_parts.hpp"

#include "model/default_model.hpp"
#include "model/model_file.hpp"
#include "model/model_registry.hpp"
#include "model/paired_detector.hpp"

#include <filesystem>

namespace coldvigil {

namespace {

store_options options_of(const store_settings& settings) {
  store_options out;
  out.path = settings.path;
  out.url = settings.url;
  out.max_log_bytes = settings.max_log_bytes;
  out.keep_polls = settings.keep_polls;
  out.keep_rejects = settings.keep_rejects;
  out.keep_deliveries = settings.keep_deliveries;
  out.keep_cases = settings.keep_cases;
  out.settle_patience = settings.settle_patience;
  return out;
}

} // namespace

result<std::unique_ptr<store_reader>> open_store_reader(const store_settings& settings) {
  const store_options options = options_of(settings);
  return settings.kind == store_kind::postgres ? open_postgres_reader(options) : open_sqlite_reader(options);
}

result<std::unique_ptr<store>> open_store(const store_settings& settings) {
  const store_options options = options_of(settings);
  if (settings.kind == store_kind::postgres) return open_postgres(options);
  const auto folder = std::filesystem::path(settings.path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error)
    return failure{error_code::unavailable, "the store's folder cannot be made: " + error.message(), folder.string(),
                   "set store.path to a place that can be written"};
  return open_sqlite(options);
}

std::string model_place(const std::string& path) {
  return path.empty() ? "the shipped model" : path;
}

result<std::vector<std::byte>> model_bytes(const std::string& path) {
  if (path.empty()) {
    const auto shipped = default_model();
    return std::vector<std::byte>(shipped.begin(), shipped.end());
  }
  std::error_code error;
  return std::filesystem::is_directory(path, error) ? model_registry(path).meant() : read_model_bytes(path);
}

result<std::unique_ptr<detector>> load_model(const std::string& path, double budget) {
  const auto bytes = model_bytes(path);
  if (!bytes.ok()) return bytes.error();
  return load_pair(*bytes, model_place(path), budget);
}

result<opened_detector> open_detector(const model_settings& settings) {
  if (settings.path == "none") return opened_detector{};
  opened_detector out;
  if (!settings.path.empty()) {
    auto loaded = load_model(settings.path, settings.budget);
    if (!loaded.ok()) return loaded.error();
    out.scorer = std::move(*loaded);
    out.version = settings.path;
    return out;
  }
  const model_registry models(settings.registry);
  auto candidates = models.standing();
  if (!candidates.ok()) out.refused = candidates.error().text();
  std::vector<std::string> versions = candidates.ok() ? std::move(*candidates) : std::vector<std::string>{};
  versions.insert(versions.begin(), std::string(shipped_version));
  for (; !versions.empty(); versions.pop_back()) {
    const auto bytes = models.read(versions.back());
    auto loaded = bytes.ok() ? load_pair(*bytes, versions.back(), settings.budget)
                             : result<std::unique_ptr<detector>>(bytes.error());
    if (loaded.ok()) {
      out.scorer = std::move(*loaded);
      out.version = versions.back();
      return out;
    }
    if (out.refused.empty()) out.refused = loaded.error().text();
  }
  return failure{error_code::corrupt, "no model can be used", settings.registry, out.refused};
}

} // namespace coldvigil
