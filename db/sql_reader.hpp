#pragma once
// Reads committed data over a connection of its own.

#include "db/series_layout.hpp"
#include "db/sql_link.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

class sql_reader final : public store_reader {
 public:
  sql_reader(std::unique_ptr<sql_link> link, std::shared_ptr<const series_layout> layout, std::string where)
      : link_(std::move(link)), layout_(std::move(layout)), where_(std::move(where)) {}

  result<std::vector<judged_reading>> sealed(point_id point, timestamp from, timestamp to) override;
  result<std::vector<std::string>> sensors(point_id point) override;
  result<alarm_page> alarms(const alarm_query& query) override;
  result<std::vector<alarm_transition>> transitions(alarm_id alarm) override;
  result<std::vector<life_event>> life_events(alarm_id alarm) override;
  result<std::vector<std::pair<alarm_record, life_event>>> shelvings(timestamp now) override;
  result<std::vector<alarm_life>> lives(std::span<const alarm_record> alarms) override;
  result<std::vector<service_change>> service_changes(std::optional<unit_id> unit) override;
  result<std::vector<alarm_course>> courses(const course_query& query) override;
  result<std::vector<rejected_reading>> rejects(const reject_query& query) override;
  result<std::vector<poll_record>> polls(const poll_query& query) override;
  result<std::vector<audit_entry>> audits(const audit_query& query) override;
  result<std::optional<chain_head>> head() override;
  result<std::optional<std::string>> commit_hash(std::uint64_t seq) override;
  result<chain_check> check_chain(chain_check so_far, std::size_t steps) override;
  result<std::vector<delivery_record>> deliveries(const delivery_query& query) override;
  result<std::vector<self_test>> self_tests(std::size_t limit) override;

 private:
  template <class Work> auto reading(Work&& work);

  std::unique_ptr<sql_link> link_;
  std::shared_ptr<const series_layout> layout_;
  std::string where_;
};

} // namespace coldvigil::db
