// Finds, makes and ends the actors of `bot::listen`.
#include <bot/hearing/stream_actors.hpp>

#include <tutti/bot.hpp>

#include <caf/send.hpp>

namespace tutti {

namespace {

bool has_ended(const conversation_actor& whom) {
  return caf::actor_cast<caf::abstract_actor*>(whom)->getf(caf::abstract_actor::is_terminated_flag);
}

} // namespace

conversation_actor stream_actors::take(bot& owner, const std::string& stream) {
  const auto now = owner.system().clock().now();
  {
    auto guard = std::lock_guard{lock_};
    auto found = places_.find(stream);
    if (found != places_.end() && has_ended(found->second->whom)) { // By itself.
      all_.erase(found->second);
      places_.erase(found);
      found = places_.end();
    }
    if (found != places_.end()) {
      found->second->busy = true;
      found->second->heard = now;
      all_.splice(all_.end(), all_, found->second);
      end_idle(now);
      return found->second->whom;
    }
  }
  // Outside of the lock: the author's constructor runs. A stream has one handler at a time.
  const auto handles = owner.handles();
  auto made = make_(owner.system(), {handles.im, handles.messages, {}});
  auto guard = std::lock_guard{lock_};
  all_.push_back({stream, made, now, true});
  places_.emplace(stream, std::prev(all_.end()));
  end_idle(now);
  return made;
}

void stream_actors::end_idle(std::chrono::steady_clock::time_point now) {
  for (auto each = all_.begin(); each != all_.end();) {
    if (all_.size() <= rules_.most && each->heard + rules_.idle > now)
      return;
    if (each->busy) {
      ++each;
      continue;
    }
    caf::anon_send(each->whom, close_conversation{});
    places_.erase(each->stream);
    each = all_.erase(each);
  }
}

void stream_actors::give_back(const std::string& stream, const conversation_actor& whom) {
  auto guard = std::lock_guard{lock_};
  auto found = places_.find(stream);
  if (found == places_.end() || found->second->whom != whom)
    return;
  found->second->busy = false;
}

/// It has failed: the next attempt gets another one.
void stream_actors::drop(const std::string& stream, const conversation_actor& whom) {
  auto guard = std::lock_guard{lock_};
  auto found = places_.find(stream);
  if (found == places_.end() || found->second->whom != whom)
    return;
  all_.erase(found->second);
  places_.erase(found);
}

task<> stream_actors::hear(chat& where) {
  const std::string stream{where.stream().id.text()};
  auto whom = take(where.bot(), stream);
  const ask_options options{said_within};
  hear_message asked{where.shared_event(), where.bot().handles().messages, where.said_};
  auto heard = co_await where.bot().ask(whom, std::move(asked), options);
  if (heard) {
    where.said_ = heard->said;
    give_back(stream, whom);
    co_return;
  }
  drop(stream, whom);
  caf::anon_send(whom, close_conversation{});
  throw request_failed{heard.error()};
}

void stream_actors::end_all() {
  auto guard = std::lock_guard{lock_};
  for (auto& each : all_)
    caf::anon_send_exit(each.whom, caf::exit_reason::user_shutdown);
  places_.clear();
  all_.clear();
}

} // namespace tutti
