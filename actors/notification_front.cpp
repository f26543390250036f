#include "actors/notification_front.hpp"

namespace coldvigil::actors {

void notification_front::deliveries(const delivery_query& query,
                                    std::function<void(result<std::vector<delivery_record>>)> done) {
  caf::anon_send(from_, deliveries_question{query, std::move(done)});
}

void notification_front::self_tests(std::size_t limit, std::function<void(result<std::vector<self_test>>)> done) {
  caf::anon_send(from_, self_tests_question{limit, std::move(done)});
}

void notification_front::send_test(const std::string& person, const std::string& channel, const std::string& who,
                                   std::function<void(result<std::vector<std::string>>)> done) {
  caf::anon_send(to_, test_question{person, channel, who, std::move(done)});
}

void notification_front::look_at_link(const std::string& secret, std::function<void(result<message_link>)> done) {
  caf::anon_send(to_, link_question{secret, false, std::move(done)});
}

void notification_front::use_link(const std::string& secret, const std::string& reason,
                                  std::function<void(result<message_link>)> done) {
  caf::anon_send(to_, link_question{secret, true, std::move(done), reason});
}

} // namespace coldvigil::actors
