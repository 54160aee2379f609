#include <actors/datafeed/feed_course.hpp>

#include <algorithm>
#include <utility>

namespace tutti {

namespace {

constexpr std::chrono::milliseconds first_pause{250};
/// After a failure that http has waited for already: it knows when the host is back.
constexpr std::chrono::milliseconds short_pause{500};
/// A feed is made only when there is room for it: an administrator's matter.
constexpr std::chrono::milliseconds refused_pause{5'000};
/// A feed that is listed and answers 400 this many times is made again.
constexpr int most_refusals = 20;
constexpr std::size_t most_dead = 20;

} // namespace

feed_course feed_course::of_datahose(const std::string& name,
                                     const std::optional<feed_position>& known,
                                     std::chrono::milliseconds longest_wait) {
  const auto same = known && known->feed == name;
  feed_course made{{}, same ? *known : feed_position{name, {}}, longest_wait};
  made.always_there_ = true;
  return made;
}

feed_course::next feed_course::look_for_tag() {
  now_ = step::list;
  return {action::list, {}, tag_};
}

feed_course::next feed_course::check() {
  now_ = step::check;
  return {action::list};
}

feed_course::next feed_course::create() {
  now_ = step::create;
  return {action::create, {}, tag_};
}

feed_course::next feed_course::read() {
  now_ = step::read;
  return {action::read, at_};
}

feed_course::next feed_course::resume() {
  switch (now_) {
  case step::check:
    return check();
  case step::list:
  case step::create: // Another instance may have made it meanwhile.
  case step::remove:
    return look_for_tag();
  case step::read:
    return read();
  }
  return read();
}

feed_course::next feed_course::listed(const std::vector<std::string>& ids) {
  auto among = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  if (now_ == step::check) {
    if (!among(ids, at_.feed) || refusals_ >= most_refusals)
      return gone();
    now_ = step::read; // It lives: whatever answered 400 may have been in between.
    return pause(false);
  }
  for (const auto& each : ids)
    if (!among(dead_, each)) {
      at_ = {each, {}};
      proven_ = false;
      return read();
    }
  return create();
}

feed_course::next feed_course::created(std::string id) {
  at_ = {std::move(id), {}};
  proven_ = false;
  return read();
}

feed_course::next feed_course::kept(std::string ack_id) {
  failures_ = 0;
  refusals_ = 0;
  proven_ = true;
  trouble_.clear();
  at_.ack_id = std::move(ack_id);
  return read();
}

/// A feed that was never good makes the next one no better at once.
feed_course::next feed_course::removed() {
  now_ = step::list;
  return proven_ ? look_for_tag() : pause(false);
}

/// `paced`: http has waited for the host already.
feed_course::next feed_course::pause(bool paced) {
  auto most = std::min(first_pause * (1 << std::min(failures_, 10)), longest_wait_);
  if (paced)
    most = std::min(most, short_pause);
  ++failures_;
  // Between a half and the whole.
  const auto wait = std::chrono::milliseconds{
      static_cast<std::int64_t>(static_cast<double>(most.count()) * (0.5 + chance_ / 2))};
  return {action::wait, {}, {}, std::max(wait, std::chrono::milliseconds{1})};
}

/// The agent does not know the feed any more: idle for too long, or deleted.
feed_course::next feed_course::gone() {
  dead_.push_back(at_.feed);
  if (dead_.size() > most_dead)
    dead_.erase(dead_.begin());
  refusals_ = 0;
  now_ = step::remove;
  return {action::remove, std::exchange(at_, {})};
}

feed_course::next feed_course::failed(const failure& why, const http_response* answer) {
  if (now_ == step::remove)
    return removed();
  trouble_ = to_string(why);
  const auto status = answer ? answer->status : 0;
  const auto slow_down = answer && answer->retry_after.has_value();
  if (now_ == step::read && status == 400 && !slow_down) {
    if (at_.ack_id.empty()) {
      if (always_there_)
        return pause(false);
      ++refusals_;
      return check();
    }
    at_.ack_id.clear(); // Perhaps only the ackId is too old: once more without it.
    auto again = read();
    again.position_lost = always_there_;
    return again;
  }
  if (now_ == step::create && status == 403) {
    auto wait = pause(false);
    wait.wait = std::max(wait.wait, refused_pause);
    return wait;
  }
  return pause(why.error == errc::unreachable && status == 0);
}

} // namespace tutti
