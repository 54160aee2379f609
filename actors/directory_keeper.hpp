// Keeps the directory in a file: read at start, written behind.
#pragma once

#include <actors/directory.hpp>

#include <tutti/log.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace tutti {

/// A thread of its own, for a disk may take its time. What the directory learns is written within
/// 200 ms; trouble with the file is logged when it begins and when it ends, and costs nothing but
/// the file. While the file is being read the directory fills, and what is not there yet is asked
/// for.
class directory_keeper {
public:
  /// `owner`: whose IMs they are, see store::im_file.
  directory_keeper(std::shared_ptr<directory> known, std::string path, std::string owner,
                   std::size_t capacity, logger log);
  /// Writes what is left.
  ~directory_keeper();

  directory_keeper(const directory_keeper&) = delete;
  directory_keeper& operator=(const directory_keeper&) = delete;

private:
  class work;

  void run();
  /// False when it is time to end.
  bool pause(std::chrono::milliseconds time);

  std::shared_ptr<directory> known_;
  std::string path_;
  std::string owner_;
  std::size_t capacity_;
  logger log_;
  std::mutex lock_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::thread thread_;
};

} // namespace tutti
