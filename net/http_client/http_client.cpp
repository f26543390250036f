#include "net/http_client/http_client.hpp"

#include "net/http_client/exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <deque>
#include <exception>

namespace coldvigil {

namespace asio = boost::asio;

/// Who is fetched for and who waits. Everything but `submit` runs on the strand.
class http_client::queue : public std::enable_shared_from_this<queue> {
 public:
  queue(asio::io_context& context, const http_client_options& options)
      : options_(options), strand_(asio::make_strand(context)), tls_(asio::ssl::context::tls_client),
        resolvers_(options.resolver_threads) {}

  status trust() {
    boost::system::error_code error;
    tls_.set_default_verify_paths(error);
    if (error) return failure{error_code::unavailable, "the system's certificates cannot be read: " + error.message()};
    tls_.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
    if (!options_.ca_file.empty()) tls_.load_verify_file(options_.ca_file, error);
    if (error)
      return failure{error_code::invalid_argument, "the certificates cannot be read: " + error.message(),
                     options_.ca_file};
    return nothing{};
  }

  void submit(http_fetch what, done_function done) {
    asio::post(strand_, [self = shared_from_this(), entry = entry_type{std::move(what), std::move(done)}]() mutable {
      self->admit(std::move(entry));
    });
  }

  void join() {
    resolvers_.stop();
    resolvers_.join();
  }

 private:
  struct entry_type {
    http_fetch what;
    done_function done;
  };

  void admit(entry_type entry) {
    if (running_ < options_.max_concurrent) return start(std::move(entry));
    if (waiting_.size() >= options_.max_waiting)
      return entry.done(failure{error_code::limit, "too many fetches wait for their turn"});
    waiting_.push_back(std::move(entry));
  }

  void start(entry_type entry) {
    ++running_;
    asio::co_spawn(strand_, run(shared_from_this(), std::move(entry)), [](const std::exception_ptr&) {});
  }

  /// Answers in every case, then makes room for the next.
  static asio::awaitable<void> run(std::shared_ptr<queue> self, entry_type entry) {
    std::optional<result<http_fetch_answer>> answer;
    try {
      const auto address = check_fetch(entry.what);
      if (!address) {
        answer = address.error();
      } else {
        const exchange_tools tools{self->options_, self->tls_, self->resolvers_};
        answer = co_await exchange(tools, entry.what, *address);
      }
    } catch (const std::exception& problem) {
      answer = failure{error_code::internal, problem.what()};
    }
    --self->running_;
    if (!self->waiting_.empty()) {
      entry_type next = std::move(self->waiting_.front());
      self->waiting_.pop_front();
      self->start(std::move(next));
    }
    entry.done(std::move(*answer));
  }

  const http_client_options options_;
  asio::strand<asio::io_context::executor_type> strand_;
  asio::ssl::context tls_;
  asio::thread_pool resolvers_;
  std::size_t running_ = 0;
  std::deque<entry_type> waiting_;
};

http_client::http_client(std::shared_ptr<queue> work) : queue_(std::move(work)) {}
http_client::~http_client() {
  queue_->join();
}

result<std::unique_ptr<http_client>> http_client::make(asio::io_context& context, const http_client_options& options) {
  auto work = std::make_shared<queue>(context, options);
  if (auto trusted = work->trust(); !trusted) return trusted.error();
  return std::unique_ptr<http_client>(new http_client(std::move(work)));
}

void http_client::fetch(http_fetch what, done_function done) {
  queue_->submit(std::move(what), std::move(done));
}

} // namespace coldvigil
