// Where a bot's events come from: a feed of its own, or the datahose of its pod.
#pragma once

#include <actors/datafeed/feed_course.hpp>
#include <wire/agent/datafeed.hpp>

#include <tutti/config.hpp>

#include <optional>
#include <string>
#include <utility>

namespace tutti {

/// The requests of either, and the order of their steps.
class source {
public:
  explicit source(const config& settings)
      : settings_(settings.datafeed),
        tag_(wire::feed_tag(settings.datafeed.tag, settings.bot.username)) {
    if (settings.datafeed.version != event_source::datahose)
      return;
    tag_ = wire::datahose_tag(settings.datahose.tag, settings.bot.username);
    hose_ = {tag_, settings.datahose.event_types, settings.datahose.scopes};
  }

  const std::string& tag() const noexcept { return tag_; }

  /// `known`: where an earlier process has stopped.
  feed_course course(std::optional<feed_position> known) const {
    constexpr auto hose_name = "datahose "; // No feed of a bot can be called so.
    if (hose_)
      return feed_course::of_datahose(hose_name + tag_, known, settings_.max_interval);
    if (known && known->feed.starts_with(hose_name))
      known.reset();
    return {tag_, std::move(known), settings_.max_interval};
  }

  http_request create() const { return wire::create_feed(tag_, settings_.include_invisible); }

  /// Acknowledges what was read before.
  http_request read(const feed_position& at) const {
    return hose_ ? wire::poll_datahose(*hose_, at.ack_id, settings_.update_presence)
                 : wire::poll_feed(at.feed, at.ack_id, settings_.update_presence);
  }

private:
  datafeed_config settings_;
  std::string tag_;
  std::optional<wire::datahose_wish> hose_;
};

} // namespace tutti
