// Read, ask, write, and who gives up its place to whom.
#include <plugins/local/connections.hpp>

#include <base/threads/run_guarded.hpp>
#include <plugins/local/host_names.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace tutti {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http_1 = beast::http;
using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;
using std::chrono::steady_clock;

namespace {

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

/// For a client whose connection is about to be closed: it may still be sending.
constexpr std::chrono::milliseconds last_words{1'000};
constexpr std::chrono::milliseconds last_words_when_stopping{50};
constexpr std::size_t max_last_words = std::size_t{256} << 10;
/// Clients turned away at once; past that they are closed without a word.
constexpr std::size_t most_turned_away = 16;

/// After a wrong token: the first pause, doubled with each further one, and how many there may be.
constexpr std::chrono::milliseconds first_pause{100};
constexpr int most_wrong_tokens = 6;
/// Against guesses on a new connection each time: the pause is doubled for each `guesses_to_double`
/// wrong tokens of all connections, until there has been none for `guesses_forgotten`.
constexpr int guesses_to_double = 4;
constexpr int most_doublings = 4;
constexpr auto guesses_forgotten = 10s;

constexpr auto eviction_lines = 10s;

asio::awaitable<void> pause_of(std::chrono::milliseconds time) {
  asio::steady_timer timer{co_await asio::this_coro::executor, time};
  co_await timer.async_wait(as_tuple);
}

} // namespace

struct local_connections::connection {
  connection(socket from, asio::ip::address came_to)
      : stream(std::move(from)), reached(std::move(came_to)), in(request_reader::max_buffer) {}

  socket stream;
  asio::ip::address reached;
  beast::flat_buffer in;
  int wrong_tokens = 0;
  bool hung_up = false;
  bool evicted = false;
  std::shared_ptr<answer_box> asked;
};

/// In a list of connections for as long as this lives.
class local_connections::place {
public:
  place(std::list<connection*>& in, connection& who) : in_(in), at_(in.insert(in.end(), &who)) {}
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() { in_.erase(at_); }

private:
  std::list<connection*>& in_;
  std::list<connection*>::iterator at_;
};

local_connections::local_connections(asio::io_context& io, local_server_options options,
                                     local_server::handler handle, logger log)
    : io_(io), options_(std::move(options)), handle_(std::move(handle)), log_(std::move(log)),
      door_(std::make_shared<job_door>([&io](auto job) { asio::post(io, std::move(job)); })) {}

void local_connections::take(socket fresh, asio::ip::address reached) {
  beast::error_code ignored;
  fresh.non_blocking(true, ignored);
  if (open_ < options_.max_connections || evict()) {
    ++open_;
    asio::co_spawn(io_, serve(std::move(fresh), std::move(reached)), rethrow);
  } else if (turned_away_ < most_turned_away)
    asio::co_spawn(io_, turn_away(std::move(fresh)), rethrow);
}

bool local_connections::evict() {
  // A closed one stays in its list until its coroutine has run.
  for (auto* list : {&hung_up_, &idle_})
    for (auto* each : *list)
      if (each->stream.is_open()) {
        beast::error_code ignored;
        each->stream.close(ignored);
        each->evicted = true;
        --open_;
        if (each->asked)
          answer_box::put(each->asked, {});
        note_evicted();
        return true;
      }
  return false;
}

void local_connections::note_evicted() {
  ++evicted_;
  auto now = steady_clock::now();
  if (now - evictions_logged_ < eviction_lines)
    return;
  evictions_logged_ = now;
  log_.warn("connections_evicted", {{"count", std::to_string(evicted_)},
                                    {"open", std::to_string(open_)},
                                    {"why", "idle, and others wanted their places"}});
}

void local_connections::stop() {
  stopping_ = true;
  beast::error_code ignored;
  for (auto* each : idle_)
    each->stream.close(ignored);
}

void local_connections::turn_out() {
  for (auto* each : all_)
    if (each->asked)
      answer_box::put(each->asked, server_error(503, "shutting_down", "the bot is stopping"));
}

asio::awaitable<void> local_connections::serve(socket stream, asio::ip::address reached) {
  connection one{std::move(stream), std::move(reached)};
  const place among_all{all_, one};
  struct counted {
    connection& one;
    std::size_t& open;
    ~counted() { open -= one.evicted ? 0 : 1; }
  } const until_the_end{one, open_};
  while (!stopping_ && co_await serve_one(one))
    ;
  if (one.stream.is_open()) {
    const place can_be_spared{hung_up_, one};
    co_await farewell(one.stream);
  }
}

/// False when the connection is over.
asio::awaitable<bool> local_connections::serve_one(connection& one) {
  request_reader reader{options_.max_body};
  if (!co_await read(one, reader))
    co_return false;
  if (reader.refusal()) {
    co_await write(one, false, false, *reader.refusal());
    co_return false;
  }
  if (!reader.host().empty() && !is_own_host(reader.host(), one.reached, options_.hosts)) {
    co_await write(one, reader.is_head(), false,
                   server_error(421, "misdirected",
                                "this server is not called '" + reader.host() +
                                    "'; ask for localhost, its address, or a name in its "
                                    "setting hosts"));
    co_return false;
  }
  auto answer = co_await ask(one, reader.request());
  if (!one.stream.is_open())
    co_return false;
  if (answer.status != 401)
    one.wrong_tokens = 0;
  else
    co_await slow_down(one);
  auto open =
      reader.keep_alive() && !stopping_ && !one.hung_up && one.wrong_tokens < most_wrong_tokens;
  co_return co_await write(one, reader.is_head(), open, std::move(answer)) && open;
}

/// False when the client has gone, says nothing, or has to give up its place.
asio::awaitable<bool> local_connections::read(connection& one, request_reader& reader) {
  const place can_be_spared{idle_, one};
  auto until = steady_clock::now() + std::min<std::chrono::milliseconds>(options_.idle, 24h);
  while (!reader.read(one.in)) {
    if (reader.wants_go_on()) {
      http_1::response<http_1::empty_body> go_on{http_1::status::continue_, 11};
      auto [failed, written] = co_await http_1::async_write(one.stream, go_on, as_tuple);
      if (failed)
        co_return false;
    }
    asio::steady_timer silent{io_, until};
    auto room = one.in.max_size() - one.in.size();
    auto came = co_await (
        one.stream.async_read_some(one.in.prepare(std::min<std::size_t>(room, 4096)), as_tuple) ||
        silent.async_wait(as_tuple));
    if (came.index() == 1)
      co_return false;
    auto [error, size] = std::get<0>(came);
    if (error)
      co_return false;
    one.in.commit(size);
  }
  co_return true;
}

asio::awaitable<local_answer> local_connections::ask(connection& one,
                                                     const local_request& request) {
  auto box = std::make_shared<answer_box>(door_);
  try {
    handle_(request, respond_into(box));
  } catch (const std::exception& error) { // The request is answered all the same.
    log_.error("handler_failed", {{"path", request.path}, {"why", error.what()}});
  } catch (...) { // Another author's code, on the server's thread.
    log_.error("handler_failed", {{"path", request.path}, {"why", "no exception was thrown"}});
  }
  one.asked = box;
  co_await (answer_box::wait(box) || watch(one));
  if (!box->full()) {
    // It may only have said that it sends no more, and is answered if it is still there.
    std::optional<place> can_be_spared;
    if (one.hung_up)
      can_be_spared.emplace(hung_up_, one);
    co_await answer_box::wait(box);
  }
  one.asked = nullptr;
  co_return box->take();
}

/// Returns when the client has hung up, or has sent more than is read ahead.
asio::awaitable<void> local_connections::watch(connection& one) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto cancelled = co_await asio::this_coro::cancellation_state;
  while (one.in.size() < one.in.max_size()) {
    auto room = std::min<std::size_t>(one.in.max_size() - one.in.size(), 4096);
    auto [error, size] = co_await one.stream.async_read_some(one.in.prepare(room), as_tuple);
    if (cancelled.cancelled() != asio::cancellation_type::none && error)
      co_return;
    if (error) {
      one.hung_up = true;
      co_return;
    }
    one.in.commit(size);
    if (cancelled.cancelled() != asio::cancellation_type::none)
      co_return;
  }
}

/// Who guesses tokens waits, and may lose its place to others meanwhile.
asio::awaitable<void> local_connections::slow_down(connection& one) {
  const place can_be_spared{idle_, one};
  const auto now = steady_clock::now();
  if (now - guessed_ > guesses_forgotten)
    guesses_ = 0;
  guessed_ = now;
  const auto of_all = std::min(guesses_++ / guesses_to_double, most_doublings);
  co_await pause_of(first_pause * (1 << std::max(one.wrong_tokens++, of_all)));
}

/// False when the client has gone.
asio::awaitable<bool> local_connections::write(connection& one, bool head, bool open,
                                               local_answer answer) {
  http_1::response<http_1::string_body> made{static_cast<http_1::status>(answer.status), 11};
  made.set(http_1::field::content_type, answer.content_type);
  made.set(http_1::field::cache_control, "no-store");
  for (const auto& [name, value] : answer.headers)
    made.set(name, value);
  made.keep_alive(open);
  made.body() = std::move(answer.body);
  made.prepare_payload();
  if (head)
    made.body().clear();
  asio::steady_timer slow{io_, std::min<std::chrono::milliseconds>(options_.idle, 24h)};
  auto went =
      co_await (http_1::async_write(one.stream, made, as_tuple) || slow.async_wait(as_tuple));
  if (went.index() == 1 || std::get<0>(std::get<0>(went))) {
    beast::error_code ignored;
    one.stream.close(ignored);
    co_return false;
  }
  co_return true;
}

asio::awaitable<void> local_connections::turn_away(socket stream) {
  ++turned_away_;
  auto answer = server_error(503, "overloaded", "too many connections are open");
  answer.headers.emplace_back("Retry-After", "1");
  connection one{std::move(stream), {}};
  if (co_await write(one, false, false, std::move(answer)))
    co_await farewell(one.stream);
  --turned_away_;
}

/// Closing at once would take back the answer from a client that is still sending (RST).
asio::awaitable<void> local_connections::farewell(socket& stream) {
  beast::error_code ignored;
  stream.shutdown(socket::shutdown_send, ignored);
  std::array<char, 4096> nothing; // NOLINT(*-member-init): only written to.
  asio::steady_timer patience{io_, stopping_ ? last_words_when_stopping : last_words};
  for (std::size_t heard = 0; heard < max_last_words;) {
    auto came = co_await (stream.async_read_some(asio::buffer(nothing), as_tuple) ||
                          patience.async_wait(as_tuple));
    if (came.index() == 1 || std::get<0>(std::get<0>(came)))
      break;
    heard += std::get<1>(std::get<0>(came));
  }
  stream.close(ignored);
}

} // namespace tutti
