// A transport that keeps what it is given until a test says how it ended.
#pragma once

#include <transport/client.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tutti::testing {

/// What tests look at; outlives the client.
struct client_script {
  struct sent {
    transport::exchange_id id = 0;
    http_method method = http_method::get;
    std::string target;
    /// Without the trace id.
    std::string headers;
    std::string body;
    std::string trace;
    bool over = false;
    /// Not to be sent on a connection used before.
    bool fresh = false;
  };

  std::vector<sent> exchanges;
  std::vector<transport::exchange_id> cancelled;
  /// Answered for each that is suspected.
  bool suspicious = false;
  std::vector<service> renewed;
  transport::listener* listener = nullptr;

  int open() const {
    int count = 0;
    for (const auto& each : exchanges)
      count += each.over ? 0 : 1;
    return count;
  }

  void finish(std::size_t which, transport::outcome how) {
    exchanges.at(which).over = true;
    listener->completed(exchanges[which].id, std::move(how));
  }
};

class scripted_client final : public transport::client {
public:
  explicit scripted_client(std::shared_ptr<client_script> script) : script_(std::move(script)) {}

  void listen(transport::listener* who) override { script_->listener = who; }

  void send(transport::exchange_id which, const transport::outgoing& request) override {
    client_script::sent made{which, request.method, std::string{request.target},
                             std::string{request.headers}, std::string{request.body}};
    constexpr std::string_view name = "X-Trace-Id: ";
    if (auto at = made.headers.find(name); at != made.headers.npos) {
      made.trace =
          made.headers.substr(at + name.size(), made.headers.find('\r', at) - at - name.size());
      made.headers.erase(at, name.size() + made.trace.size() + 2);
    }
    made.fresh = request.fresh;
    script_->exchanges.push_back(std::move(made));
  }

  void cancel(transport::exchange_id which) override {
    script_->cancelled.push_back(which);
    for (auto& each : script_->exchanges)
      if (each.id == which)
        each.over = true;
  }

  bool suspect(transport::exchange_id) override { return script_->suspicious; }
  void reconnect(service to) override { script_->renewed.push_back(to); }

private:
  std::shared_ptr<client_script> script_;
};

} // namespace tutti::testing
