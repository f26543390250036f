#include "net/live_json.hpp"

#include <charconv>
#include <type_traits>

namespace coldvigil {
namespace {

constexpr std::size_t text_of_a_reading = 170; ///< bytes, roughly: to reserve

void write_item(json_writer& out, std::uint64_t number, const feed_reading& item) {
  out.begin_object();
  out.member("n", number).member("type", "reading").member("unit_id", item.unit->public_id);
  out.member("t", to_ms(item.reading.at)).key("c").thousandths(item.reading.value);
  out.member("score", shown_score(item.reading)).member("state", to_string(item.reading.state));
  out.member("error", shown_error(item.reading));
  if (item.reading.why.breach.within != breach_horizon::none)
    write_forecast(out, "time_to_breach", item.reading.why.breach);
  if (item.replaced) out.member("replaced", true);
  out.end_object();
}

void write_item(json_writer& out, std::uint64_t number, const feed_alarm& item, const now_board& board) {
  out.begin_object();
  out.member("n", number).member("type", "alarm").member("event", to_string(item.transition.kind));
  out.key("alarm");
  if (auto now = board.of(item.unit->customer)) {
    const customer_view of(std::move(now));
    const alarm_record& alarm = item.transition.after;
    write_alarm(out, of, alarm, item.life_at_end ? *item.life_at_end : life_on_board(of, alarm));
  } else {
    out.null();
  }
  out.end_object();
}

void write_item(json_writer& out, std::uint64_t number, const feed_life& item, const now_board& board) {
  out.begin_object().member("n", number).member("type", "life").key("said");
  write_life_event(out, item.event);
  out.key("alarm");
  if (auto now = board.of(item.unit->customer))
    write_alarm(out, customer_view(std::move(now)), item.alarm, item.life);
  else
    out.null();
  out.end_object();
}

void write_item(json_writer& out, std::uint64_t number, const feed_service& item, const now_board&) {
  out.begin_object().member("n", number).member("type", "service").member("unit_id", item.unit->public_id);
  out.key("out_of_service");
  write_service(out, item.change.out ? &item.change : nullptr);
  out.end_object();
}

void write_item(json_writer& out, std::uint64_t number, const feed_item& item, const now_board& board) {
  const auto write = [&](const auto& each) {
    if constexpr (std::is_same_v<std::decay_t<decltype(each)>, feed_reading>)
      write_item(out, number, each);
    else
      write_item(out, number, *each, board);
  };
  std::visit(write, item);
}

} // namespace

std::string to_string(const feed_cursor& cursor) {
  return std::to_string(cursor.epoch) + "." + std::to_string(cursor.number);
}

std::optional<feed_cursor> parse_cursor(std::string_view text) {
  feed_cursor cursor;
  const char* const end = text.data() + text.size();
  const auto epoch = std::from_chars(text.data(), end, cursor.epoch);
  if (epoch.ec != std::errc{} || epoch.ptr == end || *epoch.ptr != '.') return std::nullopt;
  const auto number = std::from_chars(epoch.ptr + 1, end, cursor.number);
  if (number.ec != std::errc{} || number.ptr != end) return std::nullopt;
  return cursor;
}

std::string render_items(const feed_frame& frame, const now_board& board) {
  return render_items_from(frame, frame.first, board);
}

std::string render_items_from(const feed_frame& frame, std::uint64_t from, const now_board& board) {
  std::string text;
  text.reserve(100 + frame.items.size() * text_of_a_reading);
  json_writer out(text);
  out.begin_object().member("type", "items");
  out.member("cursor", to_string(feed_cursor{frame.epoch, frame.last()})).member("first", from);
  out.key("items").begin_array();
  for (std::uint64_t n = from; n <= frame.last(); ++n)
    write_item(out, n, frame.items[n - frame.first], board);
  out.end_array().end_object();
  return text;
}

std::string render_coalesced(std::uint64_t epoch, std::uint64_t from, std::uint64_t to,
                             const std::vector<numbered_item>& items, const now_board& board) {
  std::string text;
  text.reserve(100 + items.size() * text_of_a_reading);
  json_writer out(text);
  out.begin_object().member("type", "coalesced").member("cursor", to_string(feed_cursor{epoch, to}));
  out.member("from", from).member("to", to).key("items").begin_array();
  for (const auto& item : items)
    write_item(out, item.number, item.item, board);
  out.end_array().end_object();
  return text;
}

std::string render_snapshot(const feed_cursor& cursor, const std::vector<customer_view>& customers,
                            const staleness& stale, const limits_not_taken* in_file) {
  std::string text;
  json_writer out(text);
  out.begin_object().member("type", "snapshot").member("cursor", to_string(cursor));
  out.key("units").begin_array();
  for (const auto& customer : customers)
    for (std::size_t i = 0; i < customer.now().unit_count; ++i)
      write_unit(out, customer, customer.now().unit(i), stale, in_file);
  out.end_array().key("alarms").begin_array();
  for (const auto& customer : customers)
    for (const auto& alarm : customer.now().open_alarms())
      write_alarm(out, customer, *alarm, as_of(life_on_board(customer, *alarm), stale.now));
  out.end_array().end_object();
  return text;
}

std::string render_resumed(const feed_cursor& cursor) {
  std::string text;
  json_writer(text).begin_object().member("type", "resumed").member("cursor", to_string(cursor)).end_object();
  return text;
}

std::string render_gap(std::string_view reason) {
  std::string text;
  json_writer(text).begin_object().member("type", "gap").member("reason", reason).end_object();
  return text;
}

} // namespace coldvigil
