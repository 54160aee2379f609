// The messages actor: carries out what a send_course decides, and reads histories page by page.
#include <actors/messages/messages.hpp>

#include <actors/loop/resident.hpp>
#include <actors/messages/history_pages.hpp>
#include <actors/messages/send_course.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/tick.hpp>
#include <wire/agent/messages.hpp>

#include <base/threads/job_door.hpp>
#include <base/threads/off_thread.hpp>

#include <caf/send.hpp>

#include <functional>
#include <map>
#include <random>

namespace tutti {

/// Tell, to itself: the files of a message have been read.
struct files_read {
  std::function<void()> take;
};

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::files_read)

namespace tutti {

namespace {

using messages_base =
    resident<messages_actor::extend<caf::reacts_to<tick>, caf::reacts_to<files_read>>>;

class messages_impl final : public messages_base {
public:
  messages_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
                const tutti::config& settings, http_actor http, logger log, std::uint64_t seed)
      : messages_base(cfg, std::move(unit)),
        patience_(settings.host_of(service::agent).read_timeout.count() == 0
                      ? std::chrono::hours{24}
                      : settings.host_of(service::agent).read_timeout),
        marks_(settings.outbox.marker == outbox_marker::data), http_(std::move(http)),
        log_(std::move(log)), random_(seed) {}

  const char* name() const override { return "tutti.messages"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](send_message& asked) { return on_send(std::move(asked)); },
        [this](cancel_send what) { on_cancel(what.ticket); },
        [this](update_message& asked) { return on_update(std::move(asked)); },
        [this](const suppress_message& asked) { return on_suppress(asked); },
        [this](const get_message& asked) { return on_get(asked); },
        [this](const list_messages& asked) { return on_list(asked); },
        [this](const read_attachment& asked) { return on_attachment(asked); },
        [this](blast_message& asked) { return on_blast(std::move(asked)); },
        [](files_read& what) { what.take(); },
        [this](tick) { waits_.on_tick(this, now(), [this](auto id) { waited(id); }); },
    };
  }

  void on_exit() override {
    if (door_)
      door_->close();
    for (auto id : sends_.ids())
      fail(id, ending());
    suppressions_.end(ending());
    finds_.end(ending());
    attachments_.end(ending());
    for (auto id : lists_.ids())
      fail_list(id, ending());
    for (auto& [id, each] : blasts_)
      each.reply.fail(this, ending());
    http_ = nullptr;
  }

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
  };

  // -- sending ------------------------------------------------------------------

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

  void begin(send_message&& asked, std::string replaces, bool silent) {
    auto reply = take_promise<message>();
    const auto marked = marks_ || !asked.marker.text.empty();
    if (marked && asked.marker.text.empty())
      asked.marker.text = "t" + word() + word();
    if (asked.marker.since == std::chrono::system_clock::time_point{})
      asked.marker.since = std::chrono::system_clock::now() - clock_difference;
    const auto patience = asked.timeout.count() > 0 ? asked.timeout : patience_;
    const auto files = !asked.what.attachments().empty();
    send_course course{marked, asked.marker.doubtful, patience};
    auto id = sends_.insert({std::move(asked),
                             std::move(replaces),
                             silent,
                             std::move(reply),
                             course,
                             {},
                             now(),
                             patience,
                             {}});
    if (files)
      return read_files(id);
    carry_out(id, sends_.find(id)->course.begin());
  }

  using files = std::vector<wire::form_content::file>;

  static result<files> read_all(const std::vector<attachment>& all) {
    files read;
    for (const auto& each : all) {
      auto content = each.read();
      if (!content)
        return content.error();
      read.push_back({each.name(), each.content_type(), std::move(*content)});
    }
    return read;
  }

  /// On a thread of its own: a disk may be slow.
  void read_files(send_id id) {
    if (!door_)
      door_ = std::make_shared<job_door>([whom = caf::actor_cast<caf::actor>(this)](auto job) {
        caf::anon_send(whom, files_read{std::move(job)});
      });
    run_off_thread([this, id, door = door_, all = sends_.find(id)->asked.what.attachments()] {
      auto shared = std::make_shared<result<files>>(read_all(all));
      // `this` is used by the actor itself only, which the door keeps from outliving.
      door->post([this, id, shared] { on_files(id, std::move(*shared)); });
    });
  }

  void on_files(send_id id, result<files> read) {
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
      return send_now(id);
    case send_course::action::look:
      one.looking.emplace(one.asked.marker.since, longest_look);
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
    if (auto* one = sends_.find(id))
      carry_out(id, one->course.waited());
  }

  std::chrono::milliseconds passed(const sending& one) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now() - one.began);
  }

  http_call call_of(sending& one, http_request request) {
    auto call = call_as(one.asked.as, std::move(request));
    call.to = service::agent;
    call.ticket = one.call = call_ticket::next();
    call.timeout = std::clamp(one.patience - passed(one), std::chrono::milliseconds{1}, patience_);
    return call;
  }

  void send_now(send_id id) {
    auto& one = *sends_.find(id);
    wire::form_content what;
    what.messageml = one.asked.what.messageml();
    what.data = one.asked.marker.text.empty()
                    ? one.asked.what.data()
                    : wire::with_marker(one.asked.what.data(), one.asked.marker.text);
    what.files = one.files;
    const auto boundary = "tutti" + word() + word();
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
    if (step.then == send_course::action::wait)
      log_.info("send_repeated",
                {{"in_doubt", one->course.in_doubt() ? "yes" : "no"}, {"why", to_string(why)}});
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
      if (wire::marker_of(each.data()) == one->asked.marker.text) {
        log_.info("send_found", {{"message", each.id()}});
        one->course.looked(true, passed(*one));
        return settle(id, std::move(each));
      }
    one->looking->came(*page);
    if (one->looking->size() > 0)
      return look(id);
    carry_out(id, one->course.looked(false, passed(*one)));
  }

  // -- the end of a send -----------------------------------------------------------

  void settle(send_id id, message&& made) { sends_.take(id)->reply.answer(this, std::move(made)); }

  void fail(send_id id, const failure& why) {
    if (auto one = sends_.take(id))
      one->reply.fail(this, why);
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

  /// Sixteen digits by chance.
  std::string word() {
    constexpr auto digits = "0123456789abcdef";
    std::string made;
    for (auto bits = random_(); made.size() < 16; bits >>= 4U)
      made += digits[bits & 15U];
    return made;
  }

  // -- the others -------------------------------------------------------------------

  static http_call to_agent(const identity& as, http_request request) {
    auto call = call_as(as, std::move(request));
    call.to = service::agent;
    return call;
  }

  call_answers<message_suppressed>::promise on_suppress(const suppress_message& asked) {
    return suppressions_.ask(this, http_, call_as(asked.as, wire::suppress_message(asked.id)),
                             [](const http_response& response) -> result<message_suppressed> {
                               auto read = wire::read_suppressed(response);
                               if (!read)
                                 return read.error();
                               return message_suppressed{};
                             });
  }

  call_answers<message_found>::promise on_get(const get_message& asked) {
    return finds_.ask(this, http_, to_agent(asked.as, wire::get_message(asked.id)),
                      [](const http_response& response) -> result<message_found> {
                        auto read = wire::read_found(response);
                        if (!read)
                          return read.error();
                        return message_found{std::move(*read)};
                      });
  }

  call_answers<attachment_read>::promise on_attachment(const read_attachment& asked) {
    return attachments_.ask(
        this, http_,
        to_agent(asked.as, wire::attachment(asked.in, asked.message_id, asked.file_id)),
        [](const http_response& response) -> result<attachment_read> {
          auto read = wire::read_attachment(response);
          if (!read)
            return read.error();
          return attachment_read{std::move(*read)};
        });
  }

  struct listing {
    list_messages asked;
    unique_promise<messages_listed> reply;
    history_pages pages;
    messages_listed so_far{};
  };

  caf::delegated<messages_listed> on_list(const list_messages& asked) {
    auto id = lists_.insert(
        {asked, take_promise<messages_listed>(), history_pages{asked.since, asked.limit}});
    next_page(id);
    return {};
  }

  void next_page(std::uint64_t id) {
    auto& one = *lists_.find(id);
    if (one.pages.size() == 0) {
      auto ended = lists_.take(id);
      return ended->reply.answer(this, std::move(ended->so_far));
    }
    std::optional<std::int64_t> until;
    if (one.asked.until)
      until =
          std::chrono::duration_cast<std::chrono::milliseconds>(one.asked.until->time_since_epoch())
              .count();
    ask(
        http_,
        to_agent(one.asked.as, wire::list_messages(one.asked.in, one.pages.since(), until,
                                                   one.pages.skip(), one.pages.size())),
        [this, id](const http_response& response) {
          auto* asked = lists_.find(id);
          if (!asked)
            return;
          auto page = wire::read_messages(response);
          if (!page)
            return fail_list(id, page.error());
          asked->pages.came(*page);
          for (auto& each : *page)
            asked->so_far.messages.push_back(std::move(each));
          next_page(id);
        },
        [this, id](const caf::error& why) { fail_list(id, to_failure(why)); });
  }

  void fail_list(std::uint64_t id, const failure& why) {
    if (auto one = lists_.take(id))
      one->reply.fail(this, why);
  }

  // -- blasts -------------------------------------------------------------------------

  struct blasting {
    blast_message asked;
    unique_promise<message_blasted> reply;
    /// Of the call under way.
    std::vector<stream_id> some{};
    std::size_t done = 0;
    message_blasted so_far{};
  };

  caf::delegated<message_blasted> on_blast(blast_message&& asked) {
    auto id = ++last_blast_;
    blasts_.emplace(id, blasting{std::move(asked), take_promise<message_blasted>()});
    next_blast(id);
    return {};
  }

  /// The next hundred streams.
  void next_blast(std::uint64_t id) {
    auto found = blasts_.find(id);
    if (found == blasts_.end())
      return;
    auto& one = found->second;
    if (one.done == one.asked.to.size()) {
      one.reply.answer(this, std::move(one.so_far));
      blasts_.erase(found);
      return;
    }
    const auto end = std::min(one.done + most_streams_of_a_blast, one.asked.to.size());
    one.some.assign(one.asked.to.begin() + static_cast<std::ptrdiff_t>(one.done),
                    one.asked.to.begin() + static_cast<std::ptrdiff_t>(end));
    one.done = end;
    wire::form_content what;
    what.messageml = one.asked.what.messageml();
    what.data = one.asked.what.data();
    auto request = wire::blast_message(one.some, what, "tutti" + word() + word());
    ask(
        http_, to_agent(one.asked.as, std::move(request)),
        [this, id](const http_response& response) { blasted(id, wire::read_blast(response)); },
        [this, id](const caf::error& why) { blasted(id, to_failure(why)); });
  }

  void blasted(std::uint64_t id, result<wire::blast_result> came) {
    auto found = blasts_.find(id);
    if (found == blasts_.end())
      return;
    for (const auto& each : found->second.some) {
      result<message> outcome =
          failure{errc::protocol_error, "blast: the answer does not name this stream", 0, {}};
      if (!came)
        outcome = came.error();
      else {
        for (auto& sent : came->sent)
          if (sent.stream().id == each)
            outcome = sent;
        for (const auto& [stream, why] : came->failed)
          if (stream == each.text())
            outcome = why;
      }
      found->second.so_far.outcomes.emplace_back(each, std::move(outcome));
    }
    next_blast(id);
  }

  /// The agent's clock and ours may differ by so much.
  static constexpr std::chrono::minutes clock_difference{10};
  /// Messages that are searched for one.
  static constexpr std::size_t longest_look = 20'000;
  static constexpr std::size_t most_streams_of_a_blast = 100;

  std::chrono::milliseconds patience_;
  bool marks_;
  std::shared_ptr<job_door> door_;
  http_actor http_;
  logger log_;
  std::mt19937_64 random_;
  slab<sending> sends_;
  ticking_timers waits_;
  call_answers<message_suppressed> suppressions_;
  call_answers<message_found> finds_;
  call_answers<attachment_read> attachments_;
  slab<listing> lists_;
  std::map<std::uint64_t, blasting> blasts_;
  std::uint64_t last_blast_ = 0;
};

} // namespace

messages_actor spawn_messages(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const tutti::config& settings, http_actor http, const logger& log,
                              std::uint64_t seed) {
  return spawn_resident<messages_impl>(system, unit, settings, std::move(http), log, seed);
}

} // namespace tutti
