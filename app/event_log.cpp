#include "app/event_log.hpp"

#include "core/time.hpp"

#include <boost/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>

namespace coldvigil {
namespace {

spdlog::level::level_enum level_of(log_level level) {
  switch (level) {
  case log_level::trace:
    return spdlog::level::trace;
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warning:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  }
  return spdlog::level::info;
}

boost::json::object object_of(std::string_view event, log_fields fields) {
  boost::json::object out;
  out["event"] = event;
  for (const auto& [key, value] : fields)
    out[key] = value;
  return out;
}

/// key="value", with quotes and control characters escaped, so that a line stays a line.
std::string text_of(std::string_view event, log_fields fields) {
  std::string out(event);
  for (const auto& [key, value] : fields) {
    out += ' ';
    out += key;
    out += '=';
    out += boost::json::serialize(boost::json::string(value));
  }
  return out;
}

} // namespace

struct event_log::sink {
  spdlog::logger logger;
  bool json = false;
};

event_log::event_log(const log_settings& settings)
    : sink_(std::make_unique<sink>(
          sink{spdlog::logger("coldvigil", std::make_shared<spdlog::sinks::stderr_sink_mt>()), false})) {
  sink_->json = settings.format == log_format::json;
  sink_->logger.set_pattern(sink_->json ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %-7l %v");
  sink_->logger.set_level(level_of(settings.level));
  sink_->logger.flush_on(spdlog::level::warn);
}

event_log::~event_log() = default;

void event_log::write(log_level level, std::string_view event, log_fields fields) const {
  const auto severity = level_of(level);
  if (!sink_->logger.should_log(severity)) return;
  if (!sink_->json) return sink_->logger.log(severity, "{}", text_of(event, fields));
  boost::json::object line = object_of(event, fields);
  line["at"] = format_utc(system_clock{}.now());
  const auto name = spdlog::level::to_string_view(severity);
  line["level"] = std::string_view(name.data(), name.size());
  sink_->logger.log(severity, "{}", boost::json::serialize(line));
}

void announce(std::string_view event, log_fields fields) {
  const std::string line = boost::json::serialize(object_of(event, fields)) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

} // namespace coldvigil
