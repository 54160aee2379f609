// What the handlers of an event leave for its end.
#pragma once

#include <bot/hearing/scope_locks.hpp>

#include <tutti/chat.hpp>
#include <tutti/state.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::detail {

/// Of one chat.
class chat_work {
public:
  explicit chat_work(std::shared_ptr<scope_locks> locks) : locks_(std::move(locks)) {}
  chat_work(const chat_work&) = delete;
  chat_work& operator=(const chat_work&) = delete;
  ~chat_work() {
    for (const auto& each : held_)
      locks_->give_back(each);
  }

  /// A scope that no other handler has until this one is gone.
  void holds(std::string scope) { held_.push_back(std::move(scope)); }
  bool has(const std::string& scope) const {
    for (const auto& each : held_)
      if (each == scope)
        return true;
    return false;
  }
  scope_locks& locks() noexcept { return *locks_; }

  std::shared_ptr<state_cell> find(const std::string& scope, const std::string& name) const {
    for (const auto& each : cells_)
      if (each->scope == scope && each->name == name)
        return each;
    return nullptr;
  }
  void add(std::shared_ptr<state_cell> cell) { cells_.push_back(std::move(cell)); }

  /// Of the cells, what has changed. Throws `request_failed` for one that is too large.
  std::vector<state_change> changes() const {
    constexpr std::size_t most = 262'144;
    std::vector<state_change> all;
    for (const auto& each : cells_) {
      if (!each->text)
        continue;
      auto now = each->text();
      if (now == each->stored)
        continue;
      if (now && now->size() > most)
        refuse_state(*each, "it has " + std::to_string(now->size()) +
                                " bytes as JSON, and at most " + std::to_string(most) +
                                " are kept under a name");
      all.push_back({each->scope, each->name, std::move(now)});
    }
    return all;
  }

  /// Beside the cells.
  handling more;

private:
  std::shared_ptr<scope_locks> locks_;
  std::vector<std::string> held_;
  std::vector<std::shared_ptr<state_cell>> cells_;
};

} // namespace tutti::detail
