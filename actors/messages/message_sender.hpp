// The half of the messages actor that sends: carries out what a send_course decides.
#pragma once

#include <actors/loop/resident.hpp>
#include <actors/messages/file_reader.hpp>
#include <actors/messages/random_words.hpp>
#include <actors/messages/send_course.hpp>
#include <actors/messages/stream_pace.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/history_pages.hpp>
#include <actors/requests/tick.hpp>
#include <actors/telemetry/telemetry.hpp>
#include <base/containers/slab.hpp>
#include <wire/agent/messages.hpp>

#include <tutti/config.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/messages.hpp>

#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

using messages_base =
    resident<messages_actor::extend<caf::reacts_to<tick>, caf::reacts_to<run_here>>>;

class message_sender : public messages_base {
public:
  message_sender(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
                 const tutti::config& settings, http_actor http, logger log,
                 std::shared_ptr<telemetry> life, std::uint64_t seed)
      : messages_base(cfg, unit), files_(unit != nullptr), http_(std::move(http)), words_(seed),
        patience_(settings.host_of(service::agent).read_timeout.count() == 0
                      ? std::chrono::hours{24}
                      : settings.host_of(service::agent).read_timeout),
        marks_(settings.outbox.marker == outbox_marker::data),
        own_name_(settings.bot.username + "@" + settings.host_of(service::pod).host),
        pace_(settings.outbox.per_stream), log_(std::move(log)), telemetry_(std::move(life)) {}

protected:
  /// When the actor begins.
  void begin_sending() { started_ = now(); }

  caf::delegated<message> on_send(send_message&& asked) {
    begin(std::move(asked), {}, true);
    return {};
  }

  caf::delegated<message> on_update(update_message&& asked) {
    send_message made{asked.as,      asked.in, std::move(asked.what), std::move(asked.marker),
                      asked.timeout, {}};
    begin(std::move(made), std::move(asked.id), asked.silent);
    return {};
  }

  void on_cancel(call_ticket ticket) {
    for (auto id : sends_.ids()) {
      const auto* one = sends_.find(id);
      if (one->asked.ticket != ticket)
        continue;
      caf::anon_send(http_, cancel_call{one->call});
      fail(id,
           {errc::cancelled, "the send was taken back; whether it was sent is not known", 0, {}});
    }
  }

  /// On a tick.
  void go_on_sending() {
    waits_.on_tick(this, now(), [this](auto id) { waited(id); });
  }

  /// On exit.
  void end_sending() {
    files_.close();
    for (auto id : sends_.ids())
      fail(id, ending());
    http_ = nullptr;
  }

  file_reader files_;
  http_actor http_;
  random_words words_;

private:
  using send_id = std::uint64_t;

  /// A message on its way.
  struct sending {
    send_message asked;
    /// The message that it replaces; empty: it is new.
    std::string replaces;
    bool silent = true;
    unique_promise<message> reply;
    send_course course;
    std::vector<wire::form_content::file> files;
    timer_wheel::time_point began;
    std::chrono::milliseconds patience;
    /// Of the call under way.
    call_ticket call;
    failure last{};
    std::optional<history_pages> looking{};
    /// When the search began.
    std::chrono::milliseconds looked_at{0};
    /// It has a turn in its stream, and waits for it.
    bool in_turn = false;
    /// Who asked for the same.
    std::vector<unique_promise<message>> others{};
  };

  // -- sending ------------------------------------------------------------------

  void begin(send_message&& asked, std::string replaces, bool silent) {
    auto reply = take_promise<message>();
    const auto marked = marks_ && wire::takes_marker(asked.what.data());
    auto& mark = asked.marker;
    if (!marked)
      mark.text.clear();
    else // Two bots may answer one message with the same number: each finds its own.
      mark.text = (asked.as.is_bot() ? own_name_ : to_string(asked.as)) + " " +
                  (mark.text.empty() ? words_.next() : mark.text);
    if (auto* same = mark.doubtful ? sending_with(mark.text) : nullptr)
      return same->others.push_back(std::move(reply)); // Of a handler that has failed since.
    if (mark.since == std::chrono::system_clock::time_point{})
      mark.since = std::chrono::system_clock::now() - clock_difference;
    const auto patience = asked.timeout.count() > 0 ? asked.timeout : patience_;
    auto attachments = asked.what.attachments();
    send_course course{marked, sent_before(mark), patience};
    auto id = sends_.insert({std::move(asked),
                             std::move(replaces),
                             silent,
                             std::move(reply),
                             course,
                             {},
                             now(),
                             patience,
                             {}});
    files_.read(this, std::move(attachments),
                [this, id](result<message_files> read) { on_files(id, std::move(read)); });
  }

  /// Null for an empty mark.
  sending* sending_with(const std::string& mark) {
    for (auto id : sends_.ids())
      if (auto* one = sends_.find(id); !mark.empty() && one->asked.marker.text == mark)
        return one;
    return nullptr;
  }

  /// What an earlier process or core has sent may still arrive for this time.
  std::optional<std::chrono::milliseconds> sent_before(const send_marker& mark) {
    if (!mark.doubtful)
      return std::nullopt;
    const auto lives = std::chrono::duration_cast<std::chrono::milliseconds>(now() - *started_);
    return std::max(still_on_its_way - lives, std::chrono::milliseconds{0});
  }

  void on_files(send_id id, result<message_files> read) {
    auto* one = sends_.find(id);
    if (!one)
      return;
    if (!read)
      return fail(id, read.error());
    one->files = std::move(*read);
    carry_out(id, one->course.begin());
  }

  void carry_out(send_id id, send_course::next step) {
    auto& one = *sends_.find(id);
    switch (step.then) {
    case send_course::action::send:
      return send_in_turn(id);
    case send_course::action::look:
      one.looking.emplace(one.asked.marker.since, longest_look);
      one.looked_at = passed(one);
      return look(id);
    case send_course::action::wait:
      waits_.keep(this, now() + step.wait, id);
      return;
    case send_course::action::fail:
      return fail(id, given_up(one));
    case send_course::action::done: // Both ways to it answer themselves.
      return;
    }
  }

  static failure given_up(const sending& one) {
    auto why = one.last;
    if (one.course.in_doubt())
      why.detail += "; whether the message was sent is not known";
    return why;
  }

  void waited(send_id id) {
    auto* one = sends_.find(id);
    if (!one)
      return;
    if (std::exchange(one->in_turn, false))
      return send_now(id);
    carry_out(id, one->course.waited());
  }

  std::chrono::milliseconds passed(const sending& one) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now() - one.began);
  }

  http_call call_of(sending& one, http_request request) {
    auto call = to_agent(one.asked.as, std::move(request));
    call.ticket = one.call = call_ticket::next();
    call.timeout = std::clamp(one.patience - passed(one), std::chrono::milliseconds{1}, patience_);
    return call;
  }

  void send_in_turn(send_id id) {
    auto& one = *sends_.find(id);
    const auto wait = pace_.wait(one.asked.to, now());
    if (passed(one) + wait >= one.patience)
      return fail(id, {errc::rate_limited,
                       "outbox.perStream: so many messages wait for their turn in this stream that "
                       "this one's comes after its deadline",
                       0, "per_stream"});
    pace_.take(one.asked.to, now());
    if (wait <= wait.zero())
      return send_now(id);
    one.in_turn = true;
    waits_.keep(this, now() + wait, id);
  }

  void send_now(send_id id) {
    auto& one = *sends_.find(id);
    wire::form_content what;
    what.messageml = one.asked.what.messageml();
    what.data = one.asked.marker.text.empty()
                    ? one.asked.what.data()
                    : wire::with_marker(one.asked.what.data(), one.asked.marker.text);
    what.files = one.files;
    const auto boundary = "tutti" + words_.next();
    auto request = one.replaces.empty() ? wire::create_message(one.asked.to, what, boundary)
                                        : wire::update_message(one.asked.to, one.replaces, what,
                                                               one.silent, boundary);
    ask(
        http_, call_of(one, std::move(request)),
        [this, id](const http_response& response) {
          auto* sent = sends_.find(id);
          if (!sent)
            return;
          auto read = wire::read_sent(sent->replaces.empty() ? "send" : "update", response);
          if (!read)
            return send_failed(id, read.error());
          settle(id, std::move(*read));
        },
        [this, id](const caf::error& why) { send_failed(id, to_failure(why)); });
  }

  void send_failed(send_id id, const failure& why) {
    auto* one = sends_.find(id);
    if (!one)
      return;
    one->last = why;
    auto step = one->course.send_failed(why, passed(*one));
    if (step.then == send_course::action::wait) {
      telemetry_->said.repeated.add();
      log_.info("send_repeated",
                {{"in_doubt", one->course.in_doubt() ? "yes" : "no"}, {"why", to_string(why)}});
    }
    carry_out(id, step);
  }

  // -- searching ------------------------------------------------------------------

  void look(send_id id) {
    auto& one = *sends_.find(id);
    auto request = wire::list_messages(one.asked.to, one.looking->since(), std::nullopt,
                                       one.looking->skip(), one.looking->size());
    ask(
        http_, call_of(one, std::move(request)),
        [this, id](const http_response& response) { looked(id, wire::read_messages(response)); },
        [this, id](const caf::error& why) { looked(id, to_failure(why)); });
  }

  void looked(send_id id, result<std::vector<message>> page) {
    auto* one = sends_.find(id);
    if (!one)
      return;
    if (!page) {
      one->last = page.error();
      return carry_out(id, one->course.look_failed(page.error(), passed(*one)));
    }
    for (auto& each : *page)
      if (wire::has_marker(each.data(), one->asked.marker.text)) {
        log_.info("send_found", {{"message", each.id()}});
        telemetry_->said.found.add();
        one->course.looked(true, one->looked_at);
        return settle(id, std::move(each));
      }
    one->looking->came(*page);
    if (one->looking->size() > 0)
      return look(id);
    carry_out(id, one->course.looked(false, one->looked_at));
  }

  // -- the end of a send -----------------------------------------------------------

  void settle(send_id id, message&& made) {
    telemetry_->said.sent.add();
    auto one = sends_.take(id);
    for (auto& each : one->others)
      each.answer(this, message{made});
    one->reply.answer(this, std::move(made));
  }

  void fail(send_id id, const failure& why) {
    if (auto one = sends_.take(id)) {
      telemetry_->said.failed.add();
      for (auto& each : one->others)
        each.fail(this, why);
      one->reply.fail(this, why);
    }
  }

  /// The agent's clock and ours may differ by so much.
  static constexpr std::chrono::minutes clock_difference{10};
  /// Messages that are searched for one.
  static constexpr std::size_t longest_look = 20'000;
  /// How long a request of a process that has ended may take to be carried out.
  static constexpr std::chrono::milliseconds still_on_its_way{5'000};

  std::chrono::milliseconds patience_;
  bool marks_;
  /// Of the bot, in its marks.
  std::string own_name_;
  stream_pace pace_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  std::optional<timer_wheel::time_point> started_;
  slab<sending> sends_;
  ticking_timers waits_;
};

} // namespace tutti
