// Known IMs in a file (SQLite), so that a bot that starts again need not ask for them.
#pragma once

#include <tutti/identity.hpp>
#include <tutti/participants.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace tutti::store {

/// One IM as it is kept; without a stream: it is to be forgotten.
struct im_row {
  identity as;
  im_form form = im_form::inclusive;
  participant_set users;
  std::optional<stream_id> stream;
  std::chrono::system_clock::time_point expires;
};

/// One owner's rows in a file that several owners may share, several processes too. Journal: WAL,
/// so that a process which is ended at any moment leaves a file that is whole. Used from one
/// thread; every call may wait for the disk.
class directory_file {
public:
  /// Opens or makes the file; `owner` names the account whose IMs these are (host and user name:
  /// stream ids of one pod mean nothing to another). Fails with `errc::misconfigured`.
  static result<directory_file> open(const std::string& path, const std::string& owner);

  directory_file(directory_file&&) noexcept;
  directory_file& operator=(directory_file&&) noexcept;
  ~directory_file();

  /// Whether its path still names this file: not once it has been deleted or replaced.
  bool is_in_place() const;

  /// Shortens what lasts longer than `latest`: it was written by a clock that was ahead.
  result<void> clamp(std::chrono::system_clock::time_point latest);

  /// Visits at most `most` rows that have not expired, those that last longest first.
  result<void> load(std::size_t most, std::chrono::system_clock::time_point now,
                    const std::function<void(im_row&&)>& visit);

  /// The owner's own user id, once `owner_is` has set it: without it no row can be looked up.
  std::optional<user_id> owner_id() const;
  result<void> owner_is(user_id user);

  /// Writes all of them or none. The failure names the file and what SQLite says.
  result<void> write(std::span<const im_row> rows);

  /// Drops what has expired, and what is more than `most` rows.
  result<void> prune(std::size_t most, std::chrono::system_clock::time_point now);

private:
  class impl;
  explicit directory_file(std::unique_ptr<impl> made);
  std::unique_ptr<impl> impl_;
};

} // namespace tutti::store
