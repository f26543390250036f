#include "net/tickets.hpp"

#include <algorithm>

namespace coldvigil {

live_tickets::holder_key live_tickets::key_of(const identity& holder) {
  return holder.customer ? number(*holder.customer) : 0;
}

void live_tickets::forget(holder_key holder, const std::string& ticket) {
  const auto own = by_holder_.find(holder);
  own->second.erase(std::find(own->second.begin(), own->second.end(), ticket));
  if (own->second.empty()) by_holder_.erase(own);
  tickets_.erase(ticket);
}

void live_tickets::forget_expired(timestamp now) {
  std::erase_if(tickets_, [now](const auto& each) { return each.second.expires <= now; });
  for (auto& [holder, own] : by_holder_)
    std::erase_if(own, [this](const std::string& ticket) { return !tickets_.contains(ticket); });
  std::erase_if(by_holder_, [](const auto& each) { return each.second.empty(); });
}

std::optional<issued_ticket> live_tickets::issue(const identity& holder, timestamp now) {
  issued_ticket out{make_token(random_)};
  const holder_key key = key_of(holder);
  const std::lock_guard lock(mutex_);
  if (const auto own = by_holder_.find(key); own != by_holder_.end() && own->second.size() >= limits_.most_each) {
    out.displaced = tickets_.at(own->second.front()).expires > now;
    forget(key, std::string(own->second.front()));
  }
  if (tickets_.size() >= limits_.most) forget_expired(now);
  if (tickets_.size() >= limits_.most) return std::nullopt;
  tickets_.emplace(out.text, entry{holder, now + limits_.lifetime});
  by_holder_[key].push_back(out.text);
  return out;
}

std::optional<identity> live_tickets::redeem(const std::string& ticket, timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return std::nullopt;
  const entry taken = found->second;
  forget(key_of(taken.holder), ticket);
  if (taken.expires <= now) return std::nullopt;
  return taken.holder;
}

} // namespace coldvigil
