#include "app/commands.hpp"
#include "app/endpoint_fetch.hpp"
#include "app/simulated_customers.hpp"
#include "ingest/directory.hpp"
#include "ingest/payload_table.hpp"
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
    if (source.directory_url.empty())
      return failure{error_code::invalid_argument, "the history URL asks unit by unit, and nothing lists the units",
                     "directory_url of customer \"" + source.customer_code + "\"",
                     "set it, or poll without --history; the server itself asks for the units it knows"};
    const auto body = fetch_now(client, source, source.directory_url);
    if (!body.ok()) return body.error();
    const auto units = parse_directory(*body, source.fields.default_scale);
    if (!units.ok()) return units.error();
    if (units->empty()) return failure{error_code::not_found, "the directory lists no unit", source.directory_url};
    unit = units->front().unit_code;
  }
  return fill_url(source.history_url, static_cast<double>(source.history_hours.count()), unit, history_rows);
}

/// On ports of their own: the server may be running with the usual ones.
result<std::unique_ptr<simulated_customers>> simulate_for(const settings& config, const clock& time) {
  if (!config.simulation.enabled) return std::unique_ptr<simulated_customers>{};
  simulation_settings settings = config.simulation;
  settings.base_port = 0;
  return simulated_customers::start(settings, faults_path_of(config.store), time);
}

} // namespace

int poll_dry_run(const settings& config, const poll_arguments& what) {
  const system_clock time;
  const auto simulated = simulate_for(config, time);
  if (!simulated.ok()) return fail(simulated.error());
  std::vector<source_settings> sources = config.customers;
  if (*simulated)
    for (source_settings& source : (*simulated)->sources())
      sources.push_back(std::move(source));
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const source_settings& s) { return s.customer_code == what.customer; });
  const bool pollable = found != sources.end() && !(what.history ? found->history_url : found->url).empty();
  if (!pollable) {
    std::cerr << "coldvigil poll: the configuration has no [[customer]] with code \"" << what.customer << "\" and "
              << (what.history ? "a history_url" : "a url") << "\n";
    return 2;
  }
  auto client = endpoint_fetch::make(config.ingestion);
  if (!client.ok()) return fail(client.error());
  const auto url = url_to_show(*client.value(), *found, what.history);
  if (!url.ok()) return fail(url.error());
  const auto body = fetch_now(*client.value(), *found, *url);
  client.value()->stop();
  if (!body.ok()) return fail(body.error());
  if (body->empty()) {
    std::cout << *url << "\nnothing new (204)\n";
    return 0;
  }
  const payload_limits limits{config.ingestion.max_rows, time.now() + config.ingestion.future_tolerance};
  const auto parsed = parse_payload(*body, found->format, found->fields, limits);
  if (!parsed.ok()) return fail(parsed.error());
  std::cout << *url << "\n" << describe_rows(*parsed, what.rows);
  return 0;
}

} // namespace coldvigil
