#pragma once
// The port to a database. Batches go in, (point, from, to) ranges come out: never rows.
//
// A store is opened for one process at a time and refuses a second one. `store` belongs to one thread (the writer's);
// each `store_reader` belongs to one thread at a time and sees committed data only. No exception leaves either.

#include "core/alarm_kpis.hpp"
#include "core/alarm_story.hpp"
#include "core/commit.hpp"
#include "core/contact_board.hpp"
#include "core/forgotten.hpp"
#include "core/model_activation.hpp"
#include "core/result.hpp"
#include "core/rule_history.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

/// Where a list of alarms, newest raised first and then by id, goes on: after this one.
struct list_place {
  timestamp raised_at{};
  alarm_id id{};
  friend bool operator==(const list_place&, const list_place&) = default;
};

struct alarm_query {
  std::optional<customer_id> customer{};
  std::optional<facility_id> facility{};
  std::optional<unit_id> unit{};
  std::optional<rule_kind> rule{};
  std::optional<alarm_level> level{};
  std::optional<bool> open{};
  std::optional<uuid> public_id{};                     ///< this alarm only
  std::optional<timestamp> raised_from{}, raised_to{}; ///< both inclusive
  bool with_annulled = false;
  std::optional<list_place> after{};
  std::size_t limit = 100;
  std::size_t offset = 0;
};
struct alarm_page {
  std::vector<alarm_record> items; ///< newest raised first, then by id
  std::uint64_t total = 0;         ///< of all pages, wherever this one begins
};

/// Alarms that lived in a period: raised before its end and not cleared before its beginning.
struct course_query {
  std::optional<customer_id> customer{};
  timestamp from{}, to{};
  std::size_t limit = 100'000;
};

struct poll_query {
  std::optional<customer_id> customer{};
  std::size_t limit = 100;
  std::size_t offset = 0;
};

struct reject_query {
  std::optional<customer_id> customer{};
  std::optional<std::string> unit{}; ///< code, as the source wrote it
  std::optional<reject_reason> reason{};
  std::optional<timestamp> from{}, to{}; ///< when it was received, both inclusive
  std::size_t limit = 100;
  std::size_t offset = 0;
  friend bool operator==(const reject_query&, const reject_query&) = default;
};

struct audit_query {
  std::optional<customer_id> customer{};
  std::optional<std::string> unit{};   ///< code, within the customer
  std::optional<std::string> action{}; ///< "alarm.ack", or "alarm" for all that begin with "alarm."
  std::optional<std::string> actor{};
  std::optional<timestamp> from{}, to{}; ///< both inclusive
  std::size_t limit = 100;
  std::size_t offset = 0;
  friend bool operator==(const audit_query&, const audit_query&) = default;
};

struct delivery_query {
  std::optional<std::string> message{}; ///< key
  std::optional<uuid> alarm{};
  std::optional<std::string> person{}, channel{};
  std::optional<send_result> result{};
  std::optional<timestamp> from{}, to{}; ///< end of the attempt, both inclusive
  std::size_t limit = 100;
  std::size_t offset = 0;
};

/// A unit to be registered. Kind and limits are decided by the caller; the identifiers are used when they are needed.
struct unit_registration {
  unit_description unit;
  unit_kind kind = unit_kind::freezer;
  limits range{};
  uuid fresh_facility{};
  uuid fresh_unit{};
  audit_entry audit{};
};
struct registered_unit {
  facility_record facility;
  unit_record unit;
};

/// The newest commit: who keeps it elsewhere can prove later that nothing before it was changed or cut off.
struct chain_head {
  std::uint64_t seq = 0;
  std::string hash_hex{};
  timestamp at{};
};
/// The first entry of the record that is not as it was committed.
struct chain_fault {
  std::uint64_t seq = 0; ///< the commit
  std::string what{};
};
/// Where a check of the record stands; begins as default. It goes over the commits from the first to the newest, each
/// with the rows it put into tables, then over the snapshots and the alarms as they are now, then over rows that belong
/// to no commit.
struct chain_check {
  enum class part : std::uint8_t { commits, snapshots, alarms, strays, done };
  part at = part::commits;
  std::uint64_t commits = 0; ///< checked so far
  std::string hash{};        ///< of the newest one checked
  bool founded = false;      ///< the commit was reached that accounts for what came before changes were recorded
  std::array<std::int64_t, 4> newest_ids{};     ///< of the rows that lists are in the order of, by table
  std::map<std::string, std::uint64_t> ended{}; ///< rows not there any more, by name, whose end no commit has said yet
  /// Of tables that forget their oldest likewise, by table, in the order of the commits: each with the highest number
  /// of its rows that are not there. No more than the store keeps, and copied at every step.
  std::map<std::string, std::vector<std::pair<std::uint64_t, std::int64_t>>> missing{};
  std::int64_t after = 0; ///< the point or the alarm checked last
  std::optional<chain_fault> fault{};
  [[nodiscard]] bool finished() const { return fault || at == part::done; }
};

struct rule_change {
  rule_record rule{};
  audit_entry audit{};
};

class store_reader {
 public:
  virtual ~store_reader() = default;
  /// Sealed readings with from <= at <= to, in event order. What is not sealed yet is with the unit actor.
  virtual result<std::vector<judged_reading>> sealed(point_id point, timestamp from, timestamp to) = 0;
  /// Names of the point's sensors as of its newest snapshot; index 1 is the first.
  virtual result<std::vector<std::string>> sensors(point_id point) = 0;
  virtual result<alarm_page> alarms(const alarm_query& query) = 0;
  /// In the order in which they were committed.
  virtual result<std::vector<alarm_transition>> transitions(alarm_id alarm) = 0;
  /// What people said of the alarm, in the order of its coming.
  virtual result<std::vector<life_event>> life_events(alarm_id alarm) = 0;
  /// What was said of the shelving of any alarm since the oldest one that lasts beyond `now` was said, in the order of
  /// its coming: shelvings and their ends, each with the alarm as it is now.
  virtual result<std::vector<std::pair<alarm_record, life_event>>> shelvings(timestamp now) = 0;
  /// The lives of alarms, in their order; what was done to their units is part of them.
  virtual result<std::vector<alarm_life>> lives(std::span<const alarm_record> alarms) = 0;
  /// What was done to the service of one unit or of all, in the order of its coming.
  virtual result<std::vector<service_change>> service_changes(std::optional<unit_id> unit) = 0;
  /// Annulled ones are left out, retroactive ones marked. error_code::limit when there are more.
  virtual result<std::vector<alarm_course>> courses(const course_query& query) = 0;
  /// Newest first.
  virtual result<std::vector<rejected_reading>> rejects(const reject_query& query) = 0;
  /// Newest first.
  virtual result<std::vector<poll_record>> polls(const poll_query& query) = 0;
  /// Newest first.
  virtual result<std::vector<audit_entry>> audits(const audit_query& query) = 0;
  /// Nothing before the first commit.
  virtual result<std::optional<chain_head>> head() = 0;
  /// The hash of a commit, in hexadecimal digits; nothing when there is no such commit.
  virtual result<std::optional<std::string>> commit_hash(std::uint64_t seq) = 0;
  /// Goes on with a check, by up to `steps` commits, snapshots or alarms. A fault is part of the answer; an error means
  /// that the check itself could not go on.
  virtual result<chain_check> check_chain(chain_check so_far, std::size_t steps) = 0;
  /// Attempts to deliver messages, newest first.
  virtual result<std::vector<delivery_record>> deliveries(const delivery_query& query) = 0;
  /// Newest first.
  virtual result<std::vector<self_test>> self_tests(std::size_t limit) = 0;
};

/// The audit entry of a change is committed in the same transaction as the change.
class store {
 public:
  virtual ~store() = default;

  /// How many times the store was opened for writing: part of every feed cursor and every commit row.
  [[nodiscard]] virtual std::uint64_t epoch() const = 0;
  /// "sqlite" or "postgres", for people.
  [[nodiscard]] virtual std::string kind() const = 0;
  virtual result<std::unique_ptr<store_reader>> make_reader() = 0;

  // --- registry
  virtual result<registry> load_registry() = 0;
  /// The customer with this code; made when missing. The name is kept up to date.
  virtual result<customer_record> ensure_customer(const std::string& code, const std::string& name, uuid fresh,
                                                  timestamp now) = 0;
  /// Registers units, and their facilities where missing, each with an audit entry, in one transaction. A unit whose
  /// code the customer already has is returned as it is. Answers in the order of the input.
  virtual result<std::vector<registered_unit>> register_units(std::span<const unit_registration> units) = 0;
  /// Number of a model version by its name and content hash; given when new. Numbers start at 1.
  virtual result<std::uint16_t> model_number(const std::string& name, const std::string& sha256_hex, timestamp now) = 0;
  /// The newest first.
  virtual result<std::vector<model_activation>> model_activations(std::size_t newest) = 0;
  virtual status activate_model(const model_activation& change, const audit_entry& audit) = 0;

  // --- tokens
  virtual result<std::vector<token_record>> load_tokens() = 0;
  /// The id is given by the store.
  virtual result<token_record> add_token(const token_record& token, const audit_entry& audit) = 0;
  /// The tokens with this name end, each with the audit entry. Gives how many there were.
  virtual result<std::size_t> revoke_tokens(const std::string& name, const audit_entry& audit) = 0;

  // --- rules and alarms
  /// In the order of their revisions.
  virtual result<std::vector<rule_record>> load_rules() = 0;
  /// All or none. The revisions are given by the store.
  virtual result<std::vector<rule_record>> change_rules(std::span<const rule_change> changes) = 0;
  virtual status add_life_event(alarm_id alarm, const life_event& event, const audit_entry& audit) = 0;
  virtual status add_service_change(const service_change& change, const audit_entry& audit) = 0;

  // --- contacts
  /// Nothing before the first.
  virtual result<std::optional<contact_revision>> newest_contacts() = 0;
  /// Appends a revision of the contact book; its number is given by the store and is the answer.
  virtual result<std::uint64_t> add_contacts(const contact_revision& book, std::span<const audit_entry> audits) = 0;

  // --- the way of a reading
  /// One transaction. After an answer the batch is durable; after a failure it is not committed (an in-doubt commit is
  /// settled by its commit row before this returns). Gives the commit's number, contiguous from 1. A chunk comes with a
  /// snapshot of its point; runs of a point that its snapshot in the same batch does not hold yet are added to it.
  virtual result<std::uint64_t> commit(const commit_batch& batch) = 0;
  /// Calls `sink` once for every unit that has committed readings or a snapshot.
  virtual status recover(const std::function<void(unit_recovery&&)>& sink) = 0;
  /// Which commits the last recovery did not find the readings of, for people. They are lost: the units went on from
  /// what is left. An audit entry "record.gap" says the same.
  [[nodiscard]] virtual std::optional<std::string> gap() const { return std::nullopt; }
  /// Alarms that are open or were raised or cleared at or after `since` (a unit's checkpoint decides).
  virtual result<std::vector<alarm_record>> alarms_of(unit_id unit, timestamp since) = 0;
  /// Highest running number of each unit's alarms so far, by unit: (unit, alarm_id).
  virtual result<std::vector<std::pair<unit_id, alarm_id>>> newest_alarm_ids() = 0;
  virtual result<std::vector<feed_head>> feed_heads() = 0;
  /// What notification goes on from. Cases finished and messages settled before `since` are left out.
  virtual result<stored_notifications> load_notifications(timestamp since, timestamp now) = 0;
  /// Of Coldvigil itself and of common causes: all that are open, and the newest `cleared` of the others; open ones
  /// first, the newest first.
  virtual result<std::vector<system_alarm>> load_system_alarms(std::size_t cleared) = 0;
  /// Drops the payload of commits whose readings are all in chunks or snapshots by now; the commit rows stay with
  /// their hashes. Cheap to call often. Gives how many were trimmed.
  virtual result<std::uint64_t> trim_log() = 0;
  /// Forgets the oldest of what is beyond the bounds of store_options, a piece at a time. Stays: what
  /// load_notifications gives for any time of the last day, the newest of everything, and the record's proof of all the
  /// rest.
  virtual result<forgotten_rows> forget_oldest() = 0;

  /// Ends the use; the epoch's last act. Nothing may be called after it.
  virtual void close() = 0;
};

struct store_options {
  std::string path;                         ///< SQLite: the file
  std::string url;                          ///< PostgreSQL: a libpq connection string or URI
  std::uint64_t max_log_bytes = 4ull << 30; ///< refuse to let the unsealed log grow beyond this (error_code::limit)
  std::uint64_t keep_polls = 100'000;       ///< so many are kept of each; see forget_oldest
  std::uint64_t keep_rejects = 1'000'000;
  std::uint64_t keep_deliveries = 200'000;
  std::uint64_t keep_cases = 100'000; ///< that are finished
  /// PostgreSQL: how long a commit waits for a lost database to come back and settle what was in doubt. Afterwards it
  /// fails, and should the commit turn out to be there all the same, every further one fails: restart.
  millis settle_patience{20'000};
};

/// Opens, creating and migrating as needed. The folder must exist.
result<std::unique_ptr<store>> open_sqlite(const store_options& options);
result<std::unique_ptr<store>> open_postgres(const store_options& options);

/// Reads a store that exists, beside its writer or without one; makes and changes nothing.
result<std::unique_ptr<store_reader>> open_sqlite_reader(const store_options& options);
result<std::unique_ptr<store_reader>> open_postgres_reader(const store_options& options);

} // namespace coldvigil
