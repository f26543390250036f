#include "core/words.hpp"
#include "net/alarm_evidence.hpp"
#include "net/await_engine.hpp"
#include "net/routes/alarm_view.hpp"
#include "net/routes/routes.hpp"
#include "net/rule_json.hpp"
#include "net/scope.hpp"
#include "net/series_reader.hpp"

#include <charconv>
#include <map>

namespace coldvigil::routes {
namespace {

constexpr std::size_t evidence_points = 500;

/// The views of the customers that the alarms belong to.
class alarm_views {
 public:
  explicit alarm_views(const now_board& board) : board_(board) {}
  /// Null when the customer is gone.
  const customer_view* of(customer_id customer) {
    auto found = views_.find(number(customer));
    if (found == views_.end()) {
      auto now = board_.of(customer);
      if (!now) return nullptr;
      found = views_.emplace(number(customer), customer_view(std::move(now))).first;
    }
    return &found->second;
  }

 private:
  const now_board& board_;
  std::map<std::int64_t, customer_view> views_;
};

/// Where a list goes on, opaque to clients: "MILLISECONDS.NUMBER" in hexadecimal digits.
std::string to_cursor(const list_place& place) {
  char text[40];
  char* end = std::to_chars(text, text + sizeof text, to_ms(place.raised_at), 16).ptr;
  *end++ = '.';
  return {text, std::to_chars(end, text + sizeof text, number(place.id), 16).ptr};
}

std::optional<list_place> parse_place(std::string_view text) {
  std::int64_t at = 0;
  std::int64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, at, 16);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, id, 16);
  if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
  const list_place out{from_ms(at), alarm_id{id}};
  // Only what was given out: no leading zeros, and alarms count from 1.
  if (id < 1 || to_cursor(out) != text) return std::nullopt;
  return out;
}

std::string render_page(const api& with, const alarm_listing& found, const page_window& page) {
  alarm_views views(with.core().board());
  std::string text;
  json_writer out(text);
  out.begin_object().key("items").begin_array();
  for (const auto& item : found.items)
    if (const customer_view* view = views.of(item.alarm.customer)) write_alarm(out, *view, item.alarm, item.life);
  out.end_array().member("total", found.total).member("page", page.offset / page.limit + 1);
  std::optional<std::uint64_t> pages;
  if (found.total) pages = (*found.total + page.limit - 1) / page.limit;
  out.member("page_size", page.limit).member("pages", pages);
  out.member("next_cursor", found.next ? std::optional(to_cursor(*found.next)) : std::nullopt).end_object();
  return text;
}

void write_transition(json_writer& out, const alarm_transition& step) {
  out.begin_object().member("event", to_string(step.kind)).member("at", step.at).member("decided_at", step.decided_at);
  out.member("state", state_of(step.after));
  out.member("raised_at", step.after.raised_at).member("cleared_at", step.after.cleared_at);
  out.key("extreme_c").thousandths(step.after.extreme).end_object();
}

/// "shelved,acknowledged"
std::vector<alarm_stage> read_stages(query_string& query) {
  std::vector<alarm_stage> out;
  const auto text = query.text("state");
  if (!text) return out;
  for (std::size_t from = 0; from <= text->size();) {
    const std::size_t end = std::min(text->find(',', from), text->size());
    const auto stage = parse_word<alarm_stage>(std::string_view(*text).substr(from, end - from), alarm_stage_count);
    if (!stage) {
      query.reject("state", "words of a life, separated by commas: unacknowledged acknowledged returned_unacknowledged "
                            "normal shelved suppressed out_of_service closed");
      return {};
    }
    out.push_back(*stage);
    from = end + 1;
  }
  return out;
}

alarm_list_query read_query(query_string& query, page_window& page) {
  alarm_list_query out;
  out.facts.open = query.truth("open");
  out.facts.raised_from = query.time("raised_from");
  out.facts.raised_to = query.time("raised_to");
  out.facts.rule = query.parsed("rule", parse_rule, "no such word");
  out.facts.level = query.parsed("severity", parse_level, "no such word");
  out.stages = read_stages(query);
  page = read_page(query, 1000);
  out.facts.limit = page.limit;
  out.facts.offset = page.offset;
  out.facts.after = query.parsed("cursor", parse_place, "the next_cursor of an answer");
  if (page.offset > 0 && (out.facts.after || !out.stages.empty())) query.reject("offset", "go on with cursor instead");
  return out;
}

void write_evidence(json_writer& out, const std::vector<time_stretch>& parts,
                    const std::vector<judged_reading>& drawn) {
  out.key("evidence").begin_object();
  out.member("from", parts.front().from).member("to", parts.back().to);
  out.key("left_out").begin_array();
  for (std::size_t i = 1; i < parts.size(); ++i)
    out.begin_object().member("from", parts[i - 1].to).member("to", parts[i].from).end_object();
  out.end_array();
  write_curves(out, drawn);
  out.end_object();
}

} // namespace

asio::awaitable<void> bring_up_to_now(api& with, alarm_record& alarm) {
  if (!alarm.open()) co_return;
  const customer_id customer = alarm.customer;
  const unit_id unit = alarm.unit;
  auto start = [&](auto done) {
    with.core().open_alarms(customer, unit, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<std::vector<alarm_record>>>(with.options.request_timeout, start);
  if (!got || !got->ok()) co_return; // as it was when it was raised
  for (const alarm_record& each : got->value())
    if (each.id == alarm.id && each.open()) alarm = each;
}

std::string render_open_story(const api& with, const alarm_story& story) {
  alarm_views views(with.core().board());
  std::string text;
  json_writer out(text);
  const customer_view* view = views.of(story.alarm.customer);
  if (!view) return "{";
  write_open_alarm_object(out, *view, story.alarm, as_of(story.life, with.now()));
  out.key("definition");
  write_rule(out, story.alarm.by);
  out.member("ended_by", story.alarm.cleared_at ? std::optional(to_string(story.alarm.end)) : std::nullopt);
  out.key("excursion");
  write_excursion(out, story.alarm.course);
  out.key("transitions").begin_array();
  for (const auto& step : story.transitions)
    write_transition(out, step);
  out.end_array().key("said").begin_array();
  for (const auto& event : story.said)
    write_life_event(out, event);
  out.end_array();
  return text;
}

route_answer list_alarms(api& with, api_request& request) {
  page_window page;
  alarm_list_query query = read_query(request.query, page);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  query.facts.customer = seen->customer;
  if (const auto name = request.query.text("unit_id")) {
    const auto unit = find_unit(*seen, *name);
    if (!unit) co_return not_found("There is no such unit.");
    query.facts.unit = unit->unit->unit->id;
  }
  if (const auto name = request.query.text("facility")) {
    const auto facility = find_facility(*seen, *name);
    if (!facility) co_return not_found("There is no such facility.");
    query.facts.facility = facility->id;
  }
  auto start = [&](auto done) {
    with.core().alarms(query, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<alarm_listing>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok()) co_return engine_failed(got->error());
  co_return json_answer(render_page(with, got->value(), page));
}

route_answer one_alarm(api& with, api_request& request) {
  const auto seen = scope_of(with, request);
  const auto id = parse_uuid(request.path[0]);
  if (!seen || !id) co_return not_found("There is no such alarm.");
  auto start = [&](auto done) {
    with.core().story(*id, seen->customer, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<alarm_story>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok() && got->error().code == error_code::not_found) co_return not_found("There is no such alarm.");
  if (!got->ok()) co_return engine_failed(got->error());
  alarm_story& story = got->value();
  const auto unit = find_unit_by_id(*seen, story.alarm.unit);
  if (!unit) co_return not_found("There is no such alarm.");
  co_await bring_up_to_now(with, story.alarm);
  const std::vector<time_stretch> parts = evidence_of(story.alarm, with.now());
  std::vector<judged_reading> drawn;
  for (const time_stretch& part : parts) {
    auto read = co_await read_series(with, *unit, part.from, part.to);
    if (auto* failed = std::get_if<http_answer>(&read)) co_return std::move(*failed);
    const auto kept = keep_extremes(std::get<series>(read).readings, evidence_points / parts.size());
    drawn.insert(drawn.end(), kept.begin(), kept.end());
  }
  std::string text = render_open_story(with, story);
  json_writer out(text);
  write_evidence(out, parts, drawn);
  out.end_object();
  co_return json_answer(std::move(text));
}

} // namespace coldvigil::routes
