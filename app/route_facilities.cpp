#include "app/route_facilities.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil {
namespace {

bool is_registered(const route_settings& route, const registry& known,
                   const std::map<std::string, customer_id>& customers) {
  const auto customer = customers.find(route.customer);
  return customer != customers.end() &&
         std::any_of(known.facilities.begin(), known.facilities.end(), [&](const facility_record& each) {
           return each.customer == customer->second && each.code == route.facility;
         });
}

bool is_declared(const route_settings& route, const source_settings& by) {
  return std::any_of(by.units.begin(), by.units.end(),
                     [&](const unit_description& each) { return each.facility_code == route.facility; });
}

} // namespace

result<std::vector<std::string>>
awaited_facilities(const settings& all, const std::map<std::string, customer_id>& customers, const registry& known) {
  std::vector<std::string> out;
  for (const route_settings& route : all.notifications.routes) {
    if (route.facility.empty() || is_registered(route, known, customers)) continue;
    const auto source = std::find_if(all.customers.begin(), all.customers.end(),
                                     [&](const source_settings& each) { return each.customer_code == route.customer; });
    const bool in_file = source != all.customers.end(); // else it is simulated, and registers its units
    if (in_file && is_declared(route, *source)) continue;
    if (in_file && !source->register_units)
      return failure{error_code::invalid_argument,
                     "route: customer '" + route.customer + "' has no facility '" + route.facility + "'", route.where,
                     "see how it is spelt, or declare its units with [[customer.unit]]"};
    out.push_back("facility " + route.facility + " of customer " + route.customer);
  }
  return out;
}

} // namespace coldvigil
