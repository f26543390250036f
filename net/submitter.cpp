#include "net/submitter.hpp"

#include "net/await_engine.hpp"

#include <map>
#include <span>

namespace coldvigil {
namespace {

/// The items of one customer and their positions in the request.
struct group {
  std::vector<submission_item> items;
  std::vector<std::size_t> positions;
};

std::map<std::int64_t, group> by_customer(std::vector<input_item>& items, std::vector<item_result>& results) {
  std::map<std::int64_t, group> groups;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].content) {
      results[i] = item_result{item_outcome::rejected, items[i].refused.value_or(reject_reason::unknown_unit)};
      continue;
    }
    group& own = groups[number(items[i].unit->unit->unit->customer)];
    own.items.push_back(std::move(*items[i].content));
    own.positions.push_back(i);
  }
  return groups;
}

} // namespace

asio::awaitable<submit_outcome> submit_items(api& with, std::vector<input_item>& items,
                                             std::vector<item_result>& results) {
  results.assign(items.size(), item_result{});
  auto groups = by_customer(items, results);
  bool any_taken = groups.empty();
  for (auto& [customer, own] : groups) {
    bool taken = false;
    auto start = [&, id = customer_id{customer}](auto done) {
      submission what;
      what.customer = id;
      what.items = std::move(own.items);
      what.done = [done](std::span<const item_result> fates) {
        done(std::vector<item_result>(fates.begin(), fates.end()));
      };
      taken = with.core().submit(std::move(what));
      return taken;
    };
    auto fates = co_await await_engine<std::vector<item_result>>(with.options.request_timeout, start);
    if (taken && !fates) co_return submit_outcome::late;
    any_taken = any_taken || taken;
    for (std::size_t i = 0; i < own.positions.size(); ++i)
      results[own.positions[i]] = fates ? (*fates)[i] : item_result{item_outcome::rejected, reject_reason::queue_full};
  }
  co_return any_taken ? submit_outcome::settled : submit_outcome::full;
}

} // namespace coldvigil
