#include "net/api.hpp"

namespace coldvigil {

http_answer json_answer(std::string body, http::status code) {
  http_answer answer;
  answer.status = code;
  answer.body = std::move(body);
  return answer;
}

http_answer engine_late(api& with, std::string_view detail) {
  with.metrics.engine_timeouts.fetch_add(1, std::memory_order_relaxed);
  http_answer late = timed_out(detail);
  late.error = detail;
  return late;
}

page_window read_page(query_string& query, std::size_t most, std::size_t otherwise, std::size_t farthest) {
  page_window page;
  page.limit = query.number("limit", 1, most, otherwise);
  page.offset = query.number("offset", 0, farthest, 0);
  return page;
}

void write_page_end(json_writer& out, const page_window& page, std::uint64_t total) {
  out.end_array();
  out.member("total", total).member("page", page.offset / page.limit + 1).member("page_size", page.limit);
  out.member("pages", (total + page.limit - 1) / page.limit).end_object();
}

} // namespace coldvigil
