// One IM that `tutti im open` opens, from its users' names to its end.
#pragma once

#include <bot/command/lines.hpp>

#include <tutti/errc.hpp>
#include <tutti/ids.hpp>
#include <tutti/protocol/im.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tutti::command {

struct found_user {
  user_id id;
  /// On the caller's own pod.
  bool same_pod = false;
};

/// Shared by the continuations that carry it on; `over` ends them all.
struct job {
  using clock = std::chrono::steady_clock;

  std::vector<std::string> given;
  std::vector<user_id> ids;
  /// Users that have no id yet.
  std::size_t without_id = 0;
  /// All were found on the caller's own pod.
  bool same_pod = true;
  /// What is known to be wrong with it before its turn has come.
  std::optional<failure> flaw;
  clock::time_point due;
  call_ticket ticket;
  const char* doing = "looking users up";
  bool begun = false;
  bool over = false;

  void add(const found_user& found) {
    ids.push_back(found.id);
    same_pod = same_pod && found.same_pod;
  }

  /// What is left of its time.
  std::chrono::milliseconds left() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::max(due - clock::now(), clock::duration{0}));
  }

  /// Its time, `timeout`, is over. `troubles`: what is known to be wrong with the bot.
  failure too_late(std::chrono::milliseconds timeout, const std::string& troubles) const {
    return {errc::deadline_exceeded,
            std::string{doing} + ": no answer from the pod within " +
                std::to_string(timeout.count()) + " ms" + troubles +
                " (--timeout); tutti doctor looks at each part",
            0,
            {}};
  }

  /// Each once, sorted, without `own`. While a name has no id, all users are reported as they were
  /// given.
  std::vector<participant> participants(std::optional<user_id> own) const {
    std::set<user_id> each{ids.begin(), ids.end()};
    if (own)
      each.erase(*own);
    std::vector<participant> all{each.begin(), each.end()};
    if (without_id > 0 || each.empty())
      all.assign(given.begin(), given.end());
    return all;
  }
};

using job_ptr = std::shared_ptr<job>;

} // namespace tutti::command
