#include "app/request_log.hpp"

namespace coldvigil {

void request_log::write(const access_record& record) {
  // 505 is what a client wants of HTTP, and no failure of ours.
  if (record.status >= 500 && record.status != 505) write_failed(record);
  log_.write(log_level::debug, "request",
             {{"id", record.request_id},
              {"peer", record.peer},
              {"token", record.token},
              {"method", record.method},
              {"path", record.path},
              {"status", std::to_string(record.status)},
              {"us", std::to_string(record.duration.count())}});
}

/// 503 is a limit at work or a part that is away: those who cannot get in ask again and again.
void request_log::write_failed(const access_record& record) {
  if (record.status != 503)
    return log_.error("request_failed", {{"id", record.request_id}, {"path", record.path}, {"reason", record.error}});
  std::optional<std::uint64_t> more;
  {
    const std::lock_guard lock(mutex_);
    more = limit_.pass(record.path + ' ' + record.error, time_.now());
  }
  if (!more) return;
  log_.warning("request_refused", {{"id", record.request_id},
                                   {"peer", record.peer},
                                   {"token", record.token},
                                   {"path", record.path},
                                   {"reason", record.error},
                                   {"more_before", std::to_string(*more)}});
}

} // namespace coldvigil
