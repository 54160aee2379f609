// Keeps the directory in a file: read at start, written behind.
#pragma once

#include <actors/directory/directory.hpp>

#include <tutti/log.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace tutti {

/// A thread of its own, for a disk may take its time. What the directory learns is written within
/// 200 ms; trouble with the file is logged when it begins and when it ends, and costs nothing but
/// the file: it is tried again every five seconds, and read as soon as it can be. While the file is
/// being read the directory fills, and what is not there yet is asked for. A file that was deleted
/// or replaced is written again from what the directory knows.
class directory_keeper {
public:
  /// `owner`: whose IMs they are, see store::directory_file. What the file says lasts no longer
  /// than the `ttl` of the settings.
  directory_keeper(std::shared_ptr<directory> known, const directory_config& settings,
                   std::string owner, logger log);
  /// Writes what is left.
  ~directory_keeper();

  /// Waits until the file has been tried for the first time, but not beyond `until`: then what it
  /// held is known.
  void wait_until_read(std::chrono::steady_clock::time_point until);

  directory_keeper(const directory_keeper&) = delete;
  directory_keeper& operator=(const directory_keeper&) = delete;

  /// Writes what is left; false when that has not been done by `until`: the thread is left behind
  /// then, in a file that does not answer.
  bool end(std::chrono::steady_clock::time_point until) noexcept;

private:
  class work;
  std::shared_ptr<work> work_;
};

} // namespace tutti
