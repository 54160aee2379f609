// A transport that hands requests to a test.
#pragma once

#include <transport/client.hpp>

#include <tutti/detail/virtual_bot.hpp>

#include <memory>
#include <utility>

namespace tutti {

class wire_client final : public transport::client {
public:
  explicit wire_client(std::shared_ptr<detail::virtual_wire> wire) : wire_(std::move(wire)) {}

  ~wire_client() override { *listener_ = nullptr; }
  wire_client(const wire_client&) = delete;
  wire_client& operator=(const wire_client&) = delete;

  void listen(transport::listener* who) override { *listener_ = who; }

  void send(transport::exchange_id which, const transport::outgoing& request) override {
    wire_->send(which,
                {std::string{to_string(request.method)}, std::string{request.target},
                 std::string{request.headers}, std::string{request.body}, request.rest},
                [listener = listener_, which](result<http_response> answer) {
                  if (*listener)
                    (*listener)->completed(which, {std::move(answer), false});
                });
  }

  void cancel(transport::exchange_id which) override { wire_->cancel(which); }

private:
  std::shared_ptr<detail::virtual_wire> wire_;
  /// Outlives this client where an answer is on its way.
  std::shared_ptr<transport::listener*> listener_ = std::make_shared<transport::listener*>(nullptr);
};

} // namespace tutti
