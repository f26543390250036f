#include "app/notification_setup.hpp"

#include "app/route_facilities.hpp"
#include "app/stop_note.hpp"
#include "net/contact_json.hpp"
#include "net/random.hpp"
#include "notify/configured.hpp"
#include "notify/zones.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace coldvigil {
namespace {

constexpr std::size_t longest_secret = 4096;

double chance() {
  std::array<std::uint8_t, 4> bytes{};
  secure_random(bytes);
  return (bytes[0] + bytes[1] * 256.0 + bytes[2] * 65536.0) / 16777216.0;
}

/// "person anna, routes and 7 more": what a line of the log can hold.
std::string in_few_words(const std::vector<std::string>& subjects) {
  constexpr std::size_t most = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, subjects.size()); ++i)
    out += (i == 0 ? "" : ", ") + subjects[i];
  if (subjects.size() > most) out += " and " + std::to_string(subjects.size() - most) + " more";
  return out;
}

} // namespace

result<std::string> read_secret(const channel_settings& of) {
  if (!of.secret_env.empty()) {
    const char* value = std::getenv(of.secret_env.c_str());
    if (value == nullptr || *value == '\0')
      return failure{error_code::not_found, "the environment variable of secret_env is not set", of.secret_env};
    return std::string(value);
  }
  std::ifstream file(of.secret_file);
  std::string line;
  if (!std::getline(file, line))
    return failure{error_code::not_found, "the file of secret_file cannot be read or is empty", of.secret_file};
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty() || line.size() > longest_secret)
    return failure{error_code::invalid_argument, "the first line of secret_file is empty or longer than 4096 bytes",
                   of.secret_file};
  return line;
}

result<std::optional<actors::notification_parts>> notification_of(const settings& all, const event_log& log,
                                                                  const clock& time) {
  const notification_settings& config = all.notifications;
  std::optional<actors::notification_parts> out;
  if (!config.any()) return out;
  auto channels = channels_of(config, read_secret, time);
  if (!channels) return channels.error();
  out.emplace();
  out->channels = std::move(*channels);
  out->contacts = [&all, &log](const customer_codes& customers, const registry& known) -> result<contact_book> {
    const auto awaited = awaited_facilities(all, customers, known);
    if (!awaited) return awaited.error();
    for (const std::string& each : *awaited)
      log.warning("route_waits", {{"what", each},
                                  {"hint", "it is not registered yet: its route counts once a poll brings its units"}});
    return contacts_of(all.notifications, customers);
  };
  out->codec.parts = contact_parts;
  out->codec.write = contact_document;
  out->codec.read = [](const std::string& text, const customer_codes& customers) {
    return read_contact_document(text, customers, find_zone);
  };
  out->reached_by = contact_channels_of(config);
  out->options.desk = desk_options_of(config);
  out->silence_hold = config.silence_hold;
  out->options.heartbeat = config.heartbeat;
  if (!config.heartbeat_url.empty()) out->options.heartbeat_channel = heartbeat_channel_name;
  out->random = secure_random;
  out->chance = chance;
  out->metrics = std::make_shared<notification_metrics>();
  const stop_note note(all.store.path + ".stopped");
  out->stopped_before = note.read();
  out->keep_stop = [note](std::optional<timestamp> since) { note.keep(since); };
  out->tell_of_change = [&log](const contact_change& change, const contact_changes& what) {
    log.info("contacts_changed", {{"who", change.who},
                                  {"changed", in_few_words(what.subjects)},
                                  {"revision", std::to_string(what.revision)},
                                  {"reason", change.reason}});
  };
  out->log = [&log](const std::string& event, const std::string& detail) { log.warning(event, {{"what", detail}}); };
  return out;
}

} // namespace coldvigil
