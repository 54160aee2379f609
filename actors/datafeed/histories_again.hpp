// Reads the histories of the bot's streams again; part of the datafeed actor.
#pragma once

#include <actors/datafeed/catch_up.hpp>
#include <actors/requests/call_answers.hpp>
#include <wire/agent/messages.hpp>

#include <tutti/log.hpp>
#include <tutti/protocol/streams.hpp>

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <chrono>
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
    /// `go_on` is to be called after that time.
    std::function<void(std::chrono::milliseconds)> pause;
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
  void log_end(const logger& log) const {
    const auto streams = std::to_string(course_.streams());
    if (course_.left_out() == 0 && not_listed_.empty())
      return log.info("caught_up", {{"streams", streams}});
    log.error("not_caught_up", {{"streams", streams},
                                {"left_out", std::to_string(course_.left_out())},
                                {"not_listed", not_listed_}});
  }

  /// Asks for more, unless it waits.
  template <class Self>
  void ask_more(Self* self) {
    if (!paused_ && listed_)
      go_on(self);
  }

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
              if (++here->lists_ < catch_up::most_failures)
                return here->pause();
              here->not_listed_ = to_string(to_failure(error));
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
      return course_.failed(page.which, true);
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
      pauses_ = 0;
      course_.came(which, std::move(*page));
    } else {
      const auto status = page.error().status;
      course_.failed(which, status == 400 || status == 403);
      pause();
    }
    if (!paused_)
      go_on(self);
    around_.came();
  }

  /// Longer each time until a page comes.
  void pause() {
    if (std::exchange(paused_, true))
      return;
    around_.pause(std::min<std::chrono::milliseconds>(first_pause * (1 << std::min(pauses_, 10)),
                                                      longest_pause));
    ++pauses_;
  }

  static constexpr std::chrono::milliseconds first_pause{1'000};
  static constexpr std::chrono::milliseconds longest_pause{60'000};
  static constexpr std::size_t streams_of_a_page = 1'000;
  static constexpr std::size_t most_listed = 100'000;

  surroundings around_;
  catch_up course_;
  std::vector<std::string> own_;
  bool listed_ = false;
  int lists_ = 0;
  int pauses_ = 0;
  /// Why the bot's own streams are not known; empty: they are.
  std::string not_listed_;
  bool paused_ = false;
};

} // namespace tutti
