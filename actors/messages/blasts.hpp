// Sends one message to many streams, a hundred with each call.
#pragma once

#include <actors/messages/file_reader.hpp>
#include <actors/messages/histories.hpp>
#include <base/containers/slab.hpp>
#include <wire/agent/messages.hpp>

#include <tutti/protocol/messages.hpp>

#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// Part of the messages actor; every asker gets an answer when it ends.
class blasts {
public:
  using promise = caf::typed_response_promise<message_blasted>;
  using id = std::uint64_t;

  /// Begins to answer the message being handled, when its files are there.
  template <class Self>
  std::pair<id, promise> add(Self* self, blast_message&& asked, std::string boundary) {
    auto asker = self->template make_response_promise<promise>();
    return {all_.insert({std::move(asked), asker, std::move(boundary)}), asker};
  }

  template <class Self>
  void begin(Self* self, const http_actor& http, id which, message_files all) {
    if (auto* one = all_.find(which)) {
      one->files = std::move(all);
      next(self, http, which);
    }
  }

  void fail(id which, const failure& why) {
    if (auto one = all_.take(which))
      one->asker.deliver(to_error(why));
  }

  /// To be called on exit: every asker gets `why`.
  void end(const failure& why) {
    for (auto each : all_.ids())
      fail(each, why);
  }

private:
  struct blasting {
    blast_message asked;
    promise asker;
    std::string boundary;
    message_files files{};
    /// Of the call under way.
    std::vector<stream_id> some{};
    std::size_t done = 0;
    message_blasted so_far{};
  };

  static constexpr std::size_t most_streams = 100;

  template <class Self>
  void next(Self* self, const http_actor& http, id which) {
    auto& one = *all_.find(which);
    if (one.done == one.asked.to.size()) {
      auto ended = all_.take(which);
      ended->asker.deliver(std::move(ended->so_far));
      return;
    }
    const auto first = one.asked.to.begin() + static_cast<std::ptrdiff_t>(one.done);
    const auto count = std::min(most_streams, one.asked.to.size() - one.done);
    one.some.assign(first, first + static_cast<std::ptrdiff_t>(count));
    one.done += count;
    const wire::form_content what{one.asked.what.messageml(), one.asked.what.data(), one.files};
    auto call = to_agent(one.asked.as, wire::blast_message(one.some, what, one.boundary));
    // http always answers, by its own deadline at the latest.
    self->request(http, caf::infinite, std::move(call))
        .then(
            [this, self, http, which](const http_response& response) {
              came(self, http, which, wire::read_blast(response));
            },
            [this, self, http, which](const caf::error& why) {
              came(self, http, which, to_failure(why));
            });
  }

  static result<message> outcome_of(const stream_id& each, const result<wire::blast_result>& came) {
    if (!came)
      return came.error();
    for (const auto& sent : came->sent)
      if (sent.stream().id == each)
        return sent;
    for (const auto& [stream, why] : came->failed)
      if (stream == each.text())
        return why;
    return failure{errc::protocol_error, "blast: the answer does not name this stream", 0, {}};
  }

  template <class Self>
  void came(Self* self, const http_actor& http, id which, const result<wire::blast_result>& came) {
    auto* one = all_.find(which);
    if (!one)
      return;
    for (const auto& each : one->some)
      one->so_far.outcomes.emplace_back(each, outcome_of(each, came));
    next(self, http, which);
  }

  slab<blasting> all_;
};

} // namespace tutti
