// streams: looks up what a stream is, which ones the caller has, and who is in one.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/identity.hpp>
#include <tutti/stream.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <vector>

namespace tutti {

/// Ask: a stream by its id (`GET /pod/v2/streams/{sid}/info`); answered by `stream`. Who is no
/// member needs a role. Errors: those of `http_call`, `not_entitled`, `rejected`, `protocol_error`.
struct get_stream {
  identity as{};
  stream_id id{};
};

/// Ask: streams of the caller, the oldest first (`POST /pod/v1/streams/list`). Errors: as above.
struct list_streams {
  identity as{};
  /// Only these; empty: all.
  std::vector<stream_type> types{};
  bool include_inactive = false;
  /// So many are left out at the beginning.
  std::size_t skip = 0;
  /// So many are answered at most.
  std::size_t limit = 50;
};

/// Answer: some of them; fewer than the limit when there are no more.
struct streams_listed {
  std::vector<stream> streams;
};

/// Ask: the members of any stream (`GET /pod/v1/admin/stream/{id}/membership/list`), for which the
/// caller needs the role User Provisioning. Errors: as above.
struct list_stream_members {
  identity as{};
  stream_id id{};
  std::size_t skip = 0;
  /// 1,000 at most.
  std::size_t limit = 100;
};

/// Answer: some of them.
struct stream_members {
  /// How many there are in all.
  std::size_t count = 0;
  std::vector<stream_member> members;
};

/// Handle of the streams actor.
using streams_actor = caf::typed_actor<caf::replies_to<get_stream>::with<stream>,
                                       caf::replies_to<list_streams>::with<streams_listed>,
                                       caf::replies_to<list_stream_members>::with<stream_members>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::get_stream)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::stream)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::list_streams)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::streams_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::list_stream_members)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::stream_members)
