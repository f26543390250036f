#include "notify/mime_message.hpp"

#include "notify/text_escape.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace coldvigil {
namespace {

constexpr std::size_t longest_header = 600;

/// Words of RFC 2047, each at most 75 characters and of whole characters, one a line.
std::string encoded_words(std::string_view text) {
  constexpr std::size_t bytes_a_word = 42;
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(bytes_a_word, text.size());
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
      --size;
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

/// Plain where every reader understands it, encoded otherwise.
std::string header_text(const std::string& text) {
  const std::string line = cut(one_line(text), longest_header);
  const bool plain = line.size() <= 60 && line.find("=?") == std::string::npos &&
                     std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 127; });
  return plain ? line : encoded_words(line);
}

std::string mailbox(const std::string& name, const std::string& address) {
  return name.empty() ? "<" + address + ">" : encoded_words(cut(one_line(name), 200)) + "\r\n <" + address + ">";
}

std::string mail_date(timestamp at) {
  constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  char out[48];
  std::snprintf(out, sizeof out, "%s, %02u %s %d %02d:%02d:%02d +0000",
                weekdays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out;
}

std::string wrapped_base64(const std::string& text) {
  constexpr std::size_t line = 76;
  const std::string whole = base64(text);
  std::string out;
  for (std::size_t at = 0; at < whole.size(); at += line)
    out += whole.substr(at, line) + "\r\n";
  return out;
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

} // namespace

std::string mime_text(const mail_content& mail) {
  std::string out;
  out += "Date: " + mail_date(mail.date) + "\r\n";
  out += "From: " + mailbox(mail.from_name, mail.from) + "\r\n";
  out += "To: " + mailbox(mail.to_name, mail.to) + "\r\n";
  out += "Subject: " + header_text(mail.subject) + "\r\n";
  out += "Message-ID: <" + mail.message_id + ">\r\n";
  out += "Auto-Submitted: auto-generated\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += "Content-Type: text/plain; charset=utf-8\r\n";
  out += "Content-Transfer-Encoding: base64\r\n\r\n";
  return out + wrapped_base64(with_crlf(mail.text));
}

} // namespace coldvigil
