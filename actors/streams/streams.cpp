// streams: one call for each question.
#include <actors/streams/streams.hpp>

#include <actors/loop/resident.hpp>
#include <actors/requests/call_answers.hpp>
#include <wire/endpoints.hpp>

#include <algorithm>

namespace tutti {

namespace {

constexpr std::size_t most_members = 1'000;

class streams_impl final : public resident<streams_actor> {
public:
  streams_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, http_actor http)
      : resident<streams_actor>(cfg, std::move(unit)), http_(std::move(http)) {}

  const char* name() const override { return "tutti.streams"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const get_stream& asked) { return on_get(asked); },
        [this](const list_streams& asked) { return on_list(asked); },
        [this](const list_stream_members& asked) { return on_members(asked); },
    };
  }

  void on_exit() override {
    streams_.end(ending());
    lists_.end(ending());
    members_.end(ending());
    http_ = nullptr;
  }

private:
  call_answers<stream>::promise on_get(const get_stream& asked) {
    return streams_.ask(this, http_, call_as(asked.as, wire::stream_info(asked.id)),
                        [as = asked.as](const http_response& response) -> result<stream> {
                          auto read = wire::read_stream(response);
                          if (!read)
                            return with_permission(read.error(), as, "SEND_MESSAGES");
                          return read;
                        });
  }

  call_answers<streams_listed>::promise on_list(const list_streams& asked) {
    auto request = wire::own_streams(asked.types, asked.include_inactive, asked.skip, asked.limit);
    return lists_.ask(this, http_, call_as(asked.as, std::move(request)),
                      [as = asked.as](const http_response& response) -> result<streams_listed> {
                        auto read = wire::read_streams(response);
                        if (!read)
                          return with_permission(read.error(), as, "LIST_USER_STREAMS");
                        return streams_listed{std::move(*read)};
                      });
  }

  call_answers<stream_members>::promise on_members(const list_stream_members& asked) {
    auto request =
        wire::stream_membership(asked.id, asked.skip, std::min(asked.limit, most_members));
    return members_.ask(this, http_, call_as(asked.as, std::move(request)),
                        [](const http_response& response) -> result<stream_members> {
                          auto read = wire::read_stream_members(response);
                          if (!read)
                            return read.error();
                          return stream_members{read->count, std::move(read->members)};
                        });
  }

  http_actor http_;
  call_answers<stream> streams_;
  call_answers<streams_listed> lists_;
  call_answers<stream_members> members_;
};

} // namespace

streams_actor spawn_streams(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                            http_actor http) {
  return spawn_resident<streams_impl>(system, unit, std::move(http));
}

} // namespace tutti
