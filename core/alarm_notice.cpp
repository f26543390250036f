#include "core/alarm_notice.hpp"

#include <array>

namespace coldvigil {
namespace {

constexpr std::array<std::string_view, severity_count> severity_words{"warning", "critical"};
constexpr std::array<std::string_view, notice_state_count> state_words{"raised", "cleared", "corrected", "annulled"};

} // namespace

std::string_view to_string(severity level) {
  return severity_words[static_cast<std::size_t>(level)];
}

std::optional<severity> parse_severity(std::string_view word) {
  for (std::size_t i = 0; i < severity_words.size(); ++i)
    if (severity_words[i] == word) return static_cast<severity>(i);
  return std::nullopt;
}

std::string_view to_string(notice_state state) {
  return state_words[static_cast<std::size_t>(state)];
}

} // namespace coldvigil
