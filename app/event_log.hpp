#pragma once
// Structured logs: one event a line, with fields, as text or JSON, on standard error. What a program that started us
// must read (addresses) goes to standard output, always as JSON.

#include "config/settings.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace coldvigil {

using log_fields = std::initializer_list<std::pair<std::string_view, std::string>>;

/// Thread-safe.
class event_log {
 public:
  explicit event_log(const log_settings& settings);
  ~event_log();

  void write(log_level level, std::string_view event, log_fields fields) const;
  void info(std::string_view event, log_fields fields = {}) const { write(log_level::info, event, fields); }
  void warning(std::string_view event, log_fields fields = {}) const { write(log_level::warning, event, fields); }
  void error(std::string_view event, log_fields fields = {}) const { write(log_level::error, event, fields); }

 private:
  struct sink;
  std::unique_ptr<sink> sink_;
};

/// One JSON object on a line of standard output, flushed.
void announce(std::string_view event, log_fields fields);

} // namespace coldvigil
