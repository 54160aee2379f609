// A service with threads of its own that opens an IM for each user id it reads. No actor in sight.
// usage: example-4_embed_in_service CONFIG < USER_IDS   (one a line; a pod may restart meanwhile)
#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <queue>
#include <thread>

/// What the service does anyway: jobs for its workers.
class job_queue {
public:
  void put(std::string job) {
    auto guard = std::lock_guard{lock_};
    jobs_.push(std::move(job));
    changed_.notify_one();
  }

  void close() {
    auto guard = std::lock_guard{lock_};
    closed_ = true;
    changed_.notify_all();
  }

  /// The next job; nothing when there will be no more.
  std::optional<std::string> take() {
    auto guard = std::unique_lock{lock_};
    changed_.wait(guard, [this] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty())
      return std::nullopt;
    auto job = std::move(jobs_.front());
    jobs_.pop();
    return job;
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  std::queue<std::string> jobs_;
  bool closed_ = false;
};

std::string open_im(tutti::bot& bot, const std::string& text) {
  auto user = tutti::user_id::parse(text);
  if (!user)
    return to_string(user.error());
  if (auto known = bot.find_im({*user})) // Read in this thread; costs next to nothing.
    return text + " known: " + to_string(*known);
  // The deadline is the service's own; within it the bot waits for a pod that is away.
  auto opened =
      bot.ask(tutti::create_im{.participants = {*user}}, {.timeout = std::chrono::seconds{30}})
          .get();
  return text + (opened ? " open: " + to_string(opened->stream) : " " + to_string(opened.error()));
}

int main(int argc, char** argv) try {
  if (argc != 2)
    throw std::invalid_argument{"usage: example-4_embed_in_service CONFIG < USER_IDS"};
  tutti::bot bot{tutti::config_file::load(argv[1]).value()};
  bot.start().value();

  job_queue jobs;
  std::mutex output;
  auto work = [&] {
    while (auto job = jobs.take()) {
      auto line = open_im(bot, *job);
      auto guard = std::lock_guard{output};
      std::cout << line << std::endl;
    }
  };
  std::vector<std::jthread> workers(4);
  for (auto& each : workers)
    each = std::jthread{work};
  for (std::string line; std::getline(std::cin, line);)
    jobs.put(line);
  jobs.close();
  workers.clear();

  auto seen = bot.health();
  std::cout << "health: " << to_string(seen.state) << std::endl;
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 1;
}
