// The link in a message: a page with a button, and what the button does. Mail scanners open links, so opening does
// nothing.
#include "core/notice_maker.hpp"
#include "core/plain_text.hpp"
#include "net/await_engine.hpp"
#include "net/notification_port.hpp"
#include "net/routes/routes.hpp"

#include <algorithm>

namespace coldvigil::routes {
namespace {

constexpr std::size_t secret_digits = 64;
constexpr std::size_t most_shown = 10; ///< alarms named on the page

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

http_answer page(http::status code, std::string_view heading, const std::string& rest) {
  http_answer out;
  out.status = code;
  out.content_type = "text/html; charset=utf-8";
  out.body = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
             "<meta name=\"robots\" content=\"noindex\"><title>Coldvigil</title><style>"
             "body{font:18px/1.5 sans-serif;max-width:34em;margin:2em auto;padding:0 1em}"
             "button,input{font:inherit;padding:.6em 1em;width:100%;box-sizing:border-box;margin:.3em 0}"
             "</style></head><body><h1>" +
             std::string(heading) + "</h1>" + rest + "</body></html>";
  return out;
}

http_answer refused(const failure& why) {
  if (why.code == error_code::unavailable || why.code == error_code::limit)
    return page(http::status::service_unavailable, "Not now",
                "<p>It could not be stored at the moment. Try again in a minute.</p>");
  if (why.code == error_code::not_found || why.code == error_code::conflict)
    return page(http::status::not_found, "This link does not work",
                "<p>It was used already, or it is too old. Newer messages have a newer link.</p>");
  http_answer out = page(http::status::internal_server_error, "Something went wrong", "<p>Try again.</p>");
  out.error = why.text();
  return out;
}

http_answer late() {
  return page(http::status::service_unavailable, "Not now", "<p>No answer came in time. Try again in a minute.</p>");
}

/// `typed` is what was said already.
std::string form(link_purpose purpose, const std::string& typed) {
  const bool acknowledges = purpose == link_purpose::acknowledge;
  std::string out = "<form method=\"post\">";
  if (acknowledges)
    out += "<label>What do you do about it? <input name=\"reason\" maxlength=\"500\" autocomplete=\"off\"" +
           (typed.empty() ? "" : " value=\"" + html(printable(typed)) + "\"") + "></label>";
  return out + "<button type=\"submit\">" + (acknowledges ? "Acknowledge" : "It has arrived") + "</button></form>";
}

std::string row(const std::string& text) {
  return "<li>" + html(text) + "</li>";
}

/// "the store cannot be written to: disk I/O error", of Coldvigil itself or of a common cause; empty when it is none.
std::string system_words(api& with, const uuid& alarm) {
  const auto all = with.core().system_alarms();
  const auto found = std::find_if(all->begin(), all->end(), [&](const system_alarm& each) { return each.id == alarm; });
  if (found == all->end()) return {};
  const system_condition& what = found->what;
  const auto customer = what.customer ? with.core().board().of(*what.customer) : nullptr;
  std::string out(words_of(what.fault));
  if (customer) out += ", " + customer->directory->customer->name + ", " + what.subject;
  if (!what.detail.empty()) out += ": " + what.detail;
  return out;
}

/// "Freezer 3, Store: too warm: -12.3 °C (limit -18.0 °C)", as messages say it; empty where nobody knows the unit.
std::string unit_words(api& with, const alarm_record& alarm) {
  const auto now = with.core().board().of(alarm.customer);
  if (!now) return {};
  const customer_view view(now);
  const unit_now* unit = view.unit(alarm.unit);
  const facility_record* facility = view.facility(alarm.facility);
  if (!unit || !facility) return {};
  const alarm_transition stands{alarm, alarm.open() ? transition_kind::raised : transition_kind::cleared, {}, {}};
  const auto told = notice_maker(0).make(stands, {view.customer(), *facility, *unit->unit});
  const std::string value = value_in_words(*told);
  return told->unit_name + ", " + told->facility_name + ": " + told->rule + (value.empty() ? "" : ": " + value);
}

/// Empty when nobody knows it any more.
asio::awaitable<std::string> text_of(api& with, const uuid& alarm) {
  auto start = [&](auto done) {
    with.core().story(alarm, std::nullopt, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<alarm_story>>(with.options.request_timeout, start);
  if (!got || !got->ok()) co_return system_words(with, alarm);
  co_return unit_words(with, got->value().alarm);
}

std::string list(const std::string& rows, std::size_t all) {
  if (all > most_shown) return "<ul>" + rows + "<li>and " + std::to_string(all - most_shown) + " more</li></ul>";
  return rows.empty() ? rows : "<ul>" + rows + "</ul>";
}

/// Of the alarms that are known still.
asio::awaitable<std::string> list_of(api& with, const message_link& link) {
  std::string out;
  for (std::size_t i = 0; i < std::min(link.alarms.size(), most_shown); ++i) {
    const std::string words = co_await text_of(with, link.alarms[i]);
    if (!words.empty()) out += row(words);
  }
  co_return list(out, link.alarms.size());
}

/// Who was first, alarm by alarm.
asio::awaitable<std::string> list_of(api& with, const std::vector<alarm_dealt_with>& before) {
  std::string out;
  for (std::size_t i = 0; i < std::min(before.size(), most_shown); ++i) {
    const std::string words = co_await text_of(with, before[i].alarm);
    out += row((words.empty() ? "An alarm" : words) + ": " + before[i].how + ".");
  }
  co_return list(out, before.size());
}

asio::awaitable<http_answer> acknowledged(api& with, const used_link& used, bool with_reason) {
  const std::string quiet = "<p>Nobody is called about it any more, unless it is raised again.</p>";
  if (used.before.empty()) co_return page(http::status::ok, "Acknowledged", quiet);
  const bool all = used.before.size() == used.link.alarms.size();
  std::string text = co_await list_of(with, used.before);
  if (with_reason)
    text += std::ranges::all_of(used.before, &alarm_dealt_with::reason_kept)
                ? "<p>What you wrote is kept beside it, in your name.</p>"
                : "<p>What you wrote could not be kept with all of them: say it on the dashboard.</p>";
  co_return page(http::status::ok, all ? "Somebody was first" : "Acknowledged; of some, somebody was first",
                 text + quiet);
}

/// As people call them; the id of somebody who has left the book since.
std::string name_of(const notification_port& port, const std::string& id) {
  const contacts_now now = port.contacts();
  const auto found = now.book->persons.find(id);
  return found == now.book->persons.end() ? id : found->second.name;
}

/// What somebody sent by the form that does not do.
struct refused_words {
  std::string trouble, typed;
};

/// What the link is about, with the form; once more when what was sent does not do.
asio::awaitable<http_answer> show(api& with, notification_port& port, std::string secret,
                                  std::optional<refused_words> before) {
  auto start = [&](auto done) {
    port.look_at_link(secret, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<message_link>>(with.options.request_timeout, start);
  if (!got) co_return late();
  if (!got->ok()) co_return refused(got->error());
  const message_link& link = got->value();
  const std::string who = html(name_of(port, link.person));
  std::string rest = before ? "<p>" + html(before->trouble) + "</p>" : "";
  rest += co_await list_of(with, link);
  rest += form(link.purpose, before ? before->typed : "");
  if (before) co_return page(http::status::unprocessable_entity, "Say what you do about it, " + who, rest);
  const bool is_test = link.purpose == link_purpose::confirm_receipt;
  co_return page(http::status::ok, is_test ? "Test of the way to " + who : "Acknowledge as " + who + "?", rest);
}

http_answer unknown_link() {
  return refused({error_code::not_found, "no such link"});
}

} // namespace

route_answer show_link(api& with, api_request& request) {
  notification_port* port = with.core().notifications();
  if (!port || request.path[0].size() != secret_digits) co_return unknown_link();
  co_return co_await show(with, *port, request.path[0], std::nullopt);
}

route_answer use_link(api& with, api_request& request) {
  notification_port* port = with.core().notifications();
  if (!port || request.path[0].size() != secret_digits) co_return unknown_link();
  const query_string sent(request.what.request.body());
  const std::string reason = sent.text("reason").value_or("");
  const auto ask_again = [&](const std::string& trouble) {
    return show(with, *port, request.path[0], refused_words{trouble, reason});
  };
  if (!sent.errors().empty())
    co_return co_await ask_again("That is not what a browser sends: " + sent.errors().front().detail);
  if (const auto fault = fault_in_text(reason, text_form::lines, most_text_bytes))
    co_return co_await ask_again("The reason cannot be kept: " + *fault + ".");
  auto start = [&](auto done) {
    port->use_link(request.path[0], reason, std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<used_link>>(with.options.request_timeout, start);
  if (!got) co_return late();
  if (!got->ok() && got->error().code == error_code::invalid_argument)
    co_return co_await ask_again(got->error().what + ": " + got->error().hint);
  if (!got->ok()) co_return refused(got->error());
  if (got->value().link.purpose == link_purpose::confirm_receipt)
    co_return page(http::status::ok, "Thank you", "<p>The test is recorded as received.</p>");
  co_return co_await acknowledged(with, got->value(), !says_nothing(reason));
}

} // namespace coldvigil::routes
