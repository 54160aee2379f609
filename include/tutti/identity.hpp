// Whose name a call acts in; part of every key that requests are coalesced by.
#pragma once

#include <tutti/ids.hpp>

#include <string>

namespace tutti {

/// The bot itself, or a user on whose behalf its app acts. Two identities never share a session,
/// a request in flight or a known IM.
class identity {
public:
  /// The bot's own service account.
  constexpr identity() = default;

  /// A user on whose behalf the bot's app acts (OBO).
  static constexpr identity on_behalf_of(user_id user) noexcept { return identity{user}; }

  /// The bot's app itself: its session opens those of users, and nothing else goes in its name.
  static constexpr identity of_app() noexcept {
    identity made;
    made.app_ = true;
    return made;
  }

  constexpr bool is_bot() const noexcept { return user_ == user_id{} && !app_; }
  constexpr bool is_app() const noexcept { return app_; }

  /// The user acted for; no user for the bot itself and its app.
  constexpr user_id user() const noexcept { return user_; }

  friend constexpr auto operator<=>(const identity&, const identity&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, identity& x) {
    return f(x.user_, x.app_);
  }

private:
  explicit constexpr identity(user_id user) noexcept : user_(user) {}

  user_id user_;
  bool app_ = false;
};

/// `bot`, `app`, or the id of the user acted for.
TUTTI_API std::string to_string(const identity& who);

} // namespace tutti

template <>
struct std::hash<tutti::identity> {
  std::size_t operator()(const tutti::identity& x) const noexcept {
    return std::hash<tutti::user_id>{}(x.user()) ^ (x.is_app() ? 0x9e3779b97f4a7c15ULL : 0);
  }
};
