// Whose name a call acts in; part of every key that requests are coalesced by.
#pragma once

#include <tutti/ids.hpp>

namespace tutti {

/// The bot itself, or a user on whose behalf its app acts. Two identities never share a session,
/// a request in flight or a known IM.
class identity {
public:
  /// The bot's own service account.
  constexpr identity() = default;

  /// A user on whose behalf the bot's app acts (OBO).
  static constexpr identity on_behalf_of(user_id user) noexcept { return identity{user}; }

  constexpr bool is_bot() const noexcept { return user_ == user_id{}; }

  /// The user acted for; no user when the bot acts for itself.
  constexpr user_id user() const noexcept { return user_; }

  friend constexpr auto operator<=>(const identity&, const identity&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, identity& x) {
    return f(x.user_);
  }

private:
  explicit constexpr identity(user_id user) noexcept : user_(user) {}

  user_id user_;
};

} // namespace tutti

template <>
struct std::hash<tutti::identity> {
  std::size_t operator()(const tutti::identity& x) const noexcept {
    return std::hash<tutti::user_id>{}(x.user());
  }
};
