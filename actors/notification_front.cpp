#include "actors/notification_front.hpp"

#include "notify/zones.hpp"

#include <utility>

namespace coldvigil::actors {

/// On the writer's thread, so that nobody decides on what has changed meanwhile. The notifier goes on by the new book
/// once that is committed.
void notification_front::change_contacts(contact_change&& change, std::function<void(result<contact_changes>)> done) {
  caf::anon_send(to_.writer, store_work{[to = to_, &time = time_, change = std::move(change),
                                         done = std::move(done)](store& durable) -> status {
                   auto changed = actors::change_contacts(durable, to.board->current(), *to.desk, change, time.now());
                   if (!changed) {
                     done(changed.error());
                     return changed.error();
                   }
                   if (changed->stands.revision != to.board->current().revision) {
                     to.board->publish(changed->stands);
                     caf::anon_send(to.notifier, new_contacts{changed->stands.book});
                     to.tell_of_change(change, changed->what);
                   }
                   done(std::move(changed->what));
                   return nothing{};
                 }});
}

result<std::shared_ptr<const zone_clock>> notification_front::zone(const std::string& name) const {
  return find_zone(name);
}

void notification_front::deliveries(const delivery_query& query,
                                    std::function<void(result<std::vector<delivery_record>>)> done) {
  caf::anon_send(to_.reader, deliveries_question{query, std::move(done)});
}

void notification_front::self_tests(std::size_t limit, std::function<void(result<std::vector<self_test>>)> done) {
  caf::anon_send(to_.reader, self_tests_question{limit, std::move(done)});
}

void notification_front::send_test(const std::string& person, const std::string& channel, const std::string& who,
                                   std::function<void(result<std::vector<std::string>>)> done) {
  caf::anon_send(to_.notifier, test_question{person, channel, who, std::move(done)});
}

void notification_front::look_at_link(const std::string& secret, std::function<void(result<message_link>)> done) {
  caf::anon_send(to_.notifier, link_question{secret, false, [done = std::move(done)](const result<used_link>& got) {
                                               if (!got) return done(got.error());
                                               done(got->link);
                                             }});
}

void notification_front::use_link(const std::string& secret, const std::string& reason,
                                  std::function<void(result<used_link>)> done) {
  caf::anon_send(to_.notifier, link_question{secret, true, std::move(done), reason});
}

} // namespace coldvigil::actors
