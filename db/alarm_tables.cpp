#include "db/alarm_tables.hpp"

#include "core/rule_text.hpp"
#include "db/conditions.hpp"
#include "db/registry_rows.hpp"
#include "db/shapes.hpp"
#include "db/words.hpp"

#include <set>

namespace coldvigil::db {
namespace {

constexpr std::size_t transition_kind_count = 4;
constexpr std::size_t alarm_end_count = 2;

std::vector<insert_shape::column> alarm_columns() {
  return {{"id", "bigint"},
          {"public_id", "uuid"},
          {"customer_id", "bigint"},
          {"facility_id", "bigint"},
          {"unit_id", "bigint"},
          {"rule", "text"},
          {"rules_version", "bigint"},
          {"low", "integer"},
          {"high", "integer"},
          {"consecutive", "integer"},
          {"raised_at", "bigint"},
          {"cleared_at", "bigint"},
          {"raised_value", "integer"},
          {"extreme", "integer"},
          {"peak_score", "real"},
          {"retroactive", "boolean"},
          {"annulled", "boolean"},
          {"rule_id", "bigint"},
          {"level", "text"},
          {"definition", "text"},
          {"ended_by", "text"},
          {"onset_at", "bigint"},
          {"lowest", "integer"},
          {"highest", "integer"},
          {"mean", "integer"},
          {"mkt", "integer"},
          {"lasted_ms", "bigint"},
          {"explanation", "text"},
          {"unseen_ms", "bigint"},
          {"end_unseen", "boolean"},
          {"measured", "bigint"}};
}

std::string column_list() {
  std::string out;
  for (const auto& column : alarm_columns())
    out += (out.empty() ? "" : ", ") + column.name;
  return out;
}
constexpr int alarm_column_count = 31;

const insert_shape& alarm_shape() {
  static const insert_shape shape{
      "alarms", alarm_columns(),
      "ON CONFLICT (id) DO UPDATE SET raised_at = excluded.raised_at, cleared_at = excluded.cleared_at, "
      "raised_value = excluded.raised_value, extreme = excluded.extreme, peak_score = excluded.peak_score, "
      "retroactive = excluded.retroactive, annulled = excluded.annulled, rules_version = excluded.rules_version, "
      "low = excluded.low, high = excluded.high, consecutive = excluded.consecutive, level = excluded.level, "
      "definition = excluded.definition, ended_by = excluded.ended_by, onset_at = excluded.onset_at, "
      "lowest = excluded.lowest, highest = excluded.highest, mean = excluded.mean, mkt = excluded.mkt, "
      "lasted_ms = excluded.lasted_ms, explanation = excluded.explanation, unseen_ms = excluded.unseen_ms, "
      "end_unseen = excluded.end_unseen, measured = excluded.measured"};
  return shape;
}

const insert_shape& transition_shape() {
  static const insert_shape shape = [] {
    insert_shape out{"alarm_transitions", alarm_columns(), ""};
    for (const auto& column : {insert_shape::column{"commit_seq", "bigint"},
                               {"position", "integer"},
                               {"kind", "text"},
                               {"at", "bigint"},
                               {"decided_at", "bigint"}})
      out.columns.push_back(column);
    return out;
  }();
  return shape;
}

sql_values to_values(const alarm_record& alarm) {
  return {as_integer(alarm.id),
          to_string(alarm.public_id),
          as_integer(alarm.customer),
          as_integer(alarm.facility),
          as_integer(alarm.unit),
          as_word(alarm.rule),
          as_integer(alarm.rules.version),
          as_integer(alarm.rules.range.low),
          as_integer(alarm.rules.range.high),
          as_integer(alarm.rules.consecutive),
          to_ms(alarm.raised_at),
          or_null(alarm.cleared_at),
          as_integer(alarm.raised_value),
          as_integer(alarm.extreme),
          static_cast<double>(alarm.peak_score),
          alarm.retroactive,
          alarm.annulled,
          as_integer(alarm.by.id),
          as_word(alarm.by.level),
          clean_text(to_text(alarm.by)),
          as_word(alarm.end),
          to_ms(alarm.course.onset),
          as_integer(alarm.course.lowest),
          as_integer(alarm.course.highest),
          as_integer(alarm.course.mean),
          as_integer(alarm.course.mkt),
          as_integer(alarm.course.lasted.count()),
          clean_text(alarm.explanation),
          as_integer(alarm.course.unseen.count()),
          alarm.course.end_unseen,
          integer_or_null(alarm.measured)};
}

/// Alarms from before rules were data have no definition: the kind is all that is known of theirs.
rule rule_from(const sql_row& row, rule_kind kind, const std::string& name) {
  const std::string text = row.text(19);
  if (text.empty()) {
    rule out;
    out.id = row.as<rule_id>(17);
    out.kind = kind;
    return out;
  }
  auto parsed = parse_rule_text(text);
  if (!parsed) throw_damaged(parsed.error().what, name);
  return std::move(*parsed);
}

alarm_record alarm_from(const sql_row& row) {
  alarm_record out;
  out.id = row.as<alarm_id>(0);
  const std::string name = "alarms row id=" + std::to_string(number(out.id));
  out.public_id = uuid_from(row, 1, name);
  out.customer = row.as<customer_id>(2);
  out.facility = row.as<facility_id>(3);
  out.unit = row.as<unit_id>(4);
  out.rule = from_word<rule_kind>(row.text(5), rule_kind_count, name);
  out.rules.version = row.as<std::uint32_t>(6);
  out.rules.range = {row.as<milli_celsius>(7), row.as<milli_celsius>(8)};
  out.rules.consecutive = row.as<std::uint16_t>(9);
  out.raised_at = row.time(10);
  out.cleared_at = row.time_or_null(11);
  out.raised_value = row.as<milli_celsius>(12);
  out.extreme = row.as<milli_celsius>(13);
  out.peak_score = static_cast<float>(row.real(14));
  out.retroactive = row.flag(15);
  out.annulled = row.flag(16);
  out.by = rule_from(row, out.rule, name);
  out.end = from_word<alarm_end>(row.text(20), alarm_end_count, name);
  out.course = {row.time(21),
                row.as<milli_celsius>(22),
                row.as<milli_celsius>(23),
                row.as<milli_celsius>(24),
                row.as<milli_celsius>(25),
                millis{row.integer(26)},
                millis{row.integer(28)},
                row.flag(29)};
  out.explanation = row.text(27);
  if (!row.is_null(30)) out.measured = row.integer(30);
  return out;
}

/// Lists are narrowed by columns that repeat what the definition says; of alarms without one they are all there is.
void check_repeated_columns(const sql_row& row, const alarm_record& alarm, const std::string& name) {
  if (row.text(19).empty()) return;
  if (row.as<rule_id>(17) != alarm.by.id) throw_damaged("rule_id is not that of the definition", name);
  if (row.text(18) != to_string(alarm.by.level)) throw_damaged("level is not that of the definition", name);
}

std::string transition_columns() {
  return column_list() + ", kind, at, decided_at";
}

alarm_transition transition_from(const sql_row& row) {
  const std::string name = "alarm_transitions row id=" + std::to_string(row.integer(0));
  return {alarm_from(row), from_word<transition_kind>(row.text(alarm_column_count), transition_kind_count, name),
          row.time(alarm_column_count + 1), row.time(alarm_column_count + 2)};
}

conditions where(const alarm_query& query) {
  conditions out;
  if (query.customer) out.add("customer_id =", as_integer(*query.customer));
  if (query.facility) out.add("facility_id =", as_integer(*query.facility));
  if (query.unit) out.add("unit_id =", as_integer(*query.unit));
  if (query.rule) out.add("rule =", as_word(*query.rule));
  if (query.level) out.add("level =", as_word(*query.level));
  if (query.public_id) out.add("public_id =", to_string(*query.public_id));
  if (query.open)
    out.add(*query.open ? "cleared_at IS NULL AND annulled = FALSE" : "(cleared_at IS NOT NULL OR annulled = TRUE)");
  if (query.raised_from) out.add("raised_at >=", to_ms(*query.raised_from));
  if (query.raised_to) out.add("raised_at <=", to_ms(*query.raised_to));
  if (!query.with_annulled) out.add("annulled = FALSE");
  return out;
}

} // namespace

void add_transitions(sql_session& in, const std::vector<alarm_transition>& transitions, std::uint64_t seq) {
  std::vector<sql_values> alarms;
  std::vector<sql_values> rows;
  std::set<alarm_id> in_this_step;
  for (const alarm_transition& each : transitions) {
    // A statement may change a row once only, and the order is what keeps two open alarms of a rule apart.
    if (!in_this_step.insert(each.after.id).second) {
      in.insert(alarm_shape(), alarms);
      alarms.clear();
      in_this_step = {each.after.id};
    }
    alarms.push_back(to_values(each.after));
    sql_values row = alarms.back();
    for (sql_value& value : sql_values{as_integer(seq), as_integer(rows.size()), as_word(each.kind), to_ms(each.at),
                                       to_ms(each.decided_at)})
      row.push_back(std::move(value));
    rows.push_back(std::move(row));
  }
  in.insert(alarm_shape(), alarms);
  in.insert(transition_shape(), rows);
}

alarm_page read_alarms(sql_session& in, const alarm_query& query) {
  alarm_page out;
  conditions wanted = where(query);
  in.run("SELECT count(*) FROM alarms" + wanted.text(), wanted.parameters(),
         [&](const sql_row& row) { out.total = row.as<std::uint64_t>(0); });
  if (query.after) {
    const std::string at = wanted.parameter(to_ms(query.after->raised_at));
    const std::string id = wanted.parameter(as_integer(query.after->id));
    wanted.add("(raised_at < " + at + " OR (raised_at = " + at + " AND id > " + id + "))");
  }
  const std::string page = wanted.page(query.limit, query.offset);
  in.run("SELECT " + column_list() + " FROM alarms" + wanted.text() + " ORDER BY raised_at DESC, id" + page,
         wanted.parameters(), [&](const sql_row& row) { out.items.push_back(alarm_from(row)); });
  return out;
}

std::vector<alarm_transition> read_transitions(sql_session& in, alarm_id alarm) {
  std::vector<alarm_transition> out;
  in.run("SELECT " + transition_columns() + " FROM alarm_transitions WHERE id = $1 ORDER BY commit_seq, position",
         {as_integer(alarm)}, [&](const sql_row& row) { out.push_back(transition_from(row)); });
  return out;
}

void read_transitions_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                              const std::function<void(std::uint64_t seq, alarm_transition&&)>& sink) {
  in.run("SELECT " + transition_columns() + ", commit_seq FROM alarm_transitions WHERE " + in_commits() +
             " ORDER BY commit_seq, position",
         {as_integer(from), as_integer(to)}, [&](const sql_row& row) {
           alarm_transition step = transition_from(row);
           check_repeated_columns(row, step.after, "alarm_transitions row id=" + std::to_string(row.integer(0)));
           sink(row.as<std::uint64_t>(alarm_column_count + 3), std::move(step));
         });
}

std::optional<alarm_record> read_whole_alarm(sql_session& in, alarm_id alarm) {
  std::optional<alarm_record> out;
  in.run("SELECT " + column_list() + " FROM alarms WHERE id = $1", {as_integer(alarm)}, [&](const sql_row& row) {
    out = alarm_from(row);
    check_repeated_columns(row, *out, "alarms row id=" + std::to_string(row.integer(0)));
  });
  return out;
}

std::vector<alarm_record> read_alarms_of(sql_session& in, unit_id unit, timestamp since) {
  std::vector<alarm_record> out;
  in.run("SELECT " + column_list() +
             " FROM alarms WHERE unit_id = $1 AND ((cleared_at IS NULL AND annulled = FALSE) OR raised_at >= $2 "
             "OR cleared_at >= $2) ORDER BY id",
         {as_integer(unit), to_ms(since)}, [&](const sql_row& row) { out.push_back(alarm_from(row)); });
  return out;
}

std::vector<std::pair<unit_id, alarm_id>> read_newest_alarm_ids(sql_session& in) {
  std::vector<std::pair<unit_id, alarm_id>> out;
  in.run("SELECT unit_id, max(id) FROM alarms GROUP BY unit_id ORDER BY unit_id", {},
         [&](const sql_row& row) { out.emplace_back(row.as<unit_id>(0), row.as<alarm_id>(1)); });
  return out;
}

} // namespace coldvigil::db
