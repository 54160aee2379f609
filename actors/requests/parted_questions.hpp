// A question too large for one call: asked in parts, answered when all of them have been.
#pragma once

#include <actors/requests/batch.hpp>
#include <base/containers/slab.hpp>

#include <tutti/protocol/error.hpp>

#include <caf/actor_cast.hpp>
#include <caf/typed_response_promise.hpp>

#include <utility>
#include <vector>

namespace tutti {

/// What is asked for, in parts of `limit` at most, each of which fits into a query.
template <class Asked>
std::vector<Asked> parts_of(const Asked& asked, std::size_t limit) {
  using item = std::remove_cvref_t<decltype(*items_of(asked).begin())>;
  std::vector<Asked> parts;
  std::set<item> part;
  std::size_t bytes = 0;
  for (const auto& each : items_of(asked)) {
    if (!part.empty() && (part.size() == limit || bytes + bytes_of(each) > most_query_bytes)) {
      parts.push_back(together(std::exchange(part, {})));
      bytes = 0;
    }
    part.insert(each);
    bytes += bytes_of(each);
  }
  if (!part.empty())
    parts.push_back(together(std::move(part)));
  return parts;
}

/// Part of an actor: the questions whose parts are under way.
template <class Answer>
class parted_questions {
public:
  using promise = caf::typed_response_promise<Answer>;

  /// Asks the actor itself each of `parts`; `merge(all, part)` puts their answers together. The
  /// first failure is the answer.
  template <class Handle, class Self, class Question, class Merge>
  promise ask(Self* self, std::vector<Question> parts, Merge merge) {
    auto asker = self->template make_response_promise<promise>();
    if (parts.empty()) {
      asker.deliver(Answer{});
      return asker;
    }
    auto id = waiting_.insert({asker, {}, parts.size()});
    for (auto& each : parts)
      self->request(caf::actor_cast<Handle>(self), caf::infinite, std::move(each))
          .then(
              [this, id, merge](Answer& part) {
                auto* all = waiting_.find(id);
                if (!all)
                  return;
                merge(all->answer, part);
                if (--all->left == 0) {
                  auto done = waiting_.take(id);
                  done->asker.deliver(std::move(done->answer));
                }
              },
              [this, id](const caf::error& why) {
                if (auto failed = waiting_.take(id))
                  failed->asker.deliver(why);
              });
    return asker;
  }

  /// To be called on exit: answers all who wait.
  void end(const failure& why) {
    for (auto id : waiting_.ids())
      waiting_.take(id)->asker.deliver(to_error(why));
  }

private:
  struct question {
    promise asker;
    Answer answer;
    std::size_t left = 0;
  };

  slab<question> waiting_;
};

/// Puts sets of users together.
inline void merge_users(participant_set& all, const participant_set& more) {
  std::vector<user_id> both{all.users().begin(), all.users().end()};
  both.insert(both.end(), more.users().begin(), more.users().end());
  all = participant_set::of(both);
}

} // namespace tutti
