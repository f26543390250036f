#include "evaluation/silence_habits.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

constexpr millis day = std::chrono::days{1};
constexpr millis about = std::chrono::hours{1}; ///< the same time of the day
constexpr millis least_more = std::chrono::minutes{15};
constexpr std::size_t makes_a_pace = 3;
constexpr int paces_missed = 2;
constexpr millis pace_lasts = std::chrono::days{7};

bool alike(millis a, millis b) {
  return std::chrono::abs(a - b) <= b / 8;
}

} // namespace

std::size_t silence_habits::find(timestamp began) const {
  std::size_t best = habits_.size();
  millis nearest = about;
  for (std::size_t i = 0; i < habits_.size(); ++i) {
    const millis off = std::chrono::abs(began - habits_[i].newest - day);
    if (off > nearest || (off == nearest && best < habits_.size())) continue;
    best = i;
    nearest = off;
  }
  return best;
}

void silence_habits::add_to_pace(timestamp began, millis lasted) {
  const bool goes_on = began == running_.newest && alike(lasted, running_.gap);
  running_ = {lasted, goes_on ? running_.in_a_row + 1 : 1, began + lasted};
  const bool known = known_.in_a_row > 0 && alike(lasted, known_.gap);
  if (known || running_.in_a_row >= makes_a_pace) known_ = running_;
}

void silence_habits::add(timestamp began, millis lasted) {
  add_to_pace(began, lasted);
  std::erase_if(habits_, [&](const habit& each) { return began - each.newest > day + about; });
  std::size_t at = find(began);
  if (at == habits_.size()) habits_.emplace_back();
  habit& of = habits_[at];
  of.newest = began;
  of.lasted[of.days++ % of.lasted.size()] = lasted;
}

millis silence_habits::allowed(timestamp began) const {
  const bool paced = known_.in_a_row > 0 && began - known_.newest <= pace_lasts;
  return std::max(of_the_hour(began), paced ? paces_missed * known_.gap : millis{0});
}

millis silence_habits::of_the_hour(timestamp began) const {
  const std::size_t at = find(began);
  if (at == habits_.size() || habits_[at].days < habits_[at].lasted.size()) return millis{0};
  // The middle one: a single outage that began at that time does not excuse the next.
  auto lasted = habits_[at].lasted;
  std::sort(lasted.begin(), lasted.end());
  return lasted[1] + std::max(least_more, lasted[1] / 4);
}

} // namespace coldvigil
