#pragma once
// The store over SQL: the same for both databases, which differ in their link and in how readings lie in them.

#include "db/forgetting.hpp"
#include "db/hash_chain.hpp"
#include "db/log_gap.hpp"
#include "db/log_tracker.hpp"
#include "db/migrations.hpp"
#include "db/row_record.hpp"
#include "db/series_layout.hpp"
#include "db/sql_link.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

struct sql_parts {
  std::string kind;
  std::string where; ///< names the database for people, without secrets
  std::shared_ptr<const series_layout> layout;
  std::unique_ptr<sql_link> link;
  std::function<std::unique_ptr<sql_link>()> make_reader_link;
  std::span<const migration> migrations;
};

class sql_store final : public store {
 public:
  /// Migrates and begins a new epoch. Throws db::error.
  sql_store(sql_parts parts, const store_options& options);

  [[nodiscard]] std::uint64_t epoch() const override { return epoch_; }
  [[nodiscard]] std::string kind() const override { return parts_.kind; }
  result<std::unique_ptr<store_reader>> make_reader() override;
  result<registry> load_registry() override;
  result<customer_record> ensure_customer(const std::string& code, const std::string& name, uuid fresh,
                                          timestamp now) override;
  result<std::vector<registered_unit>> register_units(std::span<const unit_registration> units) override;
  result<std::uint16_t> model_number(const std::string& name, const std::string& sha256_hex, timestamp now) override;
  result<std::vector<model_activation>> model_activations(std::size_t newest) override;
  status activate_model(const model_activation& change, const audit_entry& audit) override;
  result<std::vector<token_record>> load_tokens() override;
  result<token_record> add_token(const token_record& token, const audit_entry& audit) override;
  result<std::size_t> revoke_tokens(const std::string& name, const audit_entry& audit) override;
  result<std::vector<rule_record>> load_rules() override;
  result<std::vector<rule_record>> change_rules(std::span<const rule_change> changes) override;
  result<std::optional<contact_revision>> newest_contacts() override;
  result<std::uint64_t> add_contacts(const contact_revision& book, std::span<const audit_entry> audits) override;
  status add_life_event(alarm_id alarm, const life_event& event, const audit_entry& audit) override;
  status add_service_change(const service_change& change, const audit_entry& audit) override;
  result<std::uint64_t> commit(const commit_batch& batch) override;
  status recover(const std::function<void(unit_recovery&&)>& sink) override;
  [[nodiscard]] std::optional<std::string> gap() const override { return gap_; }
  result<std::vector<alarm_record>> alarms_of(unit_id unit, timestamp since) override;
  result<std::vector<std::pair<unit_id, alarm_id>>> newest_alarm_ids() override;
  result<std::vector<feed_head>> feed_heads() override;
  result<stored_notifications> load_notifications(timestamp since, timestamp now) override;
  result<std::vector<system_alarm>> load_system_alarms(std::size_t cleared) override;
  result<std::uint64_t> trim_log() override;
  result<forgotten_rows> forget_oldest() override;
  void close() override;

 private:
  struct chain_end {
    std::uint64_t seq = 0;
    std::string hash = chain_start();
    timestamp at{};
    std::optional<std::uint64_t> log_from{}; ///< nothing: from before the record said so
    bool with_rows = false;                  ///< it has digests of rows in recorded tables
  };
  /// A commit ready to be written.
  struct prepared_commit {
    const commit_batch& batch;
    std::vector<unit_snapshot> snapshots;
    std::string snapshot_digests;
    std::string row_digests; ///< and what follows from it: known when the rows are written
    packed_batch packed;
    chain_link link;
    std::string hash;
  };

  sql_session& session() { return parts_.link->session(); }
  void take_over(sql_session& in);
  void make_sure_of_place(sql_session& in);
  [[nodiscard]] chain_end read_end(sql_session& in) const;
  void found(sql_session& in);
  void take_rows_in(sql_session& in);
  [[nodiscard]] bool take_some_rows_in(sql_session& in, const recorded_table& table);
  [[nodiscard]] prepared_commit prepare(const commit_batch& batch, const lasting_changes& changes) const {
    return prepare(batch, changes, end_.log_from.value_or(1));
  }
  [[nodiscard]] prepared_commit prepare(const commit_batch& batch, const lasting_changes& changes,
                                        std::uint64_t log_from) const;
  [[nodiscard]] bool fits_the_log(const prepared_commit& next) const;
  void check_log_bounds(const prepared_commit& next) const;
  void write(sql_session& in, prepared_commit& next, row_recorder rows) const;
  void write_commit_row(sql_session& in, const prepared_commit& next) const;
  /// `before`: what the same transaction does first.
  void write_durably(prepared_commit& next, const std::function<void(sql_session&, row_recorder&)>& before = {});
  void note_committed(const prepared_commit& done);
  [[nodiscard]] bool settled_as_committed(const prepared_commit& next);
  void read_units(const std::function<void(unit_recovery&&)>& sink);
  void record_gap(const log_gap& missing);
  std::uint64_t trim();
  void forget_recorded(forgotten_rows& out);
  void forget_notifications(forgotten_rows& out);
  void record_trim(std::uint64_t below);
  [[nodiscard]] std::uint64_t trim_step(std::uint64_t below);

  template <class Work> auto reading(Work&& work);
  template <class Work> auto changing(Work&& work);
  template <class Work> auto keeping_up(Work&& work);

  sql_parts parts_;
  const store_options options_;
  std::uint64_t epoch_ = 0;
  chain_end end_;
  std::uint64_t log_bytes_ = 0;
  std::optional<log_tracker> tracker_;   ///< made by the first recovery or trim
  std::optional<row_counts> row_counts_; ///< counted when they are first needed, and after a failure
  std::optional<std::string> gap_;
  std::optional<chain_end> in_doubt_; ///< told as failed while its fate was unknown
};

} // namespace coldvigil::db
