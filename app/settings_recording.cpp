#include "app/settings_recording.hpp"

#include "config/settings_list.hpp"

namespace coldvigil {

status record_settings(store& durable, const settings& config, timestamp now, const event_log& log) {
  auto reader = durable.make_reader();
  if (!reader.ok()) return reader.error();
  audit_query query;
  query.action = settings_actions;
  query.limit = settings_entries_read;
  const auto before = (*reader)->audits(query);
  if (!before.ok()) return before.error();
  commit_batch batch;
  batch.at = now;
  batch.audits = settings_news(*before, list_settings(config), now);
  if (batch.audits.empty()) return nothing{};
  if (const auto done = durable.commit(batch); !done.ok()) return done.error();
  if (!before->empty())
    log.info("settings_changed", {{"before", batch.audits[0].old_value}, {"now", batch.audits[0].new_value}});
  return nothing{};
}

} // namespace coldvigil
