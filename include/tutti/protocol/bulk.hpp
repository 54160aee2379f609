// bulk: opens many IMs, some at a time, and reports each when it is settled.
#pragma once

#include <tutti/protocol/im.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace tutti {

/// How one IM of many came out.
struct im_outcome {
  /// Set when it is open.
  std::optional<im_created> opened;
  /// Why it is not.
  failure refused;
};

/// Tell, to the watcher of a bulk: the IM with that place in `open_ims::sets` is settled.
struct im_settled {
  /// Of the bulk.
  call_ticket ticket;
  std::size_t index = 0;
  im_outcome outcome;
};

/// Handle of who watches a bulk.
using bulk_watcher = caf::typed_actor<caf::reacts_to<im_settled>>;

struct cancel_bulk;

/// Ask: open an IM for each of these sets, in their order. Answered when the last is settled; one
/// that fails does not hold up the others. Errors: none of its own; `shutting_down` and `internal`
/// stand in the outcomes of those that were not settled by then.
struct open_ims {
  using cancelled_by = cancel_bulk;
  static constexpr bool takes_long = true;

  identity as{};
  std::vector<std::vector<user_id>> sets{};
  im_form form = im_form::inclusive;
  /// How long each may take, from when it is asked for; 0 means `im_config::timeout`.
  std::chrono::milliseconds im_timeout{0};
  /// How many are asked for at once; 0 counts as 1.
  std::size_t at_once = 16;
  /// Gets an `im_settled` for each when it is settled; may be empty.
  bulk_watcher watcher{};
  /// Names this bulk for `cancel_bulk`, and to the watcher; may be empty.
  call_ticket ticket{};
};

/// Answer: how each came out, in the order of the sets.
struct ims_opened {
  std::vector<im_outcome> outcomes;
};

/// Tell: no more of that bulk is wanted; what is not open is `cancelled`.
struct cancel_bulk {
  call_ticket ticket;
};

/// Handle of the bulk actor.
using bulk_actor =
    caf::typed_actor<caf::replies_to<open_ims>::with<ims_opened>, caf::reacts_to<cancel_bulk>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::open_ims)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::ims_opened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::im_settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::cancel_bulk)
