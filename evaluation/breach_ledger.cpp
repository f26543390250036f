#include "evaluation/breach_ledger.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

using std::chrono::hours;

/// So long a forecast may take to come true.
millis patience(breach_horizon of) {
  switch (of) {
  case breach_horizon::none:
    return {};
  case breach_horizon::minutes:
    return hours{4};
  case breach_horizon::six_hours:
    return hours{9};
  case breach_horizon::day:
    return hours{36};
  case breach_horizon::later:
    return hours{108};
  }
  return {};
}

double minutes(millis of) {
  return std::chrono::duration<double, std::ratio<60>>(of).count();
}

void count(const breach_forecast& said, std::optional<millis> came_after, breach_outcomes& to) {
  breach_outcome& out = to.of(said.within);
  ++out.said;
  if (!came_after) return;
  ++out.came;
  if (said.within != breach_horizon::minutes) return;
  const double after = minutes(*came_after), expected = static_cast<double>(said.minutes);
  out.near += after <= 2 * expected && expected <= 2 * after ? 1 : 0;
  out.inside += after >= static_cast<double>(said.earliest) && after <= static_cast<double>(said.latest) ? 1 : 0;
}

} // namespace

void breach_ledger::settle(timestamp at, bool high, breach_outcomes& to) {
  for (auto& open : open_)
    std::erase_if(open, [&](const forecast& one) {
      if (one.said.high != high) return false;
      count(one.said, at - one.at, to);
      return true;
    });
}

void breach_ledger::forget_old(timestamp at, breach_outcomes& to) {
  for (auto& open : open_)
    while (!open.empty() && at - open.front().at > patience(open.front().said.within)) {
      count(open.front().said, std::nullopt, to);
      open.pop_front();
    }
}

void breach_ledger::add(timestamp at, milli_celsius value, const breach_forecast& said,
                        std::optional<milli_celsius> low, std::optional<milli_celsius> high, breach_outcomes& to) {
  forget_old(at, to);
  const bool above = high && value > *high, below = low && value < *low;
  if (above || below) {
    settle(at, above, to);
    return;
  }
  if ((!low && !high) || (counted_ && at - *counted_ < counted_every)) return;
  counted_ = at;
  ++to.looked_at;
  if (said.within != breach_horizon::none) open_[static_cast<std::size_t>(said.within)].push_back({at, said});
}

} // namespace coldvigil
