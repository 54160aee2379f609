// Hears events and writes them as lines.
#include <bot/command/listen/listen.hpp>

#include <bot/command/run/channel.hpp>
#include <bot/command/run/signals.hpp>
#include <bot/command/run/start_with_signals.hpp>
#include <bot/process/exit_status.hpp>

#include <tutti/bot.hpp>
#include <tutti/json_text.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>

namespace tutti::command {

namespace {

std::int64_t millis(std::chrono::system_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

std::string marks_of(const event& what) {
  std::string all;
  for (auto [on, word] : {std::pair{what.marks.late, "late"},
                          {what.marks.repeated, "repeated"},
                          {what.marks.caught_up, "caught_up"}})
    if (on)
      all.append(all.empty() ? "" : ",").append(json_text(word));
  return "[" + all + "]";
}

/// The facts of the event, the text of its message, and its payload as received.
std::string json_line(const event& what) {
  auto line = fmt::format(
      R"({{"type":{},"messageId":{},"timestamp":{},"streamId":{},"initiator":{{"userId":{},"displayName":{}}},"marks":{})",
      json_text(what.type), json_text(what.message_id), millis(what.at),
      json_text(what.stream.id.text()), what.initiator.id.value(),
      json_text(what.initiator.display_name), marks_of(what));
  if (what.kind == event_kind::message_sent || what.kind == event_kind::shared_post)
    line += fmt::format(R"(,"text":{})", json_text(what.message.text()));
  return line + fmt::format(R"(,"payload":{}}})", what.payload.empty() ? "null" : what.payload) +
         "\n";
}

std::string_view place_of(const event& what) {
  return what.stream.room_name.empty() ? what.stream.id.text() : what.stream.room_name;
}

/// For people: on one line, whatever is in it.
std::string plain_line(const event& what) {
  auto text = what.message.text();
  if (what.kind == event_kind::form_replied)
    text = what.form.form_id + " " + what.form.action;
  auto line = fmt::format(
      "{:%H:%M:%S} {}{}{} {}: {}", fmt::gmtime(std::chrono::system_clock::to_time_t(what.at)),
      what.type, what.marks.late ? " (late)" : "", what.marks.repeated ? " (repeated)" : "",
      what.initiator.display_name,
      what.message.id().empty() && text.empty() ? std::string{place_of(what)}
                                                : fmt::format("{} [{}]", text, place_of(what)));
  for (auto& c : line) // Nor does it write to the terminal what names may hold.
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      c = ' ';
  return line + "\n";
}

class listener {
public:
  explicit listener(const listen_options& options) : options_(options) {}

  int run() {
    auto settings = prepare(options_.common);
    if (!settings)
      return tell(settings.error());
    settings->journal.path.clear(); // A bot that runs has it open.
    settings->datafeed.tag =
        options_.tag.empty() ? settings->bot.username + "-listen" : options_.tag;
    settings->datahose.tag =
        options_.tag.empty() ? settings->datafeed.tag.substr(0, 80) : options_.tag;
    settings->life.start = start_policy::fail;
    settings->life.probe_interval = std::chrono::seconds{1};
    bot hears{std::move(*settings)};
    hears.on([this](const event& what) { return wanted(what); },
             [this](chat& where) { heard(where.event()); });
    const auto started = start_with_signals(hears, signals_, [] { std::_Exit(done); });
    if (!started)
      return tell(started.error());
    while (true) {
      std::array<pollfd, 2> ready{{{signals_.fd(), POLLIN, 0}, {over_.fd(), POLLIN, 0}}};
      ::poll(ready.data(), ready.size(), -1);
      if (!over_.take().empty() || signals_.take() != 0)
        break;
    }
    hears.stop();
    return status_;
  }

private:
  static int tell(const failure& why) {
    std::cerr << "tutti: " << why.detail << "\n";
    return exit_status_of(why);
  }

  bool wanted(const event& what) const {
    return options_.types.empty() || std::find(options_.types.begin(), options_.types.end(),
                                               what.type) != options_.types.end();
  }

  /// It is acknowledged once this returns; one that could not be written is not.
  void heard(const event& what) {
    auto guard = std::lock_guard{lock_};
    if (ended_)
      throw request_failed{{errc::shutting_down, "no more events were wanted", 0, {}}};
    const auto line = options_.json_lines ? json_line(what) : plain_line(what);
    if (std::fputs(line.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
      status_ = refused;
      end();
      throw request_failed{{errc::shutting_down, "standard output cannot be written", 0, {}}};
    }
    if (++written_ == options_.count)
      end();
  }

  void end() {
    ended_ = true;
    over_.put(0);
  }

  signals signals_; // Before any thread starts.
  const listen_options& options_;
  channel<int> over_;
  std::mutex lock_;
  std::size_t written_ = 0;
  bool ended_ = false;
  int status_ = done;
};

} // namespace

int run_listen(const listen_options& options) {
  return listener{options}.run();
}

} // namespace tutti::command
