// The messages actor: sends, updates, finds and reads messages.
#include <actors/messages/messages.hpp>

#include <actors/messages/blasts.hpp>
#include <actors/messages/histories.hpp>
#include <actors/messages/message_sender.hpp>
#include <actors/messages/searches.hpp>
#include <actors/requests/call_answers.hpp>
#include <wire/agent/messages.hpp>

#include <utility>

namespace tutti {

namespace {

class messages_impl final : public message_sender {
public:
  using message_sender::message_sender;

  const char* name() const override { return "tutti.messages"; }

protected:
  behavior_type make_behavior() override {
    begin_sending();
    return {
        [this](send_message& asked) { return on_send(std::move(asked)); },
        [this](cancel_send what) { on_cancel(what.ticket); },
        [this](update_message& asked) { return on_update(std::move(asked)); },
        [this](const suppress_message& asked) { return on_suppress(asked); },
        [this](const get_message& asked) { return on_get(asked); },
        [this](const list_messages& asked) { return histories_.ask(this, http_, asked); },
        [this](const search_messages& asked) { return on_search(asked); },
        [this](const read_attachment& asked) { return on_attachment(asked); },
        [this](blast_message& asked) { return on_blast(std::move(asked)); },
        [](run_here& what) { what.job(); },
        [this](tick) { go_on_sending(); },
    };
  }

  void on_exit() override {
    end_sending();
    suppressions_.end(ending());
    finds_.end(ending());
    searches_.end(ending());
    attachments_.end(ending());
    histories_.end(ending());
    blasts_.end(ending());
  }

private:
  // -- the others -------------------------------------------------------------------

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

  call_answers<messages_listed>::promise on_search(const search_messages& asked) {
    return searches_.ask(this, http_, to_agent(asked.as, search_request(asked)),
                         [](const http_response& response) -> result<messages_listed> {
                           auto read = wire::read_messages(response);
                           if (!read)
                             return read.error();
                           return messages_listed{std::move(*read)};
                         });
  }

  blasts::promise on_blast(blast_message&& asked) {
    auto attachments = asked.what.attachments();
    auto [id, asker] = blasts_.add(this, std::move(asked), "tutti" + words_.next());
    files_.read(this, std::move(attachments), [this, which = id](result<message_files> read) {
      if (read)
        blasts_.begin(this, http_, which, std::move(*read));
      else
        blasts_.fail(which, read.error());
    });
    return asker;
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

  call_answers<message_suppressed> suppressions_;
  call_answers<message_found> finds_;
  call_answers<messages_listed> searches_;
  call_answers<attachment_read> attachments_;
  histories histories_;
  blasts blasts_;
};

} // namespace

messages_actor spawn_messages(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const tutti::config& settings, http_actor http, const logger& log,
                              std::shared_ptr<telemetry> life, std::uint64_t seed) {
  return spawn_resident<messages_impl>(system, unit, settings, std::move(http), log,
                                       std::move(life), seed);
}

} // namespace tutti
