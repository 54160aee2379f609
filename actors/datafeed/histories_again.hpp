// Reads the histories of the bot's streams again; part of the datafeed actor.
#pragma once

#include <actors/datafeed/catch_up.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/outage.hpp>
#include <wire/agent/messages.hpp>

#include <tutti/protocol/streams.hpp>

#include <caf/actor_cast.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// Carries out a `catch_up`. Dropped, it hears of no answer any more.
class histories_again : public std::enable_shared_from_this<histories_again> {
public:
  struct surroundings {
    http_actor http;
    streams_actor streams;
    /// There is more to take, or all has been read.
    std::function<void()> came;
    /// `go_on` is to be called after a while: the agent is away.
    std::function<void()> pause;
  };

  histories_again(surroundings around, catch_up course)
      : around_(std::move(around)), course_(std::move(course)) {}

  /// `heard`: the streams that the journal knows. Those that the pod lists follow, newest first: a
  /// new conversation may have begun while there was no feed.
  template <class Self>
  void begin(Self* self, const std::vector<std::string>& heard) {
    for (const auto& each : heard)
      course_.add(each);
    list(self);
  }

  template <class Self>
  void go_on(Self* self) {
    paused_ = false;
    if (!listed_)
      return list(self);
    while (auto page = course_.next())
      ask(self, *page);
  }

  catch_up& course() noexcept { return course_; }
  bool done() const noexcept { return listed_ && course_.done(); }

private:
  template <class Self>
  void list(Self* self) {
    list_streams asked;
    asked.types = {stream_type::im, stream_type::mim, stream_type::room};
    asked.skip = own_.size();
    asked.limit = streams_of_a_page;
    self->request(around_.streams, caf::infinite, std::move(asked))
        .then(
            [weak = weak_from_this(), self](const streams_listed& page) {
              if (auto here = weak.lock())
                here->came(self, page);
            },
            [weak = weak_from_this(), self](const caf::error& error) {
              auto here = weak.lock();
              if (!here)
                return;
              if (is_outage(to_failure(error)) || ++here->refused_lists_ < most_refusals)
                return here->pause();
              here->all_listed(self); // Without them.
            });
  }

  template <class Self>
  void came(Self* self, const streams_listed& page) {
    for (const auto& each : page.streams)
      own_.push_back(to_string(each.id));
    if (page.streams.size() == streams_of_a_page && own_.size() < most_listed)
      return list(self);
    all_listed(self);
  }

  template <class Self>
  void all_listed(Self* self) {
    for (auto each = own_.rbegin(); each != own_.rend(); ++each)
      course_.add(std::move(*each));
    own_.clear();
    listed_ = true;
    go_on(self);
    around_.came();
  }

  template <class Self>
  void ask(Self* self, const catch_up::question& page) {
    auto where = stream_id::make(page.stream);
    if (!where)
      return void(course_.refused(page.which));
    auto request = wire::list_messages(*where, page.since, std::nullopt, page.skip, page.limit);
    self->request(around_.http, caf::infinite, to_agent({}, std::move(request)))
        .then(
            [weak = weak_from_this(), self, which = page.which](const http_response& answer) {
              if (auto here = weak.lock())
                here->came(self, which, wire::read_history_events(answer));
            },
            [weak = weak_from_this(), self, which = page.which](const caf::error& error) {
              if (auto here = weak.lock())
                here->came(self, which, to_failure(error));
            });
  }

  template <class Self>
  void came(Self* self, std::size_t which, result<std::vector<wire::raw_event>> page) {
    if (page) {
      course_.came(which, std::move(*page));
    } else if (is_outage(page.error())) {
      course_.unanswered(which);
      return pause();
    } else if (course_.refused(which)) {
      return pause();
    }
    if (!paused_)
      go_on(self);
    around_.came();
  }

  void pause() {
    if (!std::exchange(paused_, true))
      around_.pause();
  }

  /// What is refused that many times is refused for good: whatever is in between may say no, too.
  static constexpr int most_refusals = catch_up::most_refusals;
  static constexpr std::size_t streams_of_a_page = 1'000;
  static constexpr std::size_t most_listed = 100'000;

  surroundings around_;
  catch_up course_;
  std::vector<std::string> own_;
  bool listed_ = false;
  int refused_lists_ = 0;
  bool paused_ = false;
};

} // namespace tutti
