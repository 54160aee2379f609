// The answer travels to the server's thread through its door.
#include <plugins/local/answer_box.hpp>

#include <tutti/json_text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tutti {

namespace asio = boost::asio;

void answer_box::put(const std::shared_ptr<answer_box>& into, local_answer answer) {
  if (into->given_.exchange(true))
    return;
  into->door_->post([into, answer = std::move(answer)]() mutable {
    into->answer_ = std::move(answer);
    if (into->waiting_)
      into->waiting_->cancel();
  });
}

asio::awaitable<void> answer_box::wait(std::shared_ptr<answer_box> at) {
  // Of the connection: it ends with the server, even if the box does not.
  asio::steady_timer wake{co_await asio::this_coro::executor,
                          asio::steady_timer::time_point::max()};
  co_await asio::this_coro::throw_if_cancelled(false);
  auto cancelled = co_await asio::this_coro::cancellation_state;
  at->waiting_ = &wake;
  while (!at->answer_ && cancelled.cancelled() == asio::cancellation_type::none)
    co_await wake.async_wait(asio::as_tuple(asio::use_awaitable));
  at->waiting_ = nullptr;
}

local_server::respond respond_into(const std::shared_ptr<answer_box>& box) {
  struct responder {
    explicit responder(std::shared_ptr<answer_box> into) : box(std::move(into)) {}
    responder(const responder&) = delete;
    responder& operator=(const responder&) = delete;
    ~responder() { answer_box::put(box, server_error(500, "internal", "no answer was made")); }
    std::shared_ptr<answer_box> box;
  };
  return [to = std::make_shared<responder>(box)](local_answer given) {
    answer_box::put(to->box, std::move(given));
  };
}

local_answer server_error(int status, const std::string& error, const std::string& detail) {
  return {status,
          R"({"error":)" + json_text(error) + R"(,"code":"server","detail":)" + json_text(detail) +
              "}",
          "application/json",
          {}};
}

} // namespace tutti
