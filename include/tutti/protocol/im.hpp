// im: opens instant-message conversations; one request to the pod however many ask.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <vector>

namespace tutti {

struct cancel_im;

/// Ask: the IM of the caller (or, in the admin form, of those listed) with these participants,
/// opened if there is none. Any order, repetition and the caller's own id do no harm.
/// Errors: every `errc`.
struct create_im {
  using cancelled_by = cancel_im;

  /// In whose name.
  identity as{};
  std::vector<user_id> participants{};
  im_form form = im_form::inclusive;
  /// How long the asker waits, from the arrival of this message; 0 means `im_config::timeout`.
  std::chrono::milliseconds timeout{0};
  /// Names this request for `cancel_im`; may be empty.
  call_ticket ticket{};
  /// All participants are known to be users of the caller's own pod, as those are that
  /// `find_named_users` has found there: they need no connection, so nothing is looked up first.
  bool same_pod = false;
};

/// Where an answer came from.
enum class im_origin : std::uint8_t {
  /// This request went to the pod.
  pod,
  /// Known already; nothing was sent.
  directory,
  /// Another request for the same IM was in flight.
  joined,
};

/// `pod`, `directory` or `joined`.
TUTTI_API std::string_view to_string(im_origin origin) noexcept;

/// Answer: the conversation, open.
struct im_created {
  stream_id stream;
  im_origin origin = im_origin::pod;
};

/// Tell: the request with that ticket is no longer wanted; its asker gets `cancelled`, others who
/// wait for the same IM do not notice.
struct cancel_im {
  call_ticket ticket;
};

/// Tell: ask the pod again when this IM is wanted next (it may have become inactive).
struct forget_im {
  identity as;
  std::vector<user_id> participants;
  im_form form = im_form::inclusive;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, create_im& x) {
  return f(caf::meta::type_name("create_im"), x.as, x.participants, x.form, x.timeout, x.ticket,
           x.same_pod);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, im_created& x) {
  return f(caf::meta::type_name("im_created"), x.stream, x.origin);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cancel_im& x) {
  return f(caf::meta::type_name("cancel_im"), x.ticket);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, forget_im& x) {
  return f(caf::meta::type_name("forget_im"), x.as, x.participants, x.form);
}

/// Handle of the IM actor.
using im_actor = caf::typed_actor<caf::replies_to<create_im>::with<im_created>,
                                  caf::reacts_to<cancel_im>, caf::reacts_to<forget_im>>;

} // namespace tutti
