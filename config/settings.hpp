#pragma once
// The configuration: one TOML file, `--set` overrides, plain structs. What a key means, its range and its default are
// in config/coldvigil.toml, which is printed from the table in config/keys.cpp.

#include "config/notification_settings.hpp"
#include "core/result.hpp"
#include "core/source.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

struct server_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;
  std::uint64_t threads = 1;
  std::uint64_t max_connections = 1024;
  std::uint64_t max_connections_per_address = 256;
  std::uint64_t max_header_bytes = 16 * 1024;
  std::uint64_t max_body_bytes = 8 * 1024 * 1024;
  std::uint64_t max_small_body_bytes = 64 * 1024;
  std::uint64_t max_bodies_bytes = 64 * 1024 * 1024;
  std::uint64_t max_bodies_bytes_per_customer = 32 * 1024 * 1024;
  std::uint64_t max_items = 10'000;
  std::uint64_t max_preview_readings = 200'000;
  std::uint64_t max_previews = 4;
  millis request_timeout{15'000};
  millis answer_timeout{20'000};
  millis idle_timeout{60'000};
  bool metrics_from_loopback = false;
  std::string origin;
};

struct live_settings {
  std::uint64_t max_clients = 500;
  std::uint64_t max_clients_per_customer = 100;
  std::uint64_t queue_bytes = 4 * 1024 * 1024;
  std::chrono::seconds ticket_lifetime{30};
  std::uint64_t max_tickets = 1000;
  std::uint64_t max_tickets_per_customer = 100;
  std::chrono::seconds ping_interval{20};
};

struct feed_settings {
  std::uint64_t ring_items = 65'536;
};

enum class store_kind : std::uint8_t { sqlite, postgres };

struct store_settings {
  store_kind kind = store_kind::sqlite;
  std::string path = "var/coldvigil.db";
  std::string url{};
  std::uint64_t max_log_bytes = 4ull << 30;
  std::uint64_t keep_polls = 100'000;
  std::uint64_t keep_rejects = 1'000'000;
  std::uint64_t keep_deliveries = 200'000;
  std::uint64_t keep_cases = 100'000;
  millis settle_patience{20'000};
};

/// Codes of the ten simulated customers, a letter each: no other customer may have one while they are there.
inline constexpr std::string_view simulated_customer_codes = "ABCDEFGHIJ";

struct simulation_settings {
  bool enabled = false;
  std::string address = "127.0.0.1";
  std::uint16_t base_port = 8001;
  std::uint64_t seed = 1;
  std::chrono::seconds interval{0}; ///< 0 = each customer's own
  std::chrono::hours history{14 * 24};
};

struct model_settings {
  std::string path{}; ///< empty = the active one of the registry; "none" = rules alone
  std::string registry = "var/models";
  millis deadline{200};
  std::uint64_t max_batch = 512;
  std::uint64_t errors_up_to = 20'000;
  double budget = 0.5;
  std::uint64_t refit_days = 7;
  std::uint64_t retrain_days = 30;
  std::chrono::hours warm_up{6};
};

struct rules_settings {
  std::uint16_t consecutive = 1;
  std::uint64_t max_a_place = 32;
};

struct alarm_settings {
  std::uint64_t max_events = 1'000;
  std::uint64_t max_text_bytes = 2'000;
  std::chrono::hours max_shelving{24};
  std::uint64_t operators = 1;
};

/// When Coldvigil raises alarms about itself.
struct watch_settings {
  millis slow_commit{2'000};
  std::chrono::seconds old_backlog{60};
  double disk_free_percent = 5;
  std::uint64_t disk_free_bytes = 1ull << 30;
  millis clock_step{2'000};
  std::uint64_t poll_failures = 3;
  std::uint64_t site_units = 3;
  double site_percent = 80;
  std::chrono::seconds tick{15};
  std::chrono::seconds raise_after{30};
  std::chrono::seconds raise_cause_after{15};
  std::chrono::seconds clear_after{120};
  std::chrono::minutes shown_for{60};
};

struct ingestion_settings {
  millis connect_timeout{5'000};
  millis read_timeout{30'000};
  millis total_timeout{120'000};
  std::uint64_t max_header_bytes = 32 * 1024;
  std::uint64_t max_body_bytes = 64ull * 1024 * 1024;
  std::uint64_t max_rows = 500'000;
  std::uint64_t max_concurrent = 32;
  millis backoff_initial{1'000};
  millis backoff_max{300'000};
  std::uint64_t history_attempts = 8;
  std::chrono::seconds future_tolerance{300};
  std::uint64_t history_in_flight = 5'000;
};

struct engine_settings {
  std::uint64_t max_in_flight_readings = 50'000;
  millis commit_linger{2};
  std::uint64_t max_commit_readings = 4'096;
  std::uint64_t actor_threads = 2;
  std::uint64_t unit_queue = 512;
  millis shutdown_timeout{8'000};
};

enum class log_level : std::uint8_t { trace, debug, info, warning, error };
enum class log_format : std::uint8_t { text, json };

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::text;
};

struct demo_settings {
  bool enabled = false;
  std::string tokens_file{}; ///< empty = tokens.json beside the store
};

struct settings {
  server_settings server{};
  live_settings live{};
  feed_settings feed{};
  store_settings store{};
  simulation_settings simulation{};
  model_settings model{};
  rules_settings rules{};
  alarm_settings alarms{};
  watch_settings watch{};
  ingestion_settings ingestion{};
  engine_settings engine{};
  log_settings log{};
  demo_settings demo{};
  notification_settings notifications{};
  std::vector<source_settings> customers{};
};

/// Reads the file (empty path: defaults only), then applies the overrides ("server.port=0") in order. The failure lists
/// every problem found, one a line: key, file and line (or the override), reason.
[[nodiscard]] result<settings> load_settings(const std::string& path, std::span<const std::string> overrides);

/// The same from text; `origin` stands for the file's name in messages.
[[nodiscard]] result<settings> parse_settings(std::string_view toml, const std::string& origin,
                                              std::span<const std::string> overrides);

/// The commented default file: every key with its meaning, range and default. It is config/coldvigil.toml.
[[nodiscard]] std::string default_config_text();

} // namespace coldvigil
