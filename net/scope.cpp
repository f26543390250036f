#include "net/scope.hpp"

#include <algorithm>

namespace coldvigil {

std::size_t scope::unit_count() const {
  std::size_t count = 0;
  for (const auto& one : customers)
    count += one->unit_count;
  return count;
}

scope scope_of(const now_board& board, std::optional<customer_id> customer) {
  scope out;
  out.customer = customer;
  if (!customer) {
    all_now all = board.all();
    out.customers = std::move(all.customers);
    std::sort(out.customers.begin(), out.customers.end(),
              [](const auto& a, const auto& b) { return a->directory->customer->id < b->directory->customer->id; });
    out.feed_last = all.feed_last;
  } else if (auto now = board.of(*customer)) {
    out.feed_last = now->feed_last;
    out.customers.push_back(std::move(now));
  }
  return out;
}

std::optional<scope> scope_of(const api& with, const api_request& request) {
  const now_board& board = with.core().board();
  scope out = scope_of(board, request.who->customer);
  const auto code = request.query.text("customer");
  if (!code) return out;
  const auto found = std::find_if(out.customers.begin(), out.customers.end(),
                                  [&](const auto& one) { return one->directory->customer->code == *code; });
  if (found == out.customers.end()) return std::nullopt;
  return scope_of(board, (*found)->directory->customer->id);
}

std::optional<found_unit> find_unit_by_id(const scope& within, unit_id unit) {
  for (const auto& customer : within.customers) {
    if (const unit_now* found = customer->find(unit)) return found_unit{customer, found};
  }
  return std::nullopt;
}

std::optional<found_unit> find_unit(const scope& within, const std::string& name) {
  const auto id = parse_uuid(name);
  const std::string wanted = id ? to_string(*id) : name;
  std::optional<found_unit> found;
  for (const auto& customer : within.customers) {
    const unit_now* unit = customer->find(wanted);
    if (!unit) continue;
    if (found) return std::nullopt;
    found = found_unit{customer, unit};
  }
  return found;
}

std::shared_ptr<const facility_record> find_facility(const scope& within, const std::string& name) {
  std::shared_ptr<const facility_record> found;
  for (const auto& customer : within.customers)
    for (const auto& facility : customer->directory->facilities) {
      if (facility->code != name && to_string(facility->public_id) != name) continue;
      if (found) return nullptr;
      found = facility;
    }
  return found;
}

} // namespace coldvigil
