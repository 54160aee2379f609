#include <bot/hearing/living/living_messages.hpp>

#include <bot/hearing/answers.hpp>
#include <bot/hearing/hearing.hpp>

#include <tutti/bot.hpp>
#include <tutti/messageml.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace tutti {

namespace {

/// An update before the last one is worth no more patience.
constexpr std::chrono::seconds patience{10};
const failure stopping{errc::shutting_down, "the bot is stopping", 0, {}};

outgoing_message with_note(const outgoing_message& shown, const std::string& note) {
  constexpr std::string_view begin = "<messageML>";
  constexpr std::string_view end = "</messageML>";
  std::string_view xml = shown.messageml();
  if (note.empty() || !xml.ends_with(end))
    return shown;
  messageml::message behind;
  behind.p(messageml::i(note));
  xml.remove_suffix(end.size());
  return outgoing_message::ready(std::string{xml} + behind.xml().substr(begin.size()),
                                 shown.data());
}

} // namespace

living_messages::number living_messages::add(message said, outgoing_message shown,
                                             std::string note) {
  auto guard = lock{lock_};
  const auto made = updates_.add(owner_.now());
  lines_.emplace(made, line{std::move(said), std::move(shown), std::move(note)});
  return made;
}

void living_messages::show(number which, outgoing_message what) {
  {
    auto guard = lock{lock_};
    const auto found = lines_.find(which);
    if (found == lines_.end())
      return;
    found->second.shown = what;
    updates_.show(which, std::move(what));
  }
  pump();
}

void living_messages::break_off(number which) {
  {
    auto guard = lock{lock_};
    const auto found = lines_.find(which);
    if (found == lines_.end())
      return;
    auto& one = found->second;
    if (updates_.end(which, with_note(one.shown, one.note)))
      forget(found);
  }
  pump();
}

bool living_messages::awaiter::await_suspend(std::coroutine_handle<> here) {
  auto& all = of_; // Once the lock is free, another thread may resume the coroutine.
  const auto waits = [&] {
    auto guard = lock{of_.lock_};
    const auto found = of_.lines_.find(which_);
    if (found == of_.lines_.end()) {
      result_.failed = stopping;
      return false;
    }
    auto& one = found->second;
    result_.last = what_ ? *what_ : one.shown;
    if (of_.updates_.end(which_, std::move(what_))) {
      result_.newest = std::move(one.newest);
      of_.forget(found);
      return false;
    }
    one.waiting = here;
    one.result = &result_;
    one.how = of_.how_();
    return true;
  }();
  if (waits)
    all.pump();
  return waits;
}

living_messages::awaiter living_messages::end(number which, std::optional<outgoing_message> what) {
  return {*this, which, std::move(what)};
}

void living_messages::pump() {
  struct going {
    living_updates::update what;
    update_message asked;
  };
  std::vector<going> all;
  {
    auto guard = lock{lock_};
    while (auto next = updates_.next(owner_.now())) {
      const auto& newest = lines_.at(next->which).newest;
      update_message asked;
      asked.in = newest.stream().id;
      asked.id = newest.id();
      asked.what = next->what;
      asked.timeout = next->last ? std::chrono::milliseconds{said_within} : patience;
      all.push_back({std::move(*next), std::move(asked)});
    }
    arm(guard);
  }
  for (auto& each : all)
    send(each.what, std::move(each.asked));
}

void living_messages::arm(const lock&) {
  const auto when = updates_.when();
  if (!when || (armed_ && *armed_ <= *when))
    return;
  armed_ = when;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*when - owner_.now());
  owner_.after(std::max(wait, std::chrono::milliseconds{0}))
      .then([self = weak_from_this(), at = *when](const result<void>& came) {
        const auto all = self.lock();
        if (!all)
          return;
        {
          auto guard = lock{all->lock_};
          if (all->armed_ == at)
            all->armed_.reset();
        }
        if (came)
          all->pump();
      });
}

void living_messages::send(const living_updates::update& what, update_message asked) {
  owner_.ask(std::move(asked))
      .then([self = weak_from_this(), which = what.which](result<message> came) {
        if (const auto all = self.lock())
          all->answered(which, std::move(came));
      });
}

void living_messages::answered(number which, result<message> came) {
  line over;
  {
    auto guard = lock{lock_};
    const auto found = lines_.find(which);
    if (found == lines_.end())
      return;
    auto& one = found->second;
    one.failed.reset();
    if (came) {
      one.newest = std::move(*came);
    } else {
      one.failed = came.error();
      if (!std::exchange(one.logged, true))
        log_.warn("living_message_not_updated",
                  {{"message", one.newest.id()}, {"why", to_string(came.error())}});
    }
    if (updates_.answered(which, came.has_value())) {
      over = std::move(one);
      forget(found);
    }
  }
  if (over.waiting) {
    over.result->newest = std::move(over.newest);
    over.result->failed = std::move(over.failed);
    over.how([here = over.waiting] { here.resume(); });
  }
  pump();
}

void living_messages::forget(std::unordered_map<number, line>::iterator which) {
  lines_.erase(which);
  if (lines_.empty())
    all_over_.notify_all();
}

void living_messages::finish(std::chrono::steady_clock::time_point until) {
  std::vector<number> all;
  {
    auto guard = lock{lock_};
    if (lines_.empty())
      return; // The bot itself may be gone already: see its destructor.
    updates_.hurry();
    all.reserve(lines_.size());
    for (const auto& [which, one] : lines_)
      all.push_back(which);
  }
  for (const auto which : all)
    break_off(which);
  pump();
  auto guard = lock{lock_};
  all_over_.wait_until(guard, until, [this] { return lines_.empty(); });
}

void living_messages::forget_all() {
  std::unordered_map<number, line> all;
  {
    auto guard = lock{lock_};
    all.swap(lines_);
    for (const auto& [which, one] : all)
      updates_.forget(which);
    updates_.take_time();
    armed_.reset();
  }
  for (auto& [which, one] : all)
    if (one.waiting) {
      one.result->failed = stopping;
      one.waiting.resume();
    }
}

// -- one of them --------------------------------------------------------------------------

void detail::living_line::show(outgoing_message what) {
  if (!what.attachments().empty())
    throw std::logic_error{"living_message: files are sent with a message, not with an update"};
  all_->show(which_, std::move(what));
}

task<message> detail::living_line::end(std::optional<outgoing_message> what) {
  if (std::exchange(over_, true))
    throw std::logic_error{"living_message: end was called before"};
  if (what && !what->attachments().empty())
    throw std::logic_error{"living_message: files are sent with a message, not with an update"};
  auto ended = co_await all_->end(which_, std::move(what));
  if (!ended.failed)
    co_return std::move(ended.newest);
  if (ended.failed->error != errc::not_entitled)
    throw request_failed{*ended.failed};
  send_message asked;
  asked.to = where_;
  asked.what = std::move(ended.last);
  asked.marker = marker_for(*event_, said_);
  asked.timeout = said_within;
  co_return value_of(co_await owner_.ask(std::move(asked)));
}

void detail::living_line::leave() noexcept {
  if (!std::exchange(over_, true))
    all_->break_off(which_);
}

living_message::living_message(std::shared_ptr<detail::living_line> line)
    : line_(std::move(line)) {}

living_message::living_message(living_message&&) noexcept = default;

living_message::~living_message() {
  if (line_)
    line_->leave();
}

void living_message::show(outgoing_message what) {
  text_.clear();
  line_->show(std::move(what));
}

void living_message::add(std::string_view text) {
  if (text.empty())
    return;
  text_ += text;
  line_->show(text_);
}

const std::string& living_message::text() const noexcept {
  return text_;
}

task<message> living_message::end() {
  return line_->end(std::nullopt);
}

task<message> living_message::end(outgoing_message what) {
  return line_->end(std::move(what));
}

task<living_message> chat::say_live(outgoing_message first) {
  auto shown = first;
  auto said = co_await say(std::move(first));
  co_return hearing::of(owner_).begin_living(*this, std::move(said), std::move(shown));
}

} // namespace tutti
