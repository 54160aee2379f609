// Reads a stream's messages page by page.
#pragma once

#include <actors/requests/call_answers.hpp>
#include <actors/requests/history_pages.hpp>
#include <base/containers/slab.hpp>
#include <wire/agent/messages.hpp>

#include <tutti/protocol/messages.hpp>

#include <caf/typed_response_promise.hpp>

#include <optional>
#include <utility>

namespace tutti {

/// Part of the messages actor; every asker gets an answer when it ends.
class histories {
public:
  using promise = caf::typed_response_promise<messages_listed>;

  /// Answers the message being handled.
  template <class Self>
  promise ask(Self* self, const http_actor& http, const list_messages& asked) {
    auto asker = self->template make_response_promise<promise>();
    next(self, http, all_.insert({asked, asker, history_pages{asked.since, asked.limit}}));
    return asker;
  }

  /// To be called on exit: every asker gets `why`.
  void end(const failure& why) {
    for (auto id : all_.ids())
      fail(id, why);
  }

private:
  struct listing {
    list_messages asked;
    promise asker;
    history_pages pages;
    messages_listed so_far{};
  };

  template <class Self>
  void next(Self* self, const http_actor& http, slab<listing>::id id) {
    auto& one = *all_.find(id);
    if (one.pages.size() == 0) {
      auto ended = all_.take(id);
      ended->asker.deliver(std::move(ended->so_far));
      return;
    }
    const auto until =
        one.asked.until ? std::optional{history_pages::millis(*one.asked.until)} : std::nullopt;
    auto request = wire::list_messages(one.asked.in, one.pages.since(), until, one.pages.skip(),
                                       one.pages.size());
    // http always answers, by its own deadline at the latest.
    self->request(http, caf::infinite, to_agent(one.asked.as, std::move(request)))
        .then([this, self, http,
               id](const http_response& response) { came(self, http, id, response); },
              [this, id](const caf::error& why) { fail(id, to_failure(why)); });
  }

  template <class Self>
  void came(Self* self, const http_actor& http, slab<listing>::id id,
            const http_response& response) {
    auto* one = all_.find(id);
    if (!one)
      return;
    auto page = wire::read_messages(response);
    if (!page)
      return fail(id, page.error());
    one->pages.came(*page);
    for (auto& each : *page)
      one->so_far.messages.push_back(std::move(each));
    next(self, http, id);
  }

  void fail(slab<listing>::id id, const failure& why) {
    if (auto one = all_.take(id))
      one->asker.deliver(to_error(why));
  }

  slab<listing> all_;
};

} // namespace tutti
