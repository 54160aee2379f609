// Askers that want many IMs at once, and what must hold of their answers.
#pragma once

#include <tests/simulation/kit/chance.hpp>
#include <tests/simulation/kit/event_queue.hpp>
#include <tests/simulation/kit/trace.hpp>
#include <tests/simulation/opening/setup.hpp>

#include <tutti/core.hpp>
#include <tutti/protocol/bulk.hpp>
#include <tutti/testing/virtual_system.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::simulation {

class bulks {
public:
  /// Of the world: `object` reports what must not be; `of` is the core it has at the moment.
  struct surroundings {
    testing::virtual_system& system;
    chance& luck;
    event_queue& events;
    trace& log;
    const people& all;
    const core& of;
    std::function<void(std::string)> object;
  };

  explicit bulks(surroundings where) : where_(std::move(where)) {}

  /// One asks now; it may be cancelled until `latest`.
  void ask(std::chrono::microseconds latest) {
    auto one = std::make_shared<bulk>();
    all_.push_back(one);
    open_ims asked;
    asked.as = where_.luck.one_of(where_.all.identities);
    one->sets = where_.luck.below(8);
    for (std::size_t i = 0; i < one->sets; ++i)
      asked.sets.push_back({where_.luck.one_of(where_.all.users)});
    asked.at_once = where_.luck.below(4);
    asked.ticket = call_ticket::next();
    one->watcher = where_.system.system.spawn([one]() -> bulk_watcher::behavior_type {
      return {[one](const im_settled&) { ++one->watched; }};
    });
    asked.watcher = one->watcher;
    where_.log.add([&] { return "a bulk        asks for " + std::to_string(one->sets) + " IMs"; });
    one->asker = where_.system.system.spawn(
        [this, one, asked, to = where_.of.bulk](caf::event_based_actor* self) {
          self->request(to, caf::infinite, asked)
              .then([this, one](const ims_opened& answer) { answered(*one, answer); },
                    [one](const caf::error&) { ++one->answers; }); // The bot was stopped before.
        });
    if (where_.luck.percent(20))
      where_.events.at(
          where_.system.scheduler().clock().now() + where_.luck.up_to(latest),
          [this, ticket = asked.ticket] { caf::anon_send(where_.of.bulk, cancel_bulk{ticket}); });
  }

  /// IMs asked for.
  std::size_t sets() const {
    std::size_t count = 0;
    for (const auto& each : all_)
      count += each->sets;
    return count;
  }

  /// After the end of the bot.
  void inspect() const {
    for (const auto& each : all_) {
      if (each->answers != 1)
        where_.object("a bulk was answered " + std::to_string(each->answers) + " times");
      if (each->watched > each->sets)
        where_.object("the watcher of a bulk heard of an IM twice");
    }
  }

  /// All that may still live.
  std::vector<caf::actor> actors() const {
    std::vector<caf::actor> found;
    for (const auto& each : all_) {
      found.push_back(caf::actor_cast<caf::actor>(each->watcher));
      found.push_back(each->asker);
    }
    return found;
  }

  /// Keeps none of them any longer; the watchers, which do not end by themselves.
  std::vector<caf::actor> release() {
    std::vector<caf::actor> watchers;
    for (const auto& each : all_) {
      watchers.push_back(caf::actor_cast<caf::actor>(std::exchange(each->watcher, nullptr)));
      each->asker = nullptr;
    }
    return watchers;
  }

private:
  struct bulk {
    caf::actor asker;
    bulk_watcher watcher;
    std::size_t sets = 0;
    std::size_t watched = 0;
    int answers = 0;
  };

  void answered(bulk& one, const ims_opened& all) {
    where_.log.add([] { return "a bulk        is answered"; });
    ++one.answers;
    if (all.outcomes.size() != one.sets)
      where_.object("a bulk is answered for another number of IMs than it asked for");
    for (const auto& each : all.outcomes)
      if (!each.opened && each.refused.detail.empty())
        where_.object("an IM of a bulk is neither open nor refused");
  }

  surroundings where_;
  std::vector<std::shared_ptr<bulk>> all_;
};

} // namespace tutti::simulation
