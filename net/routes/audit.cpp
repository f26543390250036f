// Who changed what, and the proof that the record is whole.
#include "net/await_engine.hpp"
#include "net/list_answer.hpp"
#include "net/routes/routes.hpp"
#include "net/scope.hpp"

namespace coldvigil::routes {
namespace {

void write_entry(json_writer& out, const audit_entry& entry, const now_board& board) {
  const auto customer = entry.customer ? board.of(*entry.customer) : nullptr;
  out.begin_object().member("at", entry.at);
  out.member("customer", customer ? std::optional(customer->directory->customer->code) : std::nullopt);
  out.member("actor", entry.actor).member("action", entry.action).member("subject", entry.subject);
  out.member("old_value", entry.old_value).member("new_value", entry.new_value).member("reason", entry.reason);
  out.end_object();
}

void write_head(json_writer& out, const std::optional<chain_head>& head) {
  if (!head) {
    out.null();
    return;
  }
  out.begin_object().member("commit", head->seq).member("hash", head->hash_hex).member("at", head->at).end_object();
}

audit_query read_query(query_string& from) {
  audit_query out;
  const page_window page = read_page(from, 1000);
  out.limit = page.limit;
  out.offset = page.offset;
  out.action = from.text("action");
  out.actor = from.text("actor");
  out.from = from.time("from");
  out.to = from.time("to");
  return out;
}

std::string_view state_of(const record_check& check) {
  if (check.so_far.fault) return "changed";
  return check.ended_at ? "whole" : "running";
}

std::string render(const record_check& check) {
  std::string text;
  json_writer out(text);
  out.begin_object().member("state", state_of(check)).member("commits_checked", check.so_far.commits);
  out.key("first_bad");
  if (const auto& fault = check.so_far.fault)
    out.begin_object().member("commit", fault->seq).member("what", fault->what).end_object();
  else
    out.null();
  out.key("head");
  write_head(out, check.head);
  out.member("began_at", check.began_at).member("ended_at", check.ended_at).end_object();
  return text;
}

} // namespace

route_answer list_audit(api& with, api_request& request) {
  audit_query query = read_query(request.query);
  if (!request.query.errors().empty()) co_return invalid_input(request.query.errors());
  const auto seen = scope_of(with, request);
  if (!seen) co_return not_found("There is no such customer.");
  query.customer = seen->customer;
  if (const auto name = request.query.text("unit_id")) {
    const auto unit = find_unit(*seen, *name);
    if (!unit) co_return not_found("There is no such unit.");
    query.customer = unit->unit->unit->customer;
    query.unit = unit->unit->unit->code;
  }
  auto ask = [&](auto done) { with.core().audits(query, std::move(done)); };
  auto write = [&](json_writer& out, const audit_entry& each) { write_entry(out, each, with.core().board()); };
  co_return co_await list_answer<audit_entry>(with, ask, write);
}

route_answer audit_head(api& with, api_request&) {
  auto start = [&](auto done) {
    with.core().head(std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<std::optional<chain_head>>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok()) co_return engine_failed(got->error());
  std::string text;
  json_writer out(text);
  write_head(out, got->value());
  co_return json_answer(std::move(text));
}

route_answer verify_audit(api& with, api_request&) {
  auto start = [&](auto done) {
    with.core().check_record(std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<record_check>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok()) co_return engine_failed(got->error());
  const bool running = !got->value().ended_at;
  co_return json_answer(render(got->value()), running ? http::status::accepted : http::status::ok);
}

} // namespace coldvigil::routes
