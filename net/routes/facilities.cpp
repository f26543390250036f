#include "net/routes/routes.hpp"
#include "net/scope.hpp"

#include <unordered_map>

namespace coldvigil::routes {
namespace {

std::unordered_map<std::int64_t, std::size_t> units_by_facility(const customer_now& customer) {
  std::unordered_map<std::int64_t, std::size_t> count;
  for (std::size_t i = 0; i < customer.unit_count; ++i)
    ++count[number(customer.unit(i).unit->facility)];
  return count;
}

} // namespace

route_answer list_facilities(api& with, api_request& request) {
  const page_window page = read_page(request.query, 1000);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  std::string text;
  json_writer out(text);
  out.begin_object().key("items").begin_array();
  std::size_t position = 0;
  for (const auto& customer : seen->customers) {
    const customer_view view(customer);
    const auto count = units_by_facility(*customer);
    for (const auto& facility : customer->directory->facilities) {
      const std::size_t at = position++;
      if (at < page.offset || at - page.offset >= page.limit) continue;
      const auto units = count.find(number(facility->id));
      write_facility(out, view, *facility, units == count.end() ? 0 : units->second);
    }
  }
  write_page_end(out, page, position);
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
