// Webhooks and templates against a real HTTP receiver.
#include "notify/http_channels.hpp"
#include "notify/secrets.hpp"
#include "notify/text_escape.hpp"
#include "tests/support/http_receiver.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

const std::atomic<bool> going_on{false};

class fixed_clock final : public clock {
 public:
  [[nodiscard]] timestamp now() const override { return parse_utc("2026-11-21T02:12:34.5Z").value(); }
};
const fixed_clock time_now;

outgoing_message message() {
  outgoing_message out;
  out.key = "alarm-1.c1-0-0.hook.anna";
  out.to = {"anna", "hook", ""};
  out.person_name = "Anna";
  out.subject = "ALARM: \"Freezer\" 3 – -12.3 °C";
  out.text = "line 1\nline 2 {secret} \\ & more";
  out.data = R"({"kind":"alarm"})";
  return out;
}

send_outcome send(const result<std::shared_ptr<const channel>>& made, const outgoing_message& what = message()) {
  BOOST_REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().text()));
  return (*made)->send(what, going_on);
}

result<std::shared_ptr<const channel>> hook(const std::string& url, millis timeout = millis{20'000}) {
  webhook_options options{url, "key-7", "a secret of thirty bytes at least", {}};
  options.limits.total_timeout = timeout;
  return make_webhook_channel(options, time_now);
}

http_receiver::behaviour always(receiver_answer answer) {
  return [answer = std::move(answer)](const received_request&) { return answer; };
}
receiver_answer reply(unsigned code, std::map<std::string, std::string> headers = {}, std::string body = {}) {
  return {receiver_answer::kind::answer, code, std::move(headers), std::move(body)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(webhook)

BOOST_AUTO_TEST_CASE(a_request_is_signed) {
  http_receiver receiver(always(reply(204)));
  BOOST_TEST((send(hook(receiver.url("/hook?a=1"))).result == send_result::delivered));
  const auto got = receiver.received();
  BOOST_REQUIRE(got.size() == 1U);
  auto headers = got[0].headers;
  BOOST_TEST(got[0].method == "POST");
  BOOST_TEST(got[0].target == "/hook?a=1");
  BOOST_TEST(got[0].body == R"({"kind":"alarm"})");
  BOOST_TEST(headers["content-type"] == "application/json");
  BOOST_TEST(headers["idempotency-key"] == sha256_of(message().key));
  BOOST_TEST(headers["x-coldvigil-key-id"] == "key-7");
  BOOST_TEST(headers["x-coldvigil-timestamp"] == "1795227154");
  const std::string signed_text = "1795227154." + headers["idempotency-key"] + "." + got[0].body;
  BOOST_TEST(headers["x-coldvigil-signature"] ==
             "v1=" + hmac_sha256_of("a secret of thirty bytes at least", signed_text));
}

BOOST_AUTO_TEST_CASE(the_hash_functions_are_the_published_ones) {
  // FIPS 180-2 and RFC 4231, test case 2.
  BOOST_TEST(sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(hmac_sha256_of("Jefe", "what do ya want for nothing?") ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

BOOST_AUTO_TEST_CASE(answers_are_told_apart) {
  unsigned code = 200;
  std::map<std::string, std::string> headers;
  http_receiver receiver(
      [&](const received_request&) { return reply(code, headers, code == 204 ? "" : "why\r\nit failed"); });
  const auto with = [&](unsigned next) {
    code = next;
    return send(hook(receiver.url())).result;
  };
  for (const unsigned good : {200U, 201U, 204U})
    BOOST_TEST((with(good) == send_result::delivered));
  for (const unsigned later : {408U, 425U, 429U, 500U, 502U, 503U, 504U})
    BOOST_TEST((with(later) == send_result::retry));
  for (const unsigned never : {301U, 302U, 307U, 400U, 401U, 403U, 404U, 410U, 501U})
    BOOST_TEST((with(never) == send_result::refused));
  code = 503;
  headers = {{"Retry-After", "120"}};
  const auto asked = send(hook(receiver.url()));
  BOOST_TEST((asked.retry_after == std::chrono::seconds{120}));
  BOOST_TEST(asked.detail == "HTTP 503: why  it failed");
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed) {
  http_receiver elsewhere(always(reply(200)));
  http_receiver receiver(always(reply(307, {{"Location", elsewhere.url()}})));
  BOOST_TEST((send(hook(receiver.url())).result == send_result::refused));
  BOOST_TEST(elsewhere.received().empty());
}

BOOST_AUTO_TEST_CASE(a_receiver_that_hangs_or_closes_is_tried_again) {
  http_receiver hangs(always({receiver_answer::kind::hang}));
  BOOST_TEST((send(hook(hangs.url(), millis{200})).result == send_result::retry));
  http_receiver closes(always({receiver_answer::kind::close}));
  BOOST_TEST((send(hook(closes.url())).result == send_result::retry));
  std::string gone;
  {
    http_receiver receiver(always(reply(200)));
    gone = receiver.url();
  }
  BOOST_TEST((send(hook(gone)).result == send_result::retry));
  const std::atomic<bool> stopped{true};
  BOOST_TEST(((*hook(hangs.url()))->send(message(), stopped).result == send_result::retry));
}

BOOST_AUTO_TEST_CASE(an_endless_answer_is_broken_off_and_its_status_stands) {
  http_receiver receiver(always(reply(200, {}, std::string(300'000, 'x'))));
  const auto sent = send(hook(receiver.url()));
  BOOST_TEST((sent.result == send_result::delivered));
  BOOST_TEST(sent.detail.size() <= 300U);
}

// The receiver takes the message and its answer is lost: the repetition has the same key, so it counts once.
BOOST_AUTO_TEST_CASE(a_repetition_is_known_by_its_key) {
  int request = 0;
  http_receiver receiver([&](const received_request&) {
    return ++request == 1 ? receiver_answer{receiver_answer::kind::close} : reply(200);
  });
  BOOST_TEST((send(hook(receiver.url())).result == send_result::retry));
  BOOST_TEST((send(hook(receiver.url())).result == send_result::delivered));
  std::set<std::string> keys;
  for (auto& each : receiver.received())
    keys.insert(each.headers["idempotency-key"]);
  BOOST_TEST(receiver.received().size() == 2U);
  BOOST_TEST(keys.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_callee_may_have_an_address_of_its_own) {
  http_receiver usual(always(reply(200)));
  http_receiver own(always(reply(200)));
  outgoing_message what = message();
  what.to.address = own.url("/anna");
  BOOST_TEST((send(hook(usual.url()), what).result == send_result::delivered));
  BOOST_TEST(own.received().size() == 1U);
  BOOST_TEST(usual.received().empty());
  what.to.address = "file:///etc/passwd";
  BOOST_TEST((send(hook(usual.url()), what).result == send_result::refused));
}

BOOST_AUTO_TEST_CASE(hooks_that_cannot_work_are_refused) {
  BOOST_TEST(!make_webhook_channel({"ftp://x/", "", std::string(16, 's'), {}}, time_now).ok());
  BOOST_TEST(!make_webhook_channel({"http://x/", "", std::string(15, 's'), {}}, time_now).ok());
  BOOST_TEST(!make_webhook_channel({"http://x/", "a\r\nb", std::string(16, 's'), {}}, time_now).ok());
  BOOST_TEST(make_webhook_channel({"http://x/", "a", std::string(16, 's'), {}}, time_now).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(http_template)

BOOST_AUTO_TEST_CASE(what_is_inserted_stays_inside) {
  http_receiver receiver(always(reply(200)));
  http_template_options options;
  options.url = receiver.url("/send?to={address}");
  options.headers = {{"Authorization", "Bearer {secret}"}, {"X-Title", "{subject}"}};
  options.secret = "s3cret";
  options.body = R"({"to":"{address}","text":"{text}","all":{data},"other":"{nothing}"})";
  outgoing_message what = message();
  what.to.address = "+49 30&admin=1";
  what.subject = "a\r\nX-Evil: 1";
  BOOST_TEST((send(make_http_template_channel(options), what).result == send_result::delivered));
  auto got = receiver.received().at(0);
  BOOST_TEST(got.target == "/send?to=%2B49%2030%26admin%3D1");
  BOOST_TEST(got.headers["authorization"] == "Bearer s3cret");
  BOOST_TEST(got.headers["content-type"] == "application/json");
  BOOST_TEST(got.headers["x-title"] == "a  X-Evil: 1");
  BOOST_TEST(!got.headers.contains("x-evil"));
  BOOST_TEST(got.body == R"({"to":"+49 30&admin=1","text":"line 1\nline 2 {secret} \\ & more",)"
                         R"("all":{"kind":"alarm"},"other":"{nothing}"})");
}

BOOST_AUTO_TEST_CASE(forms_and_plain_text_and_get) {
  http_receiver receiver(always(reply(200)));
  http_template_options options;
  options.url = receiver.url("/sms");
  options.form = body_form::form;
  options.body = "to={person}&text={text}";
  BOOST_TEST((send(make_http_template_channel(options)).result == send_result::delivered));
  options.form = body_form::text;
  options.method = "PUT";
  BOOST_TEST((send(make_http_template_channel(options)).result == send_result::delivered));
  options.headers = {{"content-TYPE", "text/csv"}};
  BOOST_TEST((send(make_http_template_channel(options)).result == send_result::delivered));
  options.method = "GET";
  options.body = "";
  options.url = receiver.url("/sms?text={subject}");
  BOOST_TEST((send(make_http_template_channel(options)).result == send_result::delivered));
  auto got = receiver.received();
  BOOST_REQUIRE(got.size() == 4U);
  BOOST_TEST(got[0].headers["content-type"] == "application/x-www-form-urlencoded");
  BOOST_TEST(got[1].headers["content-type"] == "text/plain; charset=utf-8");
  BOOST_TEST(got[2].headers["content-type"] == "text/csv");
  BOOST_TEST(got[0].body == "to=Anna&text=line%201%0Aline%202%20%7Bsecret%7D%20%5C%20%26%20more");
  BOOST_TEST(got[1].method == "PUT");
  BOOST_TEST(got[1].body == "to=Anna&text=line 1\nline 2 {secret} \\ & more");
  BOOST_TEST(got[3].method == "GET");
  BOOST_TEST(got[3].target == "/sms?text=ALARM%3A%20%22Freezer%22%203%20%E2%80%93%20-12.3%20%C2%B0C");
}

BOOST_AUTO_TEST_CASE(templates_that_cannot_work_are_refused) {
  http_template_options options;
  options.url = "https://gateway.example/send";
  BOOST_TEST(make_http_template_channel(options).ok());
  const auto refused = [&](auto&& change) {
    http_template_options changed = options;
    change(changed);
    return !make_http_template_channel(changed).ok();
  };
  BOOST_TEST(refused([](auto& o) { o.url = "https://{address}/send"; }));
  BOOST_TEST(refused([](auto& o) { o.url = "gopher://x/"; }));
  BOOST_TEST(refused([](auto& o) { o.method = "DELETE"; }));
  BOOST_TEST(refused([](auto& o) {
    o.method = "GET";
    o.body = "x";
  }));
  BOOST_TEST(refused([](auto& o) { o.headers = {{"A:b", "c"}}; }));
  BOOST_TEST(refused([](auto& o) { o.headers = {{"A", "c\r\nd"}}; }));
}

BOOST_AUTO_TEST_CASE(a_filled_template_is_bounded) {
  http_receiver receiver(always(reply(200)));
  http_template_options options;
  options.url = receiver.url("/");
  options.body = "{text}";
  outgoing_message what = message();
  what.text = std::string(256 * 1024, 'x');
  BOOST_TEST((send(make_http_template_channel(options), what).result == send_result::delivered));
  what.text += 'x';
  BOOST_TEST((send(make_http_template_channel(options), what).result == send_result::refused));
  options.url = receiver.url("/?{subject}");
  what = message();
  what.subject = std::string(2048, 'x');
  BOOST_TEST((send(make_http_template_channel(options), what).result == send_result::refused));
}

BOOST_AUTO_TEST_CASE(escaping) {
  BOOST_TEST(json_escaped("a\"b\\c\n\t\x01\xFFz\xED\xA0\x80") ==
             "a\\\"b\\\\c\\n\\u0009\\u0001\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  BOOST_TEST(cut("abc", 3) == "abc");
  BOOST_TEST(cut("äöü", 5) == "ä…");
  BOOST_TEST(cut("abcd", 2).empty());
  BOOST_TEST(base64("") == "");
  BOOST_TEST(base64("f") == "Zg==");
  BOOST_TEST(base64("fo") == "Zm8=");
  BOOST_TEST(base64("foobar") == "Zm9vYmFy");
}

BOOST_AUTO_TEST_SUITE_END()
