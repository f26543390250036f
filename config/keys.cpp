#include "config/keys.hpp"

#include <array>
#include <limits>

namespace coldvigil {
namespace {

constexpr std::array<std::string_view, 2> store_kinds{"sqlite", "postgres"};
constexpr std::array<std::string_view, 5> log_levels{"trace", "debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> log_formats{"text", "json"};
constexpr std::array<std::string_view, 2> payload_formats{"json", "csv"};
constexpr std::array<std::string_view, 4> time_formats{"iso8601", "epoch_seconds", "epoch_milliseconds", "pattern"};
constexpr std::array<std::string_view, 3> scales{"C", "F", "K"};

/// The words stand in the order of the enumeration.
template <class Enum> slot choice(Enum& value, std::span<const std::string_view> words) {
  return choice_slot{words, static_cast<std::size_t>(value), [&value](std::size_t i) { value = static_cast<Enum>(i); }};
}

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::int64_t gib = 1024 * mib;
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t ten_years_hours = 10 * 366 * 24;
constexpr std::int64_t any_number = std::numeric_limits<std::int64_t>::max();

using S = settings;
using C = source_settings;
using U = declared_unit;

const std::array setting_table = std::to_array<config_key<S>>({
    {"server.address", [](S& s) -> slot { return &s.server.address; },
     "Address to listen on. 0.0.0.0 opens it to the network: put TLS in front of it then.", 0, 0, value_rule::required},
    {"server.port", [](S& s) -> slot { return &s.server.port; }, "0 takes a free port, which is logged.", 0, 65535},
    {"server.threads", [](S& s) -> slot { return &s.server.threads; }, "Threads that serve the network.", 1, 64},
    {"server.max_connections", [](S& s) -> slot { return &s.server.max_connections; },
     "Open connections; more are closed at once.", 1, 1'000'000},
    {"server.max_connections_per_address", [](S& s) -> slot { return &s.server.max_connections_per_address; },
     "Those of one address. Behind a proxy all come from one: raise it to max_connections there.", 1, 1'000'000},
    {"server.max_header_bytes", [](S& s) -> slot { return &s.server.max_header_bytes; }, "Headers of one request.", kib,
     mib},
    {"server.max_body_bytes", [](S& s) -> slot { return &s.server.max_body_bytes; },
     "Body of a post of readings or a change of contacts; a larger one is answered with 413.", kib, gib},
    {"server.max_small_body_bytes", [](S& s) -> slot { return &s.server.max_small_body_bytes; },
     "Body of any other request.", kib, gib},
    {"server.max_bodies_bytes", [](S& s) -> slot { return &s.server.max_bodies_bytes; },
     "What has arrived of bodies beyond max_small_body_bytes; what finds no room is answered with 503.", kib, 64 * gib},
    {"server.max_bodies_bytes_per_customer", [](S& s) -> slot { return &s.server.max_bodies_bytes_per_customer; },
     "Those of one customer; those without a token share one such allowance, as do those that see all customers.", kib,
     64 * gib},
    {"server.max_items", [](S& s) -> slot { return &s.server.max_items; }, "Readings in one request.", 1, 100'000},
    {"server.max_preview_readings", [](S& s) -> slot { return &s.server.max_preview_readings; },
     "Readings over which proposed rules are replayed at once.", 1, 10'000'000},
    {"server.max_previews", [](S& s) -> slot { return &s.server.max_previews; },
     "Such replays that run or wait; more are told to come back.", 1, 1000},
    {"server.request_timeout_ms", [](S& s) -> slot { return &s.server.request_timeout; },
     "Longest time to receive a request.", 1, 10 * minute_ms},
    {"server.answer_timeout_ms", [](S& s) -> slot { return &s.server.answer_timeout; },
     "Longest time to wait for the commit or the engine before 503.", 1, 10 * minute_ms},
    {"server.idle_timeout_ms", [](S& s) -> slot { return &s.server.idle_timeout; },
     "A kept-alive connection without a request is closed after this.", 1, 60 * minute_ms},
    {"server.metrics_from_loopback", [](S& s) -> slot { return &s.server.metrics_from_loopback; },
     "Serve /metrics to this machine without a token."},
    {"server.origin", [](S& s) -> slot { return &s.server.origin; },
     "Where browsers see the page when a proxy changes the name, e.g. https://coldvigil.example: it may open the feed.",
     0, 0, value_rule::url},

    {"live.max_clients", [](S& s) -> slot { return &s.live.max_clients; }, "Open WebSockets of the live feed.", 1,
     1'000'000},
    {"live.max_clients_per_customer", [](S& s) -> slot { return &s.live.max_clients_per_customer; },
     "Those of one customer; those that see all customers share one such allowance.", 1, 1'000'000},
    {"live.queue_bytes", [](S& s) -> slot { return &s.live.queue_bytes; },
     "Bytes waiting for one slow client before it is dropped.", 64 * kib, gib},
    {"live.ticket_seconds", [](S& s) -> slot { return &s.live.ticket_lifetime; }, "Life of a one-time ticket.", 1,
     3600},
    {"live.max_tickets", [](S& s) -> slot { return &s.live.max_tickets; }, "Unused tickets at a time.", 1, 1'000'000},
    {"live.max_tickets_per_customer", [](S& s) -> slot { return &s.live.max_tickets_per_customer; },
     "Those of one customer; a further one replaces his oldest.", 1, 1'000'000},
    {"live.ping_seconds", [](S& s) -> slot { return &s.live.ping_interval; }, "Ping each client this often.", 1, 3600},

    {"feed.ring_items", [](S& s) -> slot { return &s.feed.ring_items; },
     "Items kept in memory for each stream, so that clients can resume without a new snapshot.", 1, 100'000'000},

    {"store.kind", [](S& s) -> slot { return choice(s.store.kind, store_kinds); },
     "SQLite needs nothing; PostgreSQL serves larger sites and several nodes."},
    {"store.path", [](S& s) -> slot { return &s.store.path; },
     "SQLite: the file. A relative path counts from the working directory.", 0, 0, value_rule::required},
    {"store.url", [](S& s) -> slot { return &s.store.url; },
     "PostgreSQL: a connection URI, e.g. postgresql://coldvigil@localhost/coldvigil"},
    {"store.max_log_bytes", [](S& s) -> slot { return &s.store.max_log_bytes; },
     "Refuse readings when the part of the log that is not sealed grows beyond this.", mib, 1024 * gib},
    {"store.keep_polls", [](S& s) -> slot { return &s.store.keep_polls; },
     "Rows of the ingestion log that are kept; older ones are forgotten.", 1000, 1'000'000'000},
    {"store.keep_rejects", [](S& s) -> slot { return &s.store.keep_rejects; },
     "Readings that were kept apart, of which so many are kept; older ones are forgotten.", 1000, 1'000'000'000},
    {"store.keep_deliveries", [](S& s) -> slot { return &s.store.keep_deliveries; },
     "Attempts to deliver messages that are kept. Older ones are forgotten, and with its last attempt a message; those "
     "of the last day are kept in any case.",
     1000, 1'000'000'000},
    {"store.keep_cases", [](S& s) -> slot { return &s.store.keep_cases; },
     "Alarms that nobody needs to hear of any more, of which it is kept how people were called; the alarms themselves "
     "are never forgotten.",
     1000, 1'000'000'000},
    {"store.settle_patience_ms", [](S& s) -> slot { return &s.store.settle_patience; },
     "PostgreSQL: how long a commit whose fate is unknown waits for a lost database to come back.", 0, 10 * minute_ms},

    {"simulation.enabled", [](S& s) -> slot { return &s.simulation.enabled; },
     "Run the ten simulated customers A to J and poll them."},
    {"simulation.address", [](S& s) -> slot { return &s.simulation.address; }, "Address of the simulated endpoints.", 0,
     0, value_rule::required},
    {"simulation.base_port", [](S& s) -> slot { return &s.simulation.base_port; },
     "Customer A's port; the others follow it. 0 takes free ports, which are logged.", 0, 65535 - 9},
    {"simulation.seed", [](S& s) -> slot { return &s.simulation.seed; }, "The same seed gives the same readings.", 0,
     any_number},
    {"simulation.interval_seconds", [](S& s) -> slot { return &s.simulation.interval; },
     "Time between readings and between polls of every simulated customer; 0 = each customer's own.", 0, day_seconds},
    {"simulation.history_hours", [](S& s) -> slot { return &s.simulation.history; },
     "Past that the simulated customers offer.", 0, ten_years_hours},

    {"model.path", [](S& s) -> slot { return &s.model.path; },
     "A model file made by `coldvigil train` or `coldvigil calibrate`. Empty = the one that is active in the folder of "
     "models, or the shipped one; \"none\" = no score at all."},
    {"model.registry", [](S& s) -> slot { return &s.model.registry; },
     "The folder of models that `coldvigil models` lists and activates.", 0, 0, value_rule::required},
    {"model.deadline_ms", [](S& s) -> slot { return &s.model.deadline; },
     "A reading not scored after this commits unscored; its limit alarms do not wait longer.", 1, minute_ms},
    {"model.max_batch", [](S& s) -> slot { return &s.model.max_batch; }, "Windows scored in one go.", 1, 65'536},
    {"model.errors_up_to", [](S& s) -> slot { return &s.model.errors_up_to; },
     "While more readings than this wait for their score, the autoencoder's errors are left out (and counted).", 0,
     100'000'000},
    {"model.budget", [](S& s) -> slot { return &s.model.budget; },
     "False alarms a unit-month that the score may raise: the threshold follows from it and from the model's "
     "calibration.",
     0, 100, value_rule::above},
    {"model.refit_days", [](S& s) -> slot { return &s.model.refit_days; },
     "Days after which the calibration is fitted anew to the fleet's stored scores, when there are enough; 0 = never.",
     0, 365},
    {"model.retrain_days", [](S& s) -> slot { return &s.model.retrain_days; },
     "Days after which the autoencoder is trained anew on the stored readings of customers who agreed "
     "(customer.training), and taken when it is no worse; 0 = never.",
     0, 365},
    {"model.warm_up_hours", [](S& s) -> slot { return &s.model.warm_up; },
     "So long another autoencoder warms up beside the present one before it takes over.", 0, 168},

    {"rules.consecutive", [](S& s) -> slot { return &s.rules.consecutive; },
     "Scored readings in a row over the model's threshold that raise an alarm.", 1, 128},
    {"rules.max_a_place", [](S& s) -> slot { return &s.rules.max_a_place; },
     "Rules of one unit, facility, kind or customer: every reading pays for them.", 1, 1000},

    {"alarms.max_events", [](S& s) -> slot { return &s.alarms.max_events; },
     "Comments, actions and assignments of one alarm; what changes its stage is always taken.", 1, 1'000'000},
    {"alarms.max_text_bytes", [](S& s) -> slot { return &s.alarms.max_text_bytes; },
     "Of a reason, a comment, an action.", 16, 65'536},
    {"alarms.max_shelving_hours", [](S& s) -> slot { return &s.alarms.max_shelving; },
     "Longest time for which an alarm is left in peace.", 1, 8'760},
    {"alarms.operators", [](S& s) -> slot { return &s.alarms.operators; },
     "People who share the alarms: the numbers of the alarm system are counted for each.", 1, 1000},

    {"watch.slow_commit_ms", [](S& s) -> slot { return &s.watch.slow_commit; },
     "A transaction that takes longer makes the alarm store_slow.", 10, 10 * minute_ms},
    {"watch.old_backlog_seconds", [](S& s) -> slot { return &s.watch.old_backlog; },
     "Readings that wait longer for their commit make backlog_old.", 1, day_seconds},
    {"watch.disk_free_percent", [](S& s) -> slot { return &s.watch.disk_free_percent; },
     "Less free than this part of the disk of the SQLite file makes disk_low; 0 = only the bytes count.", 0, 100},
    {"watch.disk_free_bytes", [](S& s) -> slot { return &s.watch.disk_free_bytes; },
     "So does less than this; 0 = only the part counts.", 0, 1024 * 1024 * gib},
    {"watch.clock_step_ms", [](S& s) -> slot { return &s.watch.clock_step; },
     "A jump of this machine's clock by more makes clock_stepped.", 100, 60 * minute_ms},
    {"watch.poll_failures", [](S& s) -> slot { return &s.watch.poll_failures; },
     "So many failed polls of a customer in a row make polls_failing or polls_refused.", 1, 1000},
    {"watch.site_units", [](S& s) -> slot { return &s.watch.site_units; },
     "A site of fewer units that ever reported has no common cause.", 2, 1'000'000},
    {"watch.site_percent", [](S& s) -> slot { return &s.watch.site_percent; },
     "Part of a site's units whose silence makes site_silent.", 0, 100, value_rule::above},
    {"watch.tick_seconds", [](S& s) -> slot { return &s.watch.tick; },
     "How often Coldvigil looks at itself and for silent units.", 1, 3'600},
    {"watch.raise_seconds", [](S& s) -> slot { return &s.watch.raise_after; },
     "What is wrong must have been so for this long to be an alarm.", 0, day_seconds},
    {"watch.raise_cause_seconds", [](S& s) -> slot { return &s.watch.raise_cause_after; },
     "The same for a silent site or customer, whose units have been judged already.", 0, day_seconds},
    {"watch.clear_seconds", [](S& s) -> slot { return &s.watch.clear_after; },
     "And it must have been over for this long to end.", 0, day_seconds},
    {"watch.shown_minutes", [](S& s) -> slot { return &s.watch.shown_for; },
     "What happened at one moment (clock_stepped, notice_undelivered) stays an alarm for this long.", 1, 10'080},

    {"ingestion.connect_timeout_ms", [](S& s) -> slot { return &s.ingestion.connect_timeout; },
     "Longest time to reach an endpoint (name, connection, TLS).", 1, 10 * minute_ms},
    {"ingestion.read_timeout_ms", [](S& s) -> slot { return &s.ingestion.read_timeout; },
     "Longest silence while an answer is awaited or read.", 1, 10 * minute_ms},
    {"ingestion.total_timeout_ms", [](S& s) -> slot { return &s.ingestion.total_timeout; },
     "Longest time for one answer all told.", 1, 60 * minute_ms},
    {"ingestion.max_header_bytes", [](S& s) -> slot { return &s.ingestion.max_header_bytes; }, "Headers of one answer.",
     kib, mib},
    {"ingestion.max_body_bytes", [](S& s) -> slot { return &s.ingestion.max_body_bytes; },
     "Body of one answer; reading stops there.", kib, 4 * gib},
    {"ingestion.max_rows", [](S& s) -> slot { return &s.ingestion.max_rows; }, "Rows of one answer.", 1, 10'000'000},
    {"ingestion.max_concurrent", [](S& s) -> slot { return &s.ingestion.max_concurrent; },
     "Polls under way at a time; the others wait.", 1, 10'000},
    {"ingestion.backoff_initial_ms", [](S& s) -> slot { return &s.ingestion.backoff_initial; },
     "Wait after a failed poll; doubles with every further failure, with jitter.", 1, 60 * minute_ms},
    {"ingestion.backoff_max_ms", [](S& s) -> slot { return &s.ingestion.backoff_max; }, "Longest such wait.", 1,
     24 * 60 * minute_ms},
    {"ingestion.history_attempts", [](S& s) -> slot { return &s.ingestion.history_attempts; },
     "Failures in a row of a customer's directory, or of a unit's history, after which live readings do not wait for "
     "it "
     "any longer.",
     1, 100},
    {"ingestion.future_tolerance_seconds", [](S& s) -> slot { return &s.ingestion.future_tolerance; },
     "Readings measured later than now plus this are kept apart as future.", 0, day_seconds},
    {"ingestion.history_in_flight", [](S& s) -> slot { return &s.ingestion.history_in_flight; },
     "Back-filled readings under way at a time, so that history yields to live traffic.", 1, 10'000'000},

    {"engine.max_in_flight_readings", [](S& s) -> slot { return &s.engine.max_in_flight_readings; },
     "Readings admitted and not yet committed; beyond it senders get 429 and polls wait.", 1, 10'000'000},
    {"engine.commit_linger_ms", [](S& s) -> slot { return &s.engine.commit_linger; },
     "A commit waits this long for company.", 0, 1000},
    {"engine.max_commit_readings", [](S& s) -> slot { return &s.engine.max_commit_readings; },
     "Readings of one commit.", 1, 1'000'000},
    {"engine.actor_threads", [](S& s) -> slot { return &s.engine.actor_threads; }, "Threads that run the actors.", 1,
     256},
    {"engine.unit_queue", [](S& s) -> slot { return &s.engine.unit_queue; },
     "While so many readings wait for one unit's score, more are rejected as queue_full; what is sent together is "
     "taken "
     "together.",
     1, 1'000'000},
    {"engine.shutdown_timeout_ms", [](S& s) -> slot { return &s.engine.shutdown_timeout; },
     "Longest time to finish what is under way at the end.", 100, 10 * minute_ms},

    {"log.level", [](S& s) -> slot { return choice(s.log.level, log_levels); }, "Least weight that is logged."},
    {"log.format", [](S& s) -> slot { return choice(s.log.format, log_formats); }, "Lines for people or for machines."},

    {"demo.enabled", [](S& s) -> slot { return &s.demo.enabled; },
     "Write tokens for every customer to a file (mode 0600) and serve /predict without a token."},
    {"demo.tokens_file", [](S& s) -> slot { return &s.demo.tokens_file; }, "Empty = tokens.json beside the store."},

    {"notifications.link_url", [](S& s) -> slot { return &s.notifications.link_url; },
     "Address of this server as people reach it, e.g. https://cold.example.org: messages hold a link to acknowledge "
     "by. Empty = no links.",
     0, 0, value_rule::url},
    {"notifications.link_hours", [](S& s) -> slot { return &s.notifications.link_lifetime; }, "How long a link works.",
     1, 8760},
    {"notifications.system_policy", [](S& s) -> slot { return &s.notifications.system_policy; },
     "Policy for alarms of Coldvigil itself. Empty = that of the general route."},
    {"notifications.heartbeat_url", [](S& s) -> slot { return &s.notifications.heartbeat_url; },
     "Called (GET) only after a commit and a tick, so that an outside dead-man's switch notices when Coldvigil itself "
     "is dead. Empty = none.",
     0, 0, value_rule::url},
    {"notifications.heartbeat_seconds", [](S& s) -> slot { return &s.notifications.heartbeat; }, "Between two calls.",
     1, 86400},
    {"notifications.silence_hold_seconds", [](S& s) -> slot { return &s.notifications.silence_hold; },
     "Calls about one silent unit wait so long: when its whole site is silent, that is one call. Found in 60 s when "
     "the "
     "units fall silent together.",
     0, 600},
    {"notifications.stopped_seconds", [](S& s) -> slot { return &s.notifications.stopped_after; },
     "When something has waited this long for a commit, people are told from memory that recording has stopped.", 1,
     3600},
    {"notifications.stopped_repeat_seconds", [](S& s) -> slot { return &s.notifications.stopped_repeat; },
     "Told again this often while it lasts.", 10, 86400},
    {"notifications.self_test_days", [](S& s) -> slot { return &s.notifications.self_test_days; },
     "Every way to every person is tried with an alarm that is made up this often; what is not confirmed in time is an "
     "alarm. 0 = never.",
     0, 365},
    {"notifications.self_test_at", [](S& s) -> slot { return &s.notifications.self_test_at; },
     "Local time of the person."},
    {"notifications.self_test_receipt_hours", [](S& s) -> slot { return &s.notifications.self_test_receipt; },
     "Longest time until the receipt.", 1, 720},
    {"notifications.max_in_flight_a_channel", [](S& s) -> slot { return &s.notifications.max_in_flight_a_channel; },
     "Messages that one channel sends at a time, each on a thread of its own: one that hangs holds up no other.", 1,
     16},
    {"notifications.max_waiting", [](S& s) -> slot { return &s.notifications.max_waiting; },
     "Messages that wait for one channel (of all together so many a channel). While that many do, nobody is called by "
     "it: by other channels people are.",
     1, 1000000},
    {"notifications.max_cases", [](S& s) -> slot { return &s.notifications.max_cases; },
     "Alarms that people are being called about; critical ones count only critical ones, and what is acknowledged, "
     "shelved or called through does not count. The first critical alarm of a customer has a place beyond them. "
     "10,000 more wait for one, critical ones first, then all customers alike.",
     1, 1000000},
    {"notifications.max_links", [](S& s) -> slot { return &s.notifications.max_links; },
     "Links that work at a time; beyond it messages have none.", 1, 1000000},
    {"notifications.max_alarms_a_message", [](S& s) -> slot { return &s.notifications.max_alarms_a_message; },
     "Alarms of one facility in one message.", 1, 1000},
    {"notifications.max_attempts", [](S& s) -> slot { return &s.notifications.max_attempts; },
     "Attempts to deliver one message before it is given up.", 1, 1000000},
    {"notifications.give_up_hours", [](S& s) -> slot { return &s.notifications.give_up; }, "Longest time to try.", 1,
     720},
    {"notifications.backoff_initial_ms", [](S& s) -> slot { return &s.notifications.backoff_initial; },
     "Wait after a failed attempt; doubles with every further one, with jitter.", 1, 3600000},
    {"notifications.backoff_max_ms", [](S& s) -> slot { return &s.notifications.backoff_max; }, "Longest such wait.", 1,
     86400000},
});

const std::array customer_table = std::to_array<config_key<C>>({
    {"code", [](C& c) -> slot { return &c.customer_code; }, "Unique short name: 1 to 64 letters, digits, - or _.", 0, 0,
     value_rule::code},
    {"name", [](C& c) -> slot { return &c.customer_name; }, "Shown to people; empty = the code."},
    {"format", [](C& c) -> slot { return choice(c.format, payload_formats); }, "What the endpoint answers with."},
    {"url", [](C& c) -> slot { return &c.url; },
     "Current readings. {hours} is replaced by how far back to ask; empty = not polled, the customer sends.", 0, 0,
     value_rule::url},
    {"history_url", [](C& c) -> slot { return &c.history_url; },
     "Asked once at first contact; {hours}, {unit} and {limit} are replaced. With {unit} it is asked for every unit of "
     "the directory. Empty = no back-fill.",
     0, 0, value_rule::url},
    {"directory_url", [](C& c) -> slot { return &c.directory_url; },
     "Lists facilities and units as JSON. Empty = none.", 0, 0, value_rule::url},
    {"interval_seconds", [](C& c) -> slot { return &c.interval; }, "Time between polls.", 1, 7 * day_seconds},
    {"history_hours", [](C& c) -> slot { return &c.history_hours; }, "How far back to ask at first contact.", 0,
     ten_years_hours},
    {"header_name", [](C& c) -> slot { return &c.header_name; }, "A header sent with every request, e.g. X-Api-Key."},
    {"header_value", [](C& c) -> slot { return &c.header_value; }, "Its value; never logged."},
    {"user", [](C& c) -> slot { return &c.user; }, "Basic credentials."},
    {"password", [](C& c) -> slot { return &c.password; }, "Never logged."},
    {"training", [](C& c) -> slot { return &c.training; },
     "The customer agreed that its readings teach models that other customers use too."},
    {"register_units", [](C& c) -> slot { return &c.register_units; },
     "Register units of polled readings that are not known yet; otherwise they are kept apart as unknown_unit. Needs a "
     "url."},
    {"max_units", [](C& c) -> slot { return &c.max_units; }, "Never register more than this.", 1, 1'000'000},

    {"fields.list", [](C& c) -> slot { return &c.fields.list; },
     "JSON: dotted path to the array of readings; empty = the body itself is the array."},
    {"fields.unit", [](C& c) -> slot { return &c.fields.unit; }, "The unit's code.", 0, 0, value_rule::required},
    {"fields.facility", [](C& c) -> slot { return &c.fields.facility; }, "The facility's code."},
    {"fields.time", [](C& c) -> slot { return &c.fields.time; }, "When it was measured.", 0, 0, value_rule::required},
    {"fields.temperature", [](C& c) -> slot { return &c.fields.temperature; }, "What was measured.", 0, 0,
     value_rule::required},
    {"fields.scale", [](C& c) -> slot { return &c.fields.scale; }, "C, F or K."},
    {"fields.sensor", [](C& c) -> slot { return &c.fields.sensor; }, "The sensor's name."},
    {"fields.set_point", [](C& c) -> slot { return &c.fields.set_point; }, "In the row's scale."},
    {"fields.unit_name", [](C& c) -> slot { return &c.fields.unit_name; }, ""},
    {"fields.facility_name", [](C& c) -> slot { return &c.fields.facility_name; }, ""},
    {"fields.city", [](C& c) -> slot { return &c.fields.city; }, ""},
    {"fields.country", [](C& c) -> slot { return &c.fields.country; }, ""},
    {"fields.size", [](C& c) -> slot { return &c.fields.size; }, ""},
    {"fields.size_unit", [](C& c) -> slot { return &c.fields.size_unit; }, ""},
    {"fields.low_limit", [](C& c) -> slot { return &c.fields.low_limit; },
     "The unit's own limits, in the row's scale."},
    {"fields.high_limit", [](C& c) -> slot { return &c.fields.high_limit; }, ""},
    {"fields.time_format", [](C& c) -> slot { return choice(c.fields.format, time_formats); },
     "How times are written."},
    {"fields.time_pattern", [](C& c) -> slot { return &c.fields.pattern; },
     "strptime pattern for time_format = \"pattern\", e.g. \"%d.%m.%Y %H:%M:%S\"."},
    {"fields.zone", [](C& c) -> slot { return &c.fields.zone; }, "IANA time zone of times that carry no offset.", 0, 0,
     value_rule::zone},
    {"fields.default_scale", [](C& c) -> slot { return choice(c.fields.default_scale, scales); },
     "When the row does not say."},
    {"fields.delimiter", [](C& c) -> slot { return &c.fields.delimiter; }, "CSV: between two cells."},
});

const std::array unit_table = std::to_array<config_key<U>>({
    {"code", [](U& u) -> slot { return &u.code; }, "As the readings name it; unique within the customer.", 0, 0,
     value_rule::required},
    {"facility", [](U& u) -> slot { return &u.facility; }, "The facility's code.", 0, 0, value_rule::required},
    {"name", [](U& u) -> slot { return &u.name; }, ""},
    {"facility_name", [](U& u) -> slot { return &u.facility_name; }, ""},
    {"city", [](U& u) -> slot { return &u.city; }, ""},
    {"country", [](U& u) -> slot { return &u.country; }, ""},
    {"size", [](U& u) -> slot { return &u.size; }, ""},
    {"size_unit", [](U& u) -> slot { return &u.size_unit; }, ""},
    {"scale", [](U& u) -> slot { return choice(u.scale, scales); }, "Of the temperatures here and on display."},
    {"set_temperature", [](U& u) -> slot { return &u.set_temperature; },
     "Gives the kind of unit, and by that its limits."},
    {"low_limit", [](U& u) -> slot { return &u.low_limit; }, "Its own limits instead; give both."},
    {"high_limit", [](U& u) -> slot { return &u.high_limit; }, ""},
    {"interval_seconds", [](U& u) -> slot { return &u.interval; }, "Expected between readings; 0 = unknown.", 0,
     7 * day_seconds},
});

} // namespace

std::span<const config_key<settings>> setting_keys() {
  return setting_table;
}
std::span<const config_key<source_settings>> customer_keys() {
  return customer_table;
}

std::span<const config_key<declared_unit>> unit_keys() {
  return unit_table;
}

} // namespace coldvigil
