#include "core/link_book.hpp"

#include <array>

namespace coldvigil {

std::string_view to_string(link_purpose purpose) {
  constexpr std::array<std::string_view, link_purpose_count> words{"acknowledge", "confirm_receipt"};
  return words[static_cast<std::size_t>(purpose)];
}

bool link_book::add(message_link link, timestamp now) {
  if (links_.size() >= most_) std::erase_if(links_, [now](const auto& each) { return each.second.expires_at <= now; });
  if (links_.size() >= most_) return false;
  restore(std::move(link));
  return true;
}

result<message_link> link_book::look(const std::string& sha256_hex, timestamp now) const {
  const auto found = links_.find(sha256_hex);
  if (found == links_.end() || found->second.expires_at <= now)
    return failure{error_code::not_found, "this link is not known or has expired", "",
                   "acknowledge on the dashboard, or use the newest message"};
  if (found->second.used_at)
    return failure{error_code::conflict, "this link has been used at " + format_utc(*found->second.used_at), "",
                   "nothing more is to be done"};
  return found->second;
}

result<message_link> link_book::use(const std::string& sha256_hex, timestamp now) {
  auto out = look(sha256_hex, now);
  if (!out) return out;
  out->used_at = now;
  restore(*out);
  return out;
}

} // namespace coldvigil
