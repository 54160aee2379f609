// A pod in memory: what a request costs without a socket.
#pragma once

#include <transport/client.hpp>
#include <transport/message/answer_reader.hpp>
#include <transport/message/request_head.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <deque>
#include <memory>
#include <string>
#include <unordered_set>

namespace tutti::bench {

/// What a test of cost changes while the pod runs; on the loop.
struct memory_pod {
  /// Create IM requests are not answered.
  bool silent = false;
  /// The session that is good now: the letter its token is made of.
  char session = 'a';
  std::int64_t creates = 0;
  std::int64_t logins = 0;
};

/// Writes each request as a connection would and reads a canned answer as one would; answers in the
/// order asked, in a later turn of the loop.
class memory_client final : public transport::client {
public:
  /// The pod has users 1 to `users`; all of them are connected with the bot.
  memory_client(boost::asio::io_context& io, const host_config& host, std::int64_t users,
                std::shared_ptr<memory_pod> pod = std::make_shared<memory_pod>())
      : io_(io), head_(host), pod_(std::move(pod)), reader_(std::size_t{1} << 24) {
    std::string rows;
    std::string found;
    for (std::int64_t i = 1; i <= users; ++i) {
      auto id = std::to_string(i);
      rows += (i > 1 ? "," : "") + ("{\"userId\":" + id) + ",\"status\":\"ACCEPTED\"}";
      found += (i > 1 ? "," : "") + ("{\"id\":" + id) + "}";
    }
    connections_ = answer("[" + rows + "]");
    users_ = answer(R"({"users":[)" + found + "]}");
  }

  void listen(transport::listener* who) override { listener_ = who; }

  void send(transport::exchange_id which, const transport::outgoing& request) override {
    head_.write(out_, request);
    const auto& text = answer_to(request);
    if (pod_->silent && &text == &im_)
      return;
    waiting_.push_back({which, &text});
    if (waiting_.size() == 1)
      boost::asio::post(io_, [this] { serve(); });
  }

  void cancel(transport::exchange_id which) override { cancelled_.insert(which); }

private:
  struct exchange {
    transport::exchange_id id;
    const std::string* answer;
  };

  /// As nginx answers.
  static std::string answer(const std::string& body, const char* status = "200 OK") {
    return "HTTP/1.1 " + std::string{status} +
           "\r\nServer: nginx/1.22.1\r\nDate: Fri, 27 Nov 2026 12:00:00 GMT\r\n"
           "Content-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\nConnection: keep-alive\r\n\r\n" + body;
  }

  const std::string& answer_to(const transport::outgoing& request) {
    auto target = request.target;
    if (target.starts_with("/login/")) {
      ++pod_->logins;
      auto token = std::string(760, pod_->session);
      login_ = answer(R"({"name":"sessionToken","token":")" + token + "\"}");
      return login_;
    }
    constexpr std::string_view name = "sessionToken: ";
    if (request.headers[request.headers.find(name) + name.size()] != pod_->session)
      return expired_;
    if (target.starts_with("/pod/v1/im/create")) {
      ++pod_->creates;
      return im_;
    }
    if (target.starts_with("/pod/v1/connection/list"))
      return connections_;
    return target.starts_with("/pod/v3/users") ? users_ : caller_;
  }

  void serve() {
    for (auto left = waiting_.size(); left > 0; --left) {
      auto [id, text] = waiting_.front();
      waiting_.pop_front();
      reader_.expect();
      auto room = in_.prepare(text->size());
      boost::asio::buffer_copy(room, boost::asio::buffer(*text));
      in_.commit(text->size());
      boost::system::error_code ec;
      reader_.read(in_, ec);
      if (listener_ && cancelled_.erase(id) == 0)
        listener_->completed(id, {reader_.take(), false});
    }
    if (!waiting_.empty())
      boost::asio::post(io_, [this] { serve(); });
  }

  boost::asio::io_context& io_;
  transport::request_head head_;
  std::shared_ptr<memory_pod> pod_;
  transport::answer_reader reader_;
  transport::listener* listener_ = nullptr;
  boost::beast::flat_buffer in_;
  std::string out_;
  std::deque<exchange> waiting_;
  std::unordered_set<transport::exchange_id> cancelled_;
  const std::string im_ = answer(R"({"id":"xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA"})");
  const std::string caller_ = answer(R"({"id":999999999,"username":"bench"})");
  const std::string expired_ =
      answer(R"({"code":401,"message":"Invalid session"})", "401 Unauthorized");
  std::string login_;
  std::string connections_;
  std::string users_;
};

} // namespace tutti::bench
