#include "net/tickets.hpp"

namespace coldvigil {

void live_tickets::forget_expired(timestamp now) {
  while (!by_age_.empty() && by_age_.front().first <= now) {
    tickets_.erase(by_age_.front().second);
    by_age_.pop_front();
  }
}

std::optional<std::string> live_tickets::issue(const identity& holder, timestamp now) {
  std::string ticket = make_token(random_);
  const std::lock_guard lock(mutex_);
  forget_expired(now);
  // Redeemed tickets still stand in the queue: it bounds how many are issued within one lifetime.
  if (by_age_.size() >= most_) return std::nullopt;
  tickets_.emplace(ticket, entry{holder, now + lifetime_});
  by_age_.emplace_back(now + lifetime_, ticket);
  return ticket;
}

std::optional<identity> live_tickets::redeem(const std::string& ticket, timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return std::nullopt;
  const entry taken = std::move(found->second);
  tickets_.erase(found);
  if (taken.expires <= now) return std::nullopt;
  return taken.holder;
}

} // namespace coldvigil
