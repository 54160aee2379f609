// The set of users that identifies an IM; the one place that sorts and compares participants.
#pragma once

#include <tutti/ids.hpp>

#include <functional>
#include <span>
#include <vector>

namespace tutti {

/// Which of Symphony's two Create IM operations is meant.
enum class im_form : std::uint8_t {
  /// `/pod/v1/im/create`: the caller is a member without being listed.
  inclusive,
  /// `/pod/v1/admin/im/create`: exactly those listed are members (role User Provisioning).
  admin,
};

/// Whether more than one other participant is let through to the pod.
enum class multi_party : std::uint8_t {
  /// Refused: multi-party IMs are no longer supported by Symphony.
  refuse,
  /// Sent as asked; the pod decides.
  allow,
};

/// Participants as Symphony compares them: sorted, each once; in the inclusive form without the
/// caller, in the admin form with everybody who was listed.
class participant_set {
public:
  participant_set() = default;

  /// The set for `form`, asked for by `caller`. Fails with `errc::invalid_participants` when too
  /// few distinct users remain and with `errc::multi_party_unsupported` when there are too many.
  TUTTI_API static result<participant_set> make(im_form form, std::span<const user_id> asked,
                                                user_id caller,
                                                multi_party policy = multi_party::refuse);

  /// Any users, sorted and each once; may be empty.
  TUTTI_API static participant_set of(std::span<const user_id> users);

  std::span<const user_id> users() const noexcept { return users_; }
  bool empty() const noexcept { return users_.empty(); }
  std::size_t size() const noexcept { return users_.size(); }

  friend auto operator<=>(const participant_set&, const participant_set&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, participant_set& x) {
    return f(x.users_);
  }

private:
  std::vector<user_id> users_;
};

/// The users' ids with commas between, for messages to people.
TUTTI_API std::string to_string(const participant_set& users);

} // namespace tutti

template <>
struct std::hash<tutti::participant_set> {
  TUTTI_API std::size_t operator()(const tutti::participant_set& x) const noexcept;
};
