// Reads, hands over to the opener, writes; Ctrl-C, input and results meet in one poll().
#include <bot/command/open/im_open.hpp>

#include <bot/command/open/line_reader.hpp>
#include <bot/command/open/opener.hpp>
#include <bot/command/run/channel.hpp>
#include <bot/command/run/process.hpp>
#include <bot/command/run/signals.hpp>
#include <bot/process/exit_status.hpp>

#include <tutti/bot.hpp>
#include <tutti/by_name.hpp>

#include <caf/send.hpp>

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <utility>
#include <vector>

namespace tutti::command {

namespace {

std::string words_of(const health& seen) {
  std::string text;
  for (const auto& each : seen.troubles)
    text += "; " + each.what + ": " + each.why;
  return text;
}

/// Of the input; no IM has so many users.
constexpr std::size_t longest_line = std::size_t{1} << 20;

class opening {
public:
  explicit opening(const im_open_options& options)
      : options_(options), terminal_(::isatty(STDERR_FILENO) == 1) {}

  int run() {
    auto settings = prepare(options_.common, options_.timeout);
    if (!settings)
      return only(settings.error());
    // A call that goes on is in the way of the next one. A moment longer than the IM's own
    // deadline, which is met first then and says more.
    const auto longest = options_.timeout + std::chrono::milliseconds{500};
    for (auto& host : settings->hosts)
      if (host.read_timeout.count() == 0 || host.read_timeout > longest)
        host.read_timeout = longest;
    auto has_bot = !settings->bot.username.empty();
    bot running{std::move(*settings)};
    if (auto started = running.start(); !started)
      return only(started.error());
    auto as = identity_of(running);
    if (!as)
      return only(as.error());
    opener_ = spawn_opener(
        running.system(), running.handles(),
        {options_.admin ? im_form::admin : im_form::inclusive, *as, has_bot ? identity{} : *as,
         options_.concurrency, time_left(),
         [&running, as = *as, form = options_.admin ? im_form::admin : im_form::inclusive](
             const auto& users) { return running.find_im(users, as, form).has_value(); },
         [this](opened_or_not one) { results_.put(std::move(one)); },
         [&running] { return words_of(running.health()); }});
    if (options_.json_lines) {
      input_open_ = true;
    } else {
      collect(options_.users);
      submit();
    }
    while (input_open_ || outstanding_ > 0)
      wait();
    clear_progress();
    caf::anon_send_exit(opener_, caf::exit_reason::user_shutdown);
    opener_ = nullptr;
    leave_within(std::chrono::seconds{1}, status_);
    if (interrupted_)
      fmt::print(stderr, "interrupted: {} opened, {} not\n", opened_, failed_);
    return status_;
  }

private:
  /// In whose name IMs are opened.
  result<identity> identity_of(bot& running) {
    if (options_.as.empty())
      return identity{};
    return running.run(find_given_identity(running, options_.as, options_.timeout)).get();
  }

  /// For each IM. What is given on the command line begins at once, so it has what is left of the
  /// time; lines that come later have all of it.
  std::chrono::milliseconds time_left() const {
    if (options_.json_lines)
      return options_.timeout;
    // Counted in whole tenths of a second, because messages quote the time.
    auto gone = std::chrono::floor<std::chrono::duration<std::int64_t, std::deci>>(
        std::chrono::steady_clock::now() - began_);
    return std::max<std::chrono::milliseconds>(options_.timeout - gone,
                                               std::chrono::milliseconds{1});
  }

  int only(const failure& why) {
    write({{}, std::nullopt, why});
    return status_;
  }

  void collect(const std::vector<std::string>& users) {
    if (!options_.each)
      return collected_.push_back(users);
    for (const auto& user : users)
      collected_.push_back({user});
  }

  void submit() {
    outstanding_ += collected_.size();
    if (!collected_.empty())
      caf::anon_send(opener_, open_all{std::exchange(collected_, {})});
  }

  // -- waiting ------------------------------------------------------------------

  void wait() {
    // No more is read than can be worked on soon.
    auto thirsty = input_open_ && outstanding_ < 2 * options_.concurrency;
    std::array<pollfd, 3> sources{{{results_.fd(), POLLIN, 0},
                                   {signals_.fd(), POLLIN, 0},
                                   {thirsty ? STDIN_FILENO : -1, POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), terminal_ ? 200 : -1);
    if (sources[0].revents)
      for (const auto& each : results_.take()) {
        --outstanding_;
        write(each);
      }
    if (sources[1].revents && signals_.take())
      on_interrupt();
    if (sources[2].revents)
      read();
    show_progress();
  }

  void on_interrupt() {
    input_open_ = false;
    interrupted_ = true;
    status_ = std::max<int>(status_, refused);
    caf::anon_send(opener_, give_up{});
  }

  // -- input --------------------------------------------------------------------

  void read() {
    std::array<char, 65'536> buffer;
    auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    auto take = [this](std::string_view line, bool whole) { take_line(line, whole); };
    if (count > 0) {
      input_.add({buffer.data(), static_cast<std::size_t>(count)}, take);
      return submit();
    }
    input_open_ = false;
    if (count < 0)
      write({{},
             std::nullopt,
             {errc::invalid_participants,
              std::string{"standard input cannot be read ("} + std::strerror(errno) + ")", 0,
              usage_code}});
    input_.end(take);
    submit();
  }

  void take_line(std::string_view line, bool whole) {
    ++line_;
    if (!whole)
      return write({{},
                    std::nullopt,
                    {errc::invalid_participants,
                     fmt::format("standard input:{}: the line is longer than {} bytes; an IM takes "
                                 "few users, and each IM a line",
                                 line_, longest_line),
                     0, usage_code}});
    if (line.find_first_not_of(" \t\r") == line.npos)
      return;
    auto users = read_users(line, fmt::format("standard input:{}", line_));
    if (users)
      collect(*users);
    else
      write({{}, std::nullopt, users.error()});
  }

  // -- output -------------------------------------------------------------------

  void write(const opened_or_not& one) {
    clear_progress();
    ++(one.opened ? opened_ : failed_);
    if (one.opened) {
      if (!(std::cout << to_line(one) << std::flush) && !std::exchange(deaf_, true)) {
        std::cerr << "tutti: standard output cannot be written (" << std::strerror(errno)
                  << "); what is open is told nowhere\n";
        status_ = std::max<int>(status_, refused);
      }
      return;
    }
    std::cerr << to_line(one) << std::flush;
    status_ = std::max<int>(status_, exit_status_of(one.why));
  }

  /// A line that overwrites itself, on a terminal only.
  void show_progress() {
    auto now = std::chrono::steady_clock::now();
    if (!terminal_ || outstanding_ == 0 || now - began_ < std::chrono::seconds{1})
      return;
    fmt::print(stderr, "\r{} opened, {} not, {} under way, {:.0f} s\033[K", opened_, failed_,
               outstanding_, std::chrono::duration<double>(now - began_).count());
    std::fflush(stderr);
    shown_ = true;
  }

  void clear_progress() {
    if (std::exchange(shown_, false)) {
      std::fputs("\r\033[K", stderr);
      std::fflush(stderr);
    }
  }

  const im_open_options& options_;
  const bool terminal_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  signals signals_; // First: the threads of the bot inherit what it blocks.
  channel<opened_or_not> results_;
  caf::actor opener_;
  /// Read and not handed over yet.
  std::vector<std::vector<std::string>> collected_;
  bool input_open_ = false;
  line_reader input_{longest_line};
  std::size_t line_ = 0;
  std::size_t outstanding_ = 0;
  std::size_t opened_ = 0;
  std::size_t failed_ = 0;
  bool interrupted_ = false;
  bool shown_ = false;
  /// Standard output takes no more.
  bool deaf_ = false;
  int status_ = done;
};

} // namespace

int run_im_open(const im_open_options& options) {
  return opening{options}.run();
}

} // namespace tutti::command
