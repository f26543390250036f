#include "notify/transfer.hpp"

#include "notify/text_escape.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <curl/curl.h>

namespace coldvigil {
namespace {

using std::chrono::seconds;

constexpr std::size_t kept_of_answer = 512;

struct easy_closer {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct list_closer {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using easy = std::unique_ptr<CURL, easy_closer>;

bool libcurl_is_ready() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

/// A list of texts as libcurl wants it.
class text_list {
 public:
  void add(const std::string& text) {
    curl_slist* longer = curl_slist_append(list_.get(), text.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)list_.release();
    list_.reset(longer);
  }
  [[nodiscard]] curl_slist* get() const { return list_.get(); }

 private:
  std::unique_ptr<curl_slist, list_closer> list_;
};

/// One transfer: its handle and what the callbacks work on.
class transfer {
 public:
  transfer(const transfer_limits& limits, const std::atomic<bool>& stop) : limits_(limits), stop_(stop) {
    if (!libcurl_is_ready() || !handle_) throw std::bad_alloc();
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_PROXY, ""); // what the environment says is not our configuration
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total_timeout.count()));
    // libcurl's time limit does not hold for the QUIT after it: 120 s unless this says otherwise.
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(std::chrono::ceil<seconds>(limits.total_timeout).count()));
    if (!limits.ca_file.empty()) set(CURLOPT_CAINFO, limits.ca_file.c_str());
    set(CURLOPT_WRITEFUNCTION, &transfer::take);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &transfer::look_up);
    set(CURLOPT_XFERINFODATA, this);
  }

  template <class Value> void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(handle_.get(), option, value);
    if (code != CURLE_OK && refused_ == CURLE_OK) refused_ = code;
  }

  void upload(const std::string& text) {
    unsent_ = text;
    set(CURLOPT_READFUNCTION, &transfer::give);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text.size()));
  }

  /// libcurl gives the replies of a mail server line by line, as if they were headers.
  void keep_replies() {
    set(CURLOPT_HEADERFUNCTION, &transfer::take_reply);
    set(CURLOPT_HEADERDATA, this);
  }

  [[nodiscard]] transfer_answer perform() {
    transfer_answer out;
    const auto began = std::chrono::steady_clock::now();
    const CURLcode code = refused_ == CURLE_OK ? curl_easy_perform(handle_.get()) : refused_;
    out.took = std::chrono::duration_cast<millis>(std::chrono::steady_clock::now() - began);
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &out.code);
    curl_off_t wait = 0;
    if (curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
      out.retry_after = std::chrono::seconds{std::min<curl_off_t>(wait, 24 * 3600)};
    out.arrived = code == CURLE_OK || too_long_;
    out.login_denied = code == CURLE_LOGIN_DENIED;
    if (!out.arrived) out.error = stop_ ? "broken off: Coldvigil is stopping" : text_of(code);
    out.body = std::move(body_);
    out.reply = std::move(reply_);
    return out;
  }

 private:
  [[nodiscard]] std::string text_of(CURLcode code) const {
    if (code == CURLE_ABORTED_BY_CALLBACK) // by look_up, where libcurl waits without looking at its own time limit
      return "no answer within " + std::to_string(limits_.total_timeout.count()) + " ms";
    return error_[0] == '\0' ? curl_easy_strerror(code) : std::string(error_.data());
  }
  static std::size_t take(char* data, std::size_t, std::size_t size, void* self) {
    auto& in = *static_cast<transfer*>(self);
    in.received_ += size;
    in.too_long_ = in.received_ > in.limits_.max_answer_bytes;
    if (in.too_long_) return 0;
    in.body_.append(data, std::min(size, kept_of_answer - std::min(kept_of_answer, in.body_.size())));
    return size;
  }
  /// "550-first line", "550 last line". The goodbye after a message says nothing of it.
  static std::size_t take_reply(char* data, std::size_t, std::size_t size, void* self) {
    constexpr std::size_t code_and_sign = 4;
    auto& in = *static_cast<transfer*>(self);
    std::string_view line(data, size);
    line = line.substr(0, line.find_last_not_of("\r\n") + 1);
    if (line.starts_with("221")) return size;
    const bool goes_on = line.size() >= code_and_sign && line[code_and_sign - 1] == '-';
    if (std::exchange(in.reply_is_whole_, !goes_on)) in.reply_.clear();
    if (line.size() <= code_and_sign || in.reply_.size() >= kept_of_answer) return size;
    if (!in.reply_.empty()) in.reply_ += ' ';
    in.reply_ += line.substr(code_and_sign, kept_of_answer);
    return size;
  }
  static std::size_t give(char* to, std::size_t, std::size_t room, void* self) {
    auto& in = *static_cast<transfer*>(self);
    const std::size_t size = std::min(room, in.unsent_.size());
    std::memcpy(to, in.unsent_.data(), size);
    in.unsent_.remove_prefix(size);
    return size;
  }
  static int look_up(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto& in = *static_cast<transfer*>(self);
    return in.stop_ || std::chrono::steady_clock::now() > in.deadline_ ? 1 : 0;
  }

  const transfer_limits& limits_;
  const std::atomic<bool>& stop_;
  const std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::now() + limits_.total_timeout;
  easy handle_{curl_easy_init()};
  std::array<char, CURL_ERROR_SIZE> error_{};
  CURLcode refused_ = CURLE_OK;
  std::size_t received_ = 0;
  bool too_long_ = false; ///< the answer was broken off; its status stands
  std::string body_, reply_;
  bool reply_is_whole_ = true; ///< the next line begins another one
  std::string_view unsent_;
};

transfer_answer failed(const std::exception& why) {
  transfer_answer out;
  out.error = why.what();
  return out;
}

} // namespace

transfer_answer run(const http_transfer& what, const transfer_limits& limits, const std::atomic<bool>& stop) {
  try {
    transfer one(limits, stop);
    text_list headers;
    headers.add("Expect:");
    for (const auto& [name, value] : what.headers)
      headers.add(value.empty() ? name + ";" : name + ": " + value);
    one.set(CURLOPT_PROTOCOLS_STR, "http,https");
    one.set(CURLOPT_URL, what.url.c_str());
    one.set(CURLOPT_USERAGENT, "coldvigil");
    one.set(CURLOPT_HTTPHEADER, headers.get());
    if (what.method != "GET") {
      one.set(CURLOPT_POSTFIELDS, what.body.c_str());
      one.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what.body.size()));
      one.set(CURLOPT_CUSTOMREQUEST, what.method.c_str());
    }
    return one.perform();
  } catch (const std::exception& why) {
    return failed(why);
  }
}

transfer_answer run(const smtp_transfer& what, const transfer_limits& limits, const std::atomic<bool>& stop) {
  try {
    transfer one(limits, stop);
    const std::string scheme = what.security == smtp_security::tls ? "smtps://" : "smtp://";
    const std::string url = scheme + what.host + ":" + std::to_string(what.port) + "/coldvigil";
    const std::string from = "<" + what.from + ">";
    text_list to;
    to.add("<" + what.to + ">");
    one.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    one.set(CURLOPT_URL, url.c_str());
    one.set(CURLOPT_USE_SSL,
            static_cast<long>(what.security == smtp_security::plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (!what.user.empty()) {
      one.set(CURLOPT_USERNAME, what.user.c_str());
      one.set(CURLOPT_PASSWORD, what.password.c_str());
    }
    one.set(CURLOPT_MAIL_FROM, from.c_str());
    one.set(CURLOPT_MAIL_RCPT, to.get());
    one.upload(what.message);
    one.keep_replies();
    return one.perform();
  } catch (const std::exception& why) {
    return failed(why);
  }
}

} // namespace coldvigil
