// apps: the circle of trust of an extension app, and the store its tokens are kept in.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/extension_app.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace tutti {

/// Ask: the first step of the circle of trust (`POST
/// /login/v1/pubkey/app/authenticate/extensionApp`), for the app of `app.appId`; answered by
/// `app_tokens`, which the store keeps. Errors: those of `http_call`, `login_refused` (the app's
/// key), `unauthorized` (no app), `rejected`, `not_entitled`, `protocol_error`, and those of the
/// store.
struct trust_app {
  /// Empty: a random one is made.
  std::string app_token;
};

/// Ask: whether the pair that came back from the front end is one that was given. Errors: those of
/// the store.
struct check_app_tokens {
  std::string app_token;
  std::string symphony_token;
};

/// Answer: false also for a pair whose time is over.
struct app_tokens_checked {
  bool valid = false;
};

/// Ask: the user of a JWT that the front end was given by the pod; answered by `app_user`.
/// Signature (by the pod's certificate, kept for an hour), end and audience (`app.appId`) are
/// checked. Errors: `unauthorized` with the code `app_jwt`, and those of `http_call` for the
/// certificate.
struct check_app_jwt {
  std::string jwt;
};

/// Handle of the apps actor.
using apps_actor = caf::typed_actor<caf::replies_to<trust_app>::with<app_tokens>,
                                    caf::replies_to<check_app_tokens>::with<app_tokens_checked>,
                                    caf::replies_to<check_app_jwt>::with<app_user>>;

/// Ask, of the store: keep these until they expire.
struct keep_app_tokens {
  app_tokens what;
};

/// Answer: kept.
struct app_tokens_kept {};

/// Ask, of the store: the pair of that app token, which `app_tokens_found` holds.
struct find_app_tokens {
  std::string app_token;
};

/// Answer: empty for none.
struct app_tokens_found {
  app_tokens what;
};

/// Handle of the token store. Tutti's own keeps 10,000 pairs in memory; several processes that
/// serve one app replace it (`core_factories::app_tokens`) by an actor in front of what they share.
using app_token_store = caf::typed_actor<caf::replies_to<keep_app_tokens>::with<app_tokens_kept>,
                                         caf::replies_to<find_app_tokens>::with<app_tokens_found>>;

} // namespace tutti

// Not inspectable: secrets never leave the process as actor messages.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::trust_app)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::app_tokens)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::check_app_tokens)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::app_tokens_checked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::check_app_jwt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::app_user)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::keep_app_tokens)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::app_tokens_kept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::find_app_tokens)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::app_tokens_found)
