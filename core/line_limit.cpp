#include "core/line_limit.hpp"

#include <utility>

namespace coldvigil {

std::optional<std::uint64_t> line_limit::pass(const std::string& kind, timestamp now) {
  const bool room = kinds_.size() < most_kinds || kinds_.contains(kind);
  const auto [found, first] = kinds_.try_emplace(room ? kind : std::string());
  seen& of = found->second;
  if (!first && now < of.last + span_) {
    ++of.kept_back;
    return std::nullopt;
  }
  of.last = now;
  return std::exchange(of.kept_back, 0);
}

} // namespace coldvigil
