#include "core/duty_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace coldvigil {
namespace {

/// Exactly so many digits.
std::optional<int> digits(std::string_view text, std::size_t count) {
  int out = 0;
  if (text.size() != count || text.front() == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

std::string time_of_day(std::chrono::minutes at) {
  char out[16];
  std::snprintf(out, sizeof out, "%02d:%02d", static_cast<int>(at.count() / 60), static_cast<int>(at.count() % 60));
  return out;
}

/// What stands between commas; nothing when one of them is empty.
std::optional<std::vector<std::string_view>> listed(std::string_view text) {
  std::vector<std::string_view> out;
  if (trimmed(text).empty()) return out;
  for (;;) {
    const std::size_t comma = text.find(',');
    out.push_back(trimmed(text.substr(0, comma)));
    if (out.back().empty()) return std::nullopt;
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

std::optional<std::string> overlap_in(std::vector<duty_span> spans, const std::string& day) {
  std::sort(spans.begin(), spans.end(), [](const duty_span& a, const duty_span& b) { return a.from < b.from; });
  for (std::size_t i = 1; i < spans.size(); ++i)
    if (spans[i - 1].overnight() || spans[i].from < spans[i - 1].to)
      return to_text(spans[i - 1]) + " and " + to_text(spans[i]) + " of " + day;
  return std::nullopt;
}

} // namespace

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto hour = digits(text.substr(0, colon), 2), minute = digits(text.substr(colon + 1), 2);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return std::chrono::minutes{*hour * 60 + *minute};
}

std::optional<std::vector<duty_span>> parse_duty(std::string_view text) {
  const auto spans = listed(text);
  if (!spans) return std::nullopt;
  std::vector<duty_span> out;
  for (const std::string_view each : *spans) {
    const std::size_t dash = each.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = parse_time_of_day(trimmed(each.substr(0, dash)));
    const auto to = parse_time_of_day(trimmed(each.substr(dash + 1)));
    if (!from || !to || *from == std::chrono::hours{24}) return std::nullopt;
    out.push_back({*from, *to});
  }
  return out;
}

std::string to_text(const duty_span& span) {
  return time_of_day(span.from) + "-" + time_of_day(span.to);
}

std::optional<std::string> overlap_in(const schedule& what) {
  for (std::size_t day = 0; day < what.week.size(); ++day)
    if (auto found = overlap_in(what.week[day], weekday_names[day])) return found;
  for (const auto& [date, spans] : what.dates)
    if (auto found = overlap_in(spans, to_text(date))) return found;
  return std::nullopt;
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4), 4), month = digits(text.substr(5, 2), 2),
             day = digits(text.substr(8, 2), 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day out{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                        std::chrono::day{static_cast<unsigned>(*day)}};
  if (!out.ok()) return std::nullopt;
  return std::chrono::sys_days{out};
}

std::string to_text(std::chrono::sys_days date) {
  return format_utc(timestamp{date}).substr(0, 10);
}

std::optional<std::vector<step_target>> parse_targets(std::string_view text) {
  constexpr std::string_view team_word = "team:";
  const auto names = listed(text);
  if (!names || names->empty()) return std::nullopt;
  std::vector<step_target> out;
  for (std::string_view each : *names) {
    step_target target;
    const std::size_t slash = each.find('/');
    if (slash != std::string_view::npos) {
      target.channel = each.substr(slash + 1);
      if (target.channel.empty()) return std::nullopt;
    }
    each = each.substr(0, slash);
    const bool is_team = each.starts_with(team_word);
    if (is_team) each.remove_prefix(team_word.size());
    if (each.empty()) return std::nullopt;
    (is_team ? target.team : target.person) = each;
    out.push_back(std::move(target));
  }
  return out;
}

} // namespace coldvigil
