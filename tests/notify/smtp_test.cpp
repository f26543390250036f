// E-mail through a real SMTP server.
#include "core/mail_address.hpp"
#include "notify/mime_message.hpp"
#include "notify/smtp_channel.hpp"
#include "tests/notify/smtp_server.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_identity.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace coldvigil;
using namespace coldvigil::test;

namespace {

const std::atomic<bool> going_on{false};

outgoing_message message_to(const std::string& address) {
  outgoing_message out;
  out.key = "alarm-1.c1-0-0.mail.anna";
  out.to = {"anna", "mail", address};
  out.person_name = "Anna Łąka";
  out.subject = "ALARM: Gefrierschrank 3 – zu warm: -12.3 °C, ein Betreff, der länger ist als eine Zeile sein darf";
  out.text = "Unit:   Gefrierschrank 3\n.\nWhere:  Łódź\n";
  out.created_at = parse_utc("2026-11-21T02:12:00Z").value();
  return out;
}

smtp_options options_for(const smtp_server& server) {
  smtp_options out;
  out.host = "127.0.0.1";
  out.port = server.port();
  out.security = smtp_security::plain;
  out.from = "alarm@coldvigil.example";
  out.limits.total_timeout = millis{20'000};
  return out;
}

send_outcome send(const smtp_options& options, const outgoing_message& message) {
  auto made = make_smtp_channel(options);
  BOOST_REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().text()));
  return (*made)->send(message, going_on);
}

bool has(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) BOOST_TEST_MESSAGE("\"" << text << "\" has no \"" << part << "\"");
  return found;
}

/// A server with a certificate for the given name; it wants the user "cold" with the password "vigil secret".
struct tls_world {
  temp_dir dir;
  std::string certificate = dir.path("cert.pem");
  smtp_server server;

  explicit tls_world(const std::string& name) : server(arguments(name)) {}
  std::vector<std::string> arguments(const std::string& name) {
    const test_identity who(name);
    std::ofstream(certificate) << who.certificate;
    std::ofstream(dir.path("key.pem")) << who.key;
    return {certificate, dir.path("key.pem"), "cold", "vigil secret"};
  }
  [[nodiscard]] smtp_options options() const {
    smtp_options out = options_for(server);
    out.security = smtp_security::starttls;
    out.user = "cold";
    out.password = "vigil secret";
    out.limits.ca_file = certificate;
    return out;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(smtp)

BOOST_AUTO_TEST_CASE(a_message_arrives_whole) {
  smtp_server server;
  const auto sent = send(options_for(server), message_to("anna@example.org"));
  BOOST_TEST((sent.result == send_result::delivered), sent.detail);
  BOOST_TEST(sent.detail == "accepted, 250 2.0.0 queued as 4F2A");
  const std::string got = server.next_message();
  BOOST_TEST(has(got, "\"from\": \"alarm@coldvigil.example\", \"to\": [\"anna@example.org\"]"));
  BOOST_TEST(has(got, "Date: Sat, 21 Nov 2026 02:12:00 +0000"));
  BOOST_TEST(has(got, "Content-Type: text/plain; charset=utf-8"));
  BOOST_TEST(has(got, "Message-ID: <"));
  BOOST_TEST(has(got, "@coldvigil.example>"));
}

BOOST_AUTO_TEST_CASE(the_same_key_is_the_same_message_id) {
  smtp_server server;
  outgoing_message message = message_to("anna@example.org");
  const auto id = [&] {
    (void)send(options_for(server), message);
    const std::string got = server.next_message();
    return got.substr(got.find("Message-ID"), 60);
  };
  const std::string first = id();
  BOOST_TEST(id() == first);
  message.key += "2";
  BOOST_TEST(id() != first);
}

BOOST_AUTO_TEST_CASE(what_the_server_says_decides_what_becomes_of_the_message) {
  smtp_server server;
  const auto to = [&](const std::string& address) { return send(options_for(server), message_to(address)); };
  const auto refused = to("refuse@example.org");
  BOOST_TEST((refused.result == send_result::refused), refused.detail);
  BOOST_TEST(refused.detail == "550 5.1.1 <refuse@example.org>: no such mailbox 5.1.1 gone for good");
  const auto later = to("later@example.org");
  BOOST_TEST((later.result == send_result::retry), later.detail);
  BOOST_TEST(later.detail == "451 try again later");
  const auto endless = to("talks@example.org");
  BOOST_TEST(endless.detail.size() == 300U);
  BOOST_TEST(endless.detail.ends_with("…"));
  BOOST_TEST((to("anna@example.org, ben@example.org").result == send_result::refused));
  BOOST_TEST((to("anna@example.org>\r\nDATA").result == send_result::refused));
  BOOST_TEST(server.no_more_messages());
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_costs_only_its_time) {
  smtp_server server;
  smtp_options options = options_for(server);
  options.limits.total_timeout = millis{300};
  const auto sent = send(options, message_to("hang@example.org"));
  BOOST_TEST((sent.result == send_result::retry), sent.detail);
  BOOST_TEST(sent.detail.starts_with("354: "), sent.detail); // its last word was no fault
  // Whichever of the two limits of time is noticed first.
  BOOST_TEST((has(sent.detail, "no answer within 300 ms") || has(sent.detail, "timeout")), sent.detail);
  BOOST_TEST(server.no_more_messages());
}

BOOST_AUTO_TEST_CASE(a_stop_breaks_an_attempt_off) {
  smtp_server server;
  auto made = make_smtp_channel(options_for(server));
  BOOST_REQUIRE(made.ok());
  const std::atomic<bool> stopped{true};
  const auto sent = (*made)->send(message_to("hang@example.org"), stopped);
  BOOST_TEST((sent.result == send_result::retry));
  BOOST_TEST(has(sent.detail, "stopping"));
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_tried_again_with_the_same_id) {
  smtp_server server;
  BOOST_TEST((send(options_for(server), message_to("lost@example.org")).result == send_result::retry));
  const std::string first = server.next_message();
  BOOST_TEST((send(options_for(server), message_to("lost@example.org")).result == send_result::retry));
  BOOST_TEST(server.next_message() == first);
}

BOOST_AUTO_TEST_CASE(no_server_is_tried_again) {
  smtp_options options;
  {
    smtp_server server;
    options = options_for(server);
  }
  const auto sent = send(options, message_to("anna@example.org"));
  BOOST_TEST((sent.result == send_result::retry), sent.detail);
  BOOST_TEST(!sent.detail.empty());
}

BOOST_AUTO_TEST_CASE(starttls_with_a_login) {
  tls_world world("IP:127.0.0.1");
  const auto sent = send(world.options(), message_to("anna@example.org"));
  BOOST_TEST((sent.result == send_result::delivered), sent.detail);
  const std::string got = world.server.next_message();
  BOOST_TEST(has(got, "\"tls\": true, \"user\": \"cold\""));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_does_not_fit_gets_no_password_and_no_message) {
  tls_world other_name("DNS:elsewhere.example");
  const auto sent = send(other_name.options(), message_to("anna@example.org"));
  BOOST_TEST((sent.result == send_result::retry), sent.detail);
  tls_world unknown("IP:127.0.0.1");
  smtp_options options = unknown.options();
  options.limits.ca_file.clear();
  BOOST_TEST((send(options, message_to("anna@example.org")).result == send_result::retry));
  BOOST_TEST(other_name.server.no_more_messages());
  BOOST_TEST(unknown.server.no_more_messages());
  smtp_server no_tls;
  options = options_for(no_tls);
  options.security = smtp_security::starttls;
  BOOST_TEST((send(options, message_to("anna@example.org")).result == send_result::retry));
  BOOST_TEST(no_tls.no_more_messages());
}

BOOST_AUTO_TEST_CASE(a_wrong_password_waits_for_its_correction_and_is_never_shown) {
  tls_world world("IP:127.0.0.1");
  smtp_options options = world.options();
  options.password = "wrong-and-secret";
  const auto sent = send(options, message_to("anna@example.org"));
  BOOST_TEST((sent.result == send_result::retry), sent.detail);
  BOOST_TEST(sent.detail == "the server denies the login, 535 5.7.8 not (secret) nor (secret)");
  BOOST_TEST(sent.detail.find("wrong-and-secret") == std::string::npos);
  BOOST_TEST(world.server.no_more_messages());
}

BOOST_AUTO_TEST_CASE(options_that_cannot_work_are_refused) {
  smtp_options options;
  options.host = "mail.example.org";
  options.from = "alarm@example.org";
  BOOST_TEST(make_smtp_channel(options).ok());
  const auto refused = [&](auto&& change) {
    smtp_options changed = options;
    change(changed);
    return !make_smtp_channel(changed).ok();
  };
  BOOST_TEST(refused([](auto& o) { o.host = "a/b"; }));
  BOOST_TEST(refused([](auto& o) { o.host = ""; }));
  BOOST_TEST(refused([](auto& o) { o.port = 0; }));
  BOOST_TEST(refused([](auto& o) { o.from = "nobody"; }));
  BOOST_TEST(refused([](auto& o) {
    o.user = "x";
    o.security = smtp_security::plain;
  }));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mime)

BOOST_AUTO_TEST_CASE(nothing_leaves_its_header) {
  mail_content mail;
  mail.from_name = "A\r\nBcc: x@example.org";
  mail.from = "a@example.org";
  mail.to = "b@example.org";
  mail.subject = "fire\r\nBcc: x@example.org\r\n\r\nbody";
  mail.text = "hello\r\n.\r\nQUIT\r\n";
  mail.message_id = "1@example.org";
  const std::string text = mime_text(mail);
  BOOST_TEST(text.find("\nBcc") == std::string::npos);
  BOOST_TEST(has(text, "Subject: fire  Bcc: x@example.org    body\r\n"));
  BOOST_TEST(text.find("\r\n\r\n") == text.rfind("\r\n\r\n"));
  BOOST_TEST(has(text, "\r\n\r\naGVsbG8NCi4NClFVSVQNCg==\r\n"));
}

BOOST_AUTO_TEST_CASE(long_subjects_are_folded_between_characters) {
  mail_content mail;
  mail.subject = "-12.3 °C";
  for (int i = 0; i < 60; ++i)
    mail.subject += "–";
  const std::string text = mime_text(mail);
  std::size_t longest = 0;
  for (std::size_t at = 0, end = 0; (end = text.find("\r\n", at)) != std::string::npos; at = end + 2)
    longest = std::max(longest, end - at);
  BOOST_TEST(longest <= 78U);
  BOOST_TEST(has(text, "Subject: =?UTF-8?B?LTEyLjMgwrBD"));
}

BOOST_AUTO_TEST_CASE(addresses_are_one_mailbox) {
  const std::string label(63, 'x');
  for (const std::string& good :
       {std::string("a@b"), std::string("first.last+tag@mail.example.org"),
        std::string("o'brien+tag/x=y@mail.example.co.uk"), std::string("a..b.@old.example.jp"),
        std::string("a@192.0.2.1"), std::string(64, 'a') + "@" + label + ".org"})
    BOOST_TEST(is_mail_address(good), good);
  for (const std::string& nowhere :
       {std::string("a@.de"), std::string("a@c..de"), std::string("a@-c.de"), std::string("a@c-.de"),
        std::string("a@c.de."), std::string("a@") + label + "x.de", std::string(65, 'a') + "@b.de"})
    BOOST_TEST(!is_mail_address(nowhere), nowhere);
  for (const char* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b,c@d", "<a@b>", "a@b\r\n", "\"a\"@b", "ä@b"})
    BOOST_TEST(!is_mail_address(bad));
  BOOST_TEST(!is_mail_address(std::string(250, 'a') + "@b.org"));
}

BOOST_AUTO_TEST_SUITE_END()
