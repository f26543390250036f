#include "app/commands.hpp"
#include "app/endpoint_fetch.hpp"
#include "ingest/directory.hpp"
#include "ingest/payload.hpp"
#include "ingest/url_template.hpp"

#include <algorithm>
#include <future>
#include <iostream>

namespace coldvigil {
namespace {

constexpr std::size_t history_rows = 100'000;

int fail(const failure& error) {
  std::cerr << "coldvigil poll: " << error.text() << "\n";
  return 1;
}

result<std::string> fetch_now(endpoint_fetch& client, const source_settings& source, const std::string& url) {
  std::promise<result<std::string>> promise;
  client.fetch(source, url, [&promise](result<std::string> body) { promise.set_value(std::move(body)); });
  return promise.get_future().get();
}

/// A history URL that asks unit by unit is shown for the first unit of the directory.
result<std::string> url_to_show(endpoint_fetch& client, const source_settings& source, bool history) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(2 * source.interval).count();
  if (!history) return fill_url(source.url, hours, "", history_rows);
  std::string unit;
  if (source.history_url.find("{unit}") != std::string::npos) {
    const auto body = fetch_now(client, source, source.directory_url);
    if (!body.ok()) return body.error();
    const auto units = parse_directory(*body);
    if (!units.ok()) return units.error();
    if (units->empty()) return failure{error_code::not_found, "the directory lists no unit", source.directory_url};
    unit = units->front().unit_code;
  }
  return fill_url(source.history_url, static_cast<double>(source.history_hours.count()), unit, history_rows);
}

} // namespace

int poll_dry_run(const settings& config, const poll_arguments& what) {
  const auto found = std::find_if(config.customers.begin(), config.customers.end(),
                                  [&](const source_settings& s) { return s.customer_code == what.customer; });
  const bool pollable = found != config.customers.end() && !(what.history ? found->history_url : found->url).empty();
  if (!pollable) {
    std::cerr << "coldvigil poll: the configuration has no [[customer]] with code \"" << what.customer
              << "\" and such a URL\n";
    return 2;
  }
  auto client = endpoint_fetch::make(config.ingestion);
  if (!client.ok()) return fail(client.error());
  const auto url = url_to_show(*client.value(), *found, what.history);
  if (!url.ok()) return fail(url.error());
  const auto body = fetch_now(*client.value(), *found, *url);
  client.value()->stop();
  if (!body.ok()) return fail(body.error());
  const payload_limits limits{config.ingestion.max_rows, system_clock{}.now() + config.ingestion.future_tolerance};
  const auto parsed = parse_payload(*body, found->format, found->fields, limits);
  if (!parsed.ok()) return fail(parsed.error());
  std::cout << *url << "\n"
            << parsed->rows.size() << " rows, " << parsed->units.size() << " units\n"
            << describe_rows(*parsed, what.rows);
  return 0;
}

} // namespace coldvigil
