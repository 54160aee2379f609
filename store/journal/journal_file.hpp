// The journal in a file of SQLite: what is done to it, without a thread.
#pragma once

#include <tutti/store.hpp>

#include <memory>
#include <string>

namespace tutti::store {

/// Used from one thread; every call may wait for the disk. What is between `begin` and `commit` is
/// kept together or not at all.
class journal_file {
public:
  /// Opens or makes it, and takes the lease. `misconfigured`: in use by another process, of another
  /// bot, of a newer layout, damaged, not to be written.
  static result<journal_file> open(const std::string& path, const journal_rules& rules,
                                   const std::string& holder);

  journal_file(journal_file&&) noexcept;
  journal_file& operator=(journal_file&&) noexcept;
  ~journal_file();

  journal_contents contents() const;

  /// `unreachable` with what SQLite says, when it cannot be written now.
  result<void> begin();
  result<void> commit();
  /// What has been done since `begin` has not been done.
  void roll_back();

  result<append_outcome> append(const store_lease& lease, const feed_position& at,
                                std::vector<new_event> events);
  result<std::vector<stored_event>> fetch(std::uint64_t after, std::size_t limit);
  result<void> end(const store_lease& lease, const std::vector<event_end>& ended,
                   std::chrono::system_clock::time_point now);
  result<std::vector<std::pair<std::string, std::string>>> state_of(const std::string& scope);
  result<timers_fired> fire_timers(const store_lease& lease,
                                   std::chrono::system_clock::time_point by, std::size_t limit);
  result<std::vector<dead_letter>> dead_letters(std::size_t limit);
  result<std::size_t> prune(std::chrono::system_clock::time_point now);

private:
  class impl;
  result<void> add(new_event&& what, append_outcome& into);
  result<bool> is_open(std::uint64_t number);
  result<bool> end_one(const event_end& what, std::chrono::system_clock::time_point now);
  bool keep(const event_end& what, std::chrono::system_clock::time_point now);
  result<std::vector<stored_timer>> timers_due(std::chrono::system_clock::time_point by,
                                               std::size_t limit);
  explicit journal_file(std::unique_ptr<impl> opened);
  std::unique_ptr<impl> impl_;
};

} // namespace tutti::store
