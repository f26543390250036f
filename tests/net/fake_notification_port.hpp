#pragma once
// Notification that does what a test tells it to.

#include "net/contact_json.hpp"
#include "net/notification_port.hpp"
#include "tests/net/fake_engine.hpp"

#include <string>
#include <utility>
#include <vector>

namespace coldvigil::test {

/// A place without summer time.
class standing_clock final : public zone_clock {
 public:
  explicit standing_clock(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::chrono::seconds ahead(timestamp) const override { return std::chrono::seconds{0}; }
  [[nodiscard]] std::string abbreviation(timestamp) const override { return "UTC"; }

 private:
  const std::string name_;
};

/// Notification as a test wants it.
class fake_notification_port final : public notification_port {
 public:
  static inline const std::string secret = std::string(64, 'a');

  fake_notification_port() {
    auto book = std::make_shared<contact_book>();
    schedule office;
    office.zone = *zone("UTC");
    office.week[0] = {{std::chrono::hours{8}, std::chrono::hours{17}}};
    book->schedules["office"] = office;
    book->persons["anna"] = {"Anna", office.zone, {{"mail", "anna@example.org"}}, severity::warning, ""};
    book->teams["night"] = {{"anna", "office"}};
    book->policies["usual"].steps = {{millis{0}, {{"anna", "", ""}}}};
    book->routes = {{std::nullopt, std::nullopt, severity::warning, "usual"},
                    {customer_id{1}, std::nullopt, severity::critical, "usual"}};
    stands.book = book;
  }
  [[nodiscard]] contacts_now contacts() const override { return stands; }
  /// As the desk does it, without a store.
  void change_contacts(contact_change&& change, std::function<void(result<contact_changes>)> done) override {
    asked_changes.push_back({{}, change.expected, change.who, change.reason});
    if (fails) return done(*fails);
    if (change.expected && *change.expected != stands.revision)
      return done(failure{error_code::conflict, "changed", "revision " + std::to_string(stands.revision), "read"});
    contact_book next = change.edit ? *stands.book : contact_book{};
    if (change.edit)
      if (auto edited = change.edit(next); !edited) return done(edited.error());
    if (auto sound = check_change(next, *stands.book, channels); !sound) return done(sound.error());
    if (change.edit && contact_parts(next, {}) == contact_parts(*stands.book, {}))
      return done(contact_changes{{}, stands.revision});
    stands = {std::make_shared<const contact_book>(std::move(next)), stands.revision + 1, !change.edit};
    done(contact_changes{{"something"}, stands.revision});
  }
  [[nodiscard]] result<std::shared_ptr<const zone_clock>> zone(const std::string& name) const override {
    if (name == "UTC" || name == "Europe/London")
      return std::shared_ptr<const zone_clock>(std::make_shared<standing_clock>(name));
    return failure{error_code::invalid_argument, "there is no time zone '" + name + "'"};
  }
  void deliveries(const delivery_query& query,
                  std::function<void(result<std::vector<delivery_record>>)> done) override {
    asked = query;
    delivery_record one;
    one.key = "key-1";
    one.to = {"anna", "mail", "anna@example.org"};
    one.detail = "250 taken";
    done(std::vector{one});
  }
  void self_tests(std::size_t, std::function<void(result<std::vector<self_test>>)> done) override {
    done(std::vector<self_test>{{"test-1", {"anna", "mail", "anna@example.org"}, {}, {}, true}});
  }
  void send_test(const std::string& person, const std::string& channel, const std::string& who,
                 std::function<void(result<std::vector<std::string>>)> done) override {
    if (person != "anna") return done(failure{error_code::not_found, "nobody"});
    done(std::vector<std::string>{who + " " + channel});
  }
  void look_at_link(const std::string& text, std::function<void(result<message_link>)> done) override {
    ++looked;
    if (text != secret || used > 0) return done(failure{error_code::conflict, "used"});
    done(link);
  }
  void use_link(const std::string& text, const std::string& why, std::function<void(result<used_link>)> done) override {
    if (needs_reason && why.empty()) return done(failure{error_code::invalid_argument, "say why"});
    if (text != secret || used > 0) return done(failure{error_code::conflict, "used"});
    ++used;
    reason = why;
    done(used_link{link, before});
  }

  contacts_now stands{};
  std::vector<contact_channel> channels{{"mail", false}, {"sms", true}};
  std::vector<contact_change> asked_changes; ///< without their edits
  std::optional<failure> fails{};
  message_link link{"", link_purpose::acknowledge, "key-1", "<anna>", {fake_engine::public_id(4, 1)}, {}, {}};
  std::vector<alarm_dealt_with> before{}; ///< of its alarms
  std::optional<delivery_query> asked{};
  std::string reason;
  bool needs_reason = false;
  int looked = 0, used = 0;
};

} // namespace coldvigil::test
