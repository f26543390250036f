#pragma once
// The lists of notification: channels, schedules, people, teams, policies, routes.

#include "config/notification_keys.hpp"
#include "config/table_reader.hpp"

#include <set>

namespace coldvigil {

class notification_reader {
 public:
  /// `in` outlives this and takes the problems.
  explicit notification_reader(table_reader& in) : in_(in) {}

  /// False when the key of the file is none of these lists.
  bool take(const std::string& name, const toml::node& node, notification_settings& into);
  /// When all is read: what is named exists, and [notifications] is sound. `set` is where its keys were set.
  void check(notification_settings& all, const places& set);

 private:
  enum class thing : std::uint8_t { channel, schedule, person, team, policy };
  struct mention {
    thing what;
    std::string name, key, where;
  };

  /// Reads one block; `lists` takes the lists inside it. Gives where its keys were set.
  template <class Row>
  places read(Row& row, const std::string& label, const toml::table& table, const list_taker& lists = {});
  template <class Row, class Each>
  bool inner(const std::string& name, const toml::node& node, const std::string& wanted, const std::string& label,
             std::size_t most, Each&& each);
  void define(thing what, const std::string& name, const std::string& key, const std::string& where);
  void refer(thing what, const std::string& name, const std::string& key, const std::string& where);
  void require(const places& set, std::string_view name, const std::string& label, const std::string& where);

  void read_channel(const std::string& label, const toml::table& table, notification_settings& into);
  void check_channel(const channel_settings& one, const std::string& label, const places& set);
  void read_schedule(const std::string& label, const toml::table& table, notification_settings& into);
  void read_person(const std::string& label, const toml::table& table, notification_settings& into);
  void read_team(const std::string& label, const toml::table& table, notification_settings& into);
  void read_policy(const std::string& label, const toml::table& table, notification_settings& into);
  void read_route(const std::string& label, const toml::table& table, notification_settings& into);

  table_reader& in_;
  std::map<thing, std::set<std::string>> known_;
  std::vector<mention> mentions_;
};

} // namespace coldvigil
