// The order of steps by which a feed is found, read, kept through faults, and made again.
#pragma once

#include <tutti/errc.hpp>
#include <tutti/http_message.hpp>
#include <tutti/store.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// No I/O and no clock of its own. It never gives up: what keeps a feed from being read passes, or
/// an administrator ends it.
class feed_course {
public:
  enum class action : std::uint8_t {
    /// List the feeds with the tag in `tag`; empty: all of the account.
    list,
    /// Make a feed with the tag.
    create,
    /// Read `at.feed`, acknowledging `at.ack_id`.
    read,
    /// Delete `at.feed`, which is gone for its reader; what comes of that does not matter.
    remove,
    /// Do nothing for `wait`, then call `waited`.
    wait,
  };

  struct next {
    action then;
    feed_position at{};
    std::string tag{};
    std::chrono::milliseconds wait{0};
    /// The datahose does not know any more what was read of it: it may have dropped events.
    bool position_lost = false;
  };

  /// `known`: where an earlier process has stopped.
  feed_course(std::string tag, std::optional<feed_position> known,
              std::chrono::milliseconds longest_wait)
      : tag_(std::move(tag)), longest_wait_(longest_wait) {
    if (known)
      at_ = std::move(*known);
    proven_ = !at_.feed.empty();
  }

  /// Of a datahose, which is there always: `name` is what its position in the journal has as the
  /// feed, which no feed of a bot can be called.
  static feed_course of_datahose(const std::string& name, const std::optional<feed_position>& known,
                                 std::chrono::milliseconds longest_wait);

  /// From 0 to 1, for the next wait: bots that have lost the same agent come back one by one.
  void set_chance(double chance) { chance_ = chance; }

  next begin() {
    if (!at_.feed.empty())
      return read();
    return look_for_tag();
  }

  next listed(const std::vector<std::string>& ids);
  next created(std::string id);
  /// A batch has been read and kept; its ackId goes with the next read.
  next kept(std::string ack_id);
  next removed();
  next waited() { return resume(); }

  /// The step under way failed. `answer`: what the agent said, when it did.
  next failed(const failure& why, const http_response* answer);

  /// Why the feed is not read; empty: it is.
  const std::string& trouble() const noexcept { return trouble_; }
  const feed_position& at() const noexcept { return at_; }

private:
  /// `check`: whether a feed that answers 400 is listed all the same.
  enum class step : std::uint8_t { list, check, create, read, remove };

  next look_for_tag();
  next check();
  next create();
  next read();
  next resume();
  next pause(bool paced);
  next gone();

  /// It is neither looked for nor made.
  bool always_there_ = false;
  std::string tag_;
  std::chrono::milliseconds longest_wait_;
  double chance_ = 1;
  step now_ = step::list;
  feed_position at_;
  /// Feeds that have answered 400: they are not taken again.
  std::vector<std::string> dead_;
  /// The feed has given a batch: it was good once.
  bool proven_ = false;
  std::string trouble_;
  int failures_ = 0;
  /// How often it has answered 400 since its last batch.
  int refusals_ = 0;
};

} // namespace tutti
