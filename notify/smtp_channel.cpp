#include "notify/smtp_channel.hpp"

#include "core/ascii.hpp"
#include "core/mail_address.hpp"
#include "notify/mime_message.hpp"
#include "notify/secrets.hpp"
#include "notify/text_escape.hpp"

#include <algorithm>
#include <array>

namespace coldvigil {
namespace {

constexpr std::size_t longest_detail = 300;

/// The mailbox or this message will never be accepted. Other answers of 5xx (no login, no service, no relaying yet) are
/// faults of the configuration: the message waits until somebody has repaired it.
bool is_refusal(long code) {
  constexpr std::array<long, 7> codes{501, 550, 551, 552, 553, 555, 556};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

class smtp_channel final : public channel {
 public:
  explicit smtp_channel(smtp_options options) : options_(std::move(options)) {}

  [[nodiscard]] send_outcome send(const outgoing_message& message, const std::atomic<bool>& stop) const override {
    if (!is_mail_address(message.to.address))
      return {send_result::refused, "'" + cut(one_line(message.to.address), 100) + "' is no e-mail address", {}, {}};
    smtp_transfer what;
    what.host = options_.host;
    what.port = options_.port;
    what.security = options_.security;
    what.user = options_.user;
    what.password = options_.password;
    what.from = options_.from;
    what.to = message.to.address;
    what.message = mime_text({options_.from_name, options_.from, message.person_name, message.to.address,
                              message.subject, message.text, message_id(message.key), message.created_at});
    const transfer_answer answer = run(what, options_.limits, stop);
    const bool refused = !answer.login_denied && is_refusal(answer.code);
    const send_result result = answer.arrived ? send_result::delivered
                               : refused      ? send_result::refused
                                              : send_result::retry;
    return {result, cut(words_of(answer), longest_detail), {}, answer.took};
  }

 private:
  /// "550 5.1.1 no such user": the server's last word, unless it was that all is well and the line failed.
  [[nodiscard]] std::string words_of(const transfer_answer& answer) const {
    constexpr long first_failure = 400;
    const std::string code = answer.code == 0 ? "" : std::to_string(answer.code);
    if (!answer.arrived && (answer.code < first_failure || answer.reply.empty()))
      return (code.empty() ? "" : code + ": ") + one_line(answer.error);
    std::string said = one_line(answer.reply);
    for (const std::string& secret : secrets_) // nothing keeps a server from saying what it was told
      said = without_secret(said, secret);
    const std::string_view meaning = answer.arrived        ? "accepted, "
                                     : answer.login_denied ? "the server denies the login, "
                                                           : "";
    return std::string(meaning) + code + " " + said;
  }
  [[nodiscard]] std::string message_id(const std::string& key) const {
    return sha256_of(key).substr(0, 40) + options_.from.substr(options_.from.find('@'));
  }
  const smtp_options options_;
  /// The password as it is sent: in the clear, and as AUTH PLAIN and AUTH LOGIN have it.
  const std::vector<std::string> secrets_{
      base64(std::string(1, '\0') + options_.user + std::string(1, '\0') + options_.password),
      base64(options_.password), options_.password};
};

failure refuse(std::string what, std::string hint = {}) {
  return {error_code::invalid_argument, std::move(what), "SMTP", std::move(hint)};
}

} // namespace

result<std::shared_ptr<const channel>> make_smtp_channel(smtp_options options) {
  const auto is_host_letter = [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; };
  if (options.host.empty() || options.host.size() > 253 ||
      !std::all_of(options.host.begin(), options.host.end(), is_host_letter))
    return refuse("the host is not a name or an IPv4 address");
  if (options.port == 0) return refuse("no port");
  if (!is_mail_address(options.from)) return refuse("the sender is no e-mail address");
  if (!options.user.empty() && options.security == smtp_security::plain)
    return refuse("a password would travel in clear", "use security = \"starttls\" or \"tls\"");
  return std::shared_ptr<const channel>(std::make_shared<smtp_channel>(std::move(options)));
}

} // namespace coldvigil
