// The pod on this desk, as the demo asks it: by its own routes, through the bot's http actor.
#pragma once

#include <tutti/bot.hpp>

#include <caf/scoped_actor.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace tutti::demo {

class desk_pod {
public:
  explicit desk_pod(bot& asker) : bot_(asker), self_(asker.system()) {}

  /// Throws std::runtime_error for anything but a 200.
  http_response call(http_request request, bool authorized = true) {
    http_call asked;
    asked.authorized = authorized;
    asked.request = std::move(request);
    http_response answer;
    self_->request(bot_.handles().http, caf::infinite, std::move(asked))
        .receive([&](http_response& got) { answer = std::move(got); },
                 [&](const caf::error& error) {
                   throw std::runtime_error{to_string(to_failure(error))};
                 });
    if (answer.status != 200)
      throw std::runtime_error{"the pod answers HTTP " + std::to_string(answer.status) +
                               ": this demo needs tutti-pod (start it with ./dev demo)"};
    return answer;
  }

  /// Of the emulator itself, without a session.
  http_response get(std::string path) {
    return call({http_method::get, std::move(path), {}, true}, false);
  }
  http_response post(std::string path, std::string body) {
    return call({http_method::post, std::move(path), std::move(body), true}, false);
  }

private:
  bot& bot_;
  caf::scoped_actor self_;
};

} // namespace tutti::demo
