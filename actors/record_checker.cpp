#include "actors/record_checker.hpp"

#include <chrono>
#include <utility>

namespace coldvigil::actors {
namespace {

constexpr std::size_t entries_a_step = 256;
/// Whoever waits longer is told how far the check is.
constexpr millis patience = std::chrono::seconds{2};
/// Somebody who asks in a loop does not keep the database busy.
constexpr millis fresh_enough = std::chrono::seconds{10};

} // namespace

bool record_checker::join(answer done) {
  const timestamp now = time_.now();
  if (check_ && check_->ended_at && now - *check_->ended_at < fresh_enough) {
    done(*check_);
    return false;
  }
  const bool begins = !running();
  if (begins) {
    auto head = source_->head();
    if (!head.ok()) {
      done(head.error());
      return false;
    }
    check_ = record_check{{}, *head, now, {}};
  }
  waiting_.push_back({now, std::move(done)});
  return begins;
}

bool record_checker::step() {
  if (!running()) return false;
  auto further = source_->check_chain(check_->so_far, entries_a_step);
  if (!further.ok()) {
    fail(further.error());
    return false;
  }
  const timestamp now = time_.now();
  check_->so_far = std::move(*further);
  if (check_->so_far.finished()) check_->ended_at = now;
  const bool ended = check_->ended_at.has_value();
  tell([&](const waiter& each) { return ended || now - each.since >= patience; }, *check_);
  return !ended;
}

void record_checker::fail(const failure& why) {
  check_.reset();
  tell([](const waiter&) { return true; }, why);
}

void record_checker::tell(const std::function<bool(const waiter&)>& whom, const result<record_check>& what) {
  std::vector<waiter> staying;
  for (waiter& each : std::exchange(waiting_, {})) {
    if (whom(each))
      each.done(what);
    else
      staying.push_back(std::move(each));
  }
  waiting_ = std::move(staying);
}

} // namespace coldvigil::actors
