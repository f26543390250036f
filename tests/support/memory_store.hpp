#pragma once
// A store in memory with faults on demand: what is committed survives the "process", the rest does not. For actor
// tests.

#include "db/store.hpp"

#include <functional>
#include <map>
#include <mutex>

namespace coldvigil::test {

/// What stays when a process dies; shared by the stores that are opened on it one after the other.
struct disk {
  std::mutex mutex;
  std::function<void(point_id)> before_reading{}; ///< somebody asks for the sealed readings of a point
  std::uint64_t epoch = 0;
  registry known;
  std::vector<commit_batch> commits;
  std::map<std::int64_t, std::map<timestamp, judged_reading>> readings; ///< by point
  std::map<std::int64_t, std::optional<timestamp>> sealed_through;      ///< by point
  std::map<std::int64_t, unit_snapshot> snapshots;                      ///< by point
  std::map<std::int64_t, std::vector<std::string>> sensors;
  std::map<std::int64_t, alarm_record> alarms;
  std::vector<alarm_transition> transitions;
  std::vector<rejected_reading> rejects;
  std::vector<poll_record> polls;
  std::vector<rule_record> rules;
  std::vector<contact_revision> contacts;
  std::vector<audit_entry> audits;                             ///< of changes by people, beside those of the commits
  std::map<std::int64_t, std::vector<life_event>> life_events; ///< by alarm
  std::vector<service_change> service;
  std::map<std::int64_t, std::uint64_t> feed;
  std::map<std::pair<uuid, std::uint64_t>, alarm_notice> notices;
  std::map<uuid, alarm_case> cases;
  std::map<uuid, system_alarm> system_alarms;
  std::vector<outbox_entry> outbox; ///< in the order in which they were added
  std::vector<delivery_record> deliveries;
  std::map<std::string, message_link> links;
  std::map<std::string, self_test> self_tests;
  std::vector<std::string> models{}; ///< name and hash; a number is one more than the place
  std::vector<model_activation> activations{};
  int failing_registrations = 0;
  int failing_commits = 0;         ///< this many commits fail from now on
  std::uint64_t beyond_bounds = 0; ///< polls that are to be forgotten, one at a time
  error_code failing_with = error_code::unavailable;
  int check_steps = 1;   ///< steps until a check of the record ends; negative: it fails
  bool throwing = false; ///< a commit throws, against the port's contract
};

class memory_store final : public store {
 public:
  explicit memory_store(std::shared_ptr<disk> on);

  [[nodiscard]] std::uint64_t epoch() const override { return epoch_; }
  [[nodiscard]] std::string kind() const override { return "memory"; }
  result<std::unique_ptr<store_reader>> make_reader() override;
  result<registry> load_registry() override;
  result<customer_record> ensure_customer(const std::string& code, const std::string& name, uuid fresh,
                                          timestamp now) override;
  result<std::vector<registered_unit>> register_units(std::span<const unit_registration> units) override;
  result<std::uint16_t> model_number(const std::string& name, const std::string& sha256_hex, timestamp now) override;
  result<std::vector<model_activation>> model_activations(std::size_t newest) override;
  status activate_model(const model_activation& change, const audit_entry& audit) override;
  result<std::vector<token_record>> load_tokens() override { return std::vector<token_record>{}; }
  result<token_record> add_token(const token_record& token, const audit_entry&) override { return token; }
  result<std::size_t> revoke_tokens(const std::string&, const audit_entry&) override { return std::size_t{0}; }
  result<std::vector<rule_record>> load_rules() override;
  result<std::vector<rule_record>> change_rules(std::span<const rule_change> changes) override;
  result<std::optional<contact_revision>> newest_contacts() override;
  result<std::uint64_t> add_contacts(const contact_revision& book, std::span<const audit_entry> audits) override;
  status add_life_event(alarm_id alarm, const life_event& event, const audit_entry& audit) override;
  status add_service_change(const service_change& change, const audit_entry& audit) override;
  result<std::uint64_t> commit(const commit_batch& batch) override;
  status recover(const std::function<void(unit_recovery&&)>& sink) override;
  result<std::vector<alarm_record>> alarms_of(unit_id unit, timestamp since) override;
  result<std::vector<std::pair<unit_id, alarm_id>>> newest_alarm_ids() override;
  result<std::vector<feed_head>> feed_heads() override;
  result<stored_notifications> load_notifications(timestamp since, timestamp now) override;
  result<std::vector<system_alarm>> load_system_alarms(std::size_t cleared) override;
  result<std::uint64_t> trim_log() override { return std::uint64_t{0}; }
  result<forgotten_rows> forget_oldest() override;
  void close() override {}

 private:
  std::shared_ptr<disk> disk_;
  std::uint64_t epoch_ = 0;
};

} // namespace coldvigil::test
