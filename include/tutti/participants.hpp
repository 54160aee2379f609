// The set of users that identifies an IM; the one place that sorts and compares participants.
#pragma once

#include <tutti/ids.hpp>

#include <algorithm>
#include <array>
#include <compare>
#include <functional>
#include <memory>
#include <span>
#include <utility>
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

  std::span<const user_id> users() const noexcept {
    return many_ ? std::span{*many_} : std::span{few_.data(), size_};
  }
  bool empty() const noexcept { return users().empty(); }
  std::size_t size() const noexcept { return users().size(); }

  friend bool operator==(const participant_set& a, const participant_set& b) noexcept {
    return std::ranges::equal(a.users(), b.users());
  }
  friend auto operator<=>(const participant_set& a, const participant_set& b) noexcept {
    auto [first, second] = std::pair{a.users(), b.users()};
    return std::lexicographical_compare_three_way(first.begin(), first.end(), second.begin(),
                                                  second.end());
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, participant_set& x) {
    auto all = std::vector<user_id>{x.users().begin(), x.users().end()};
    auto done = f(all);
    if constexpr (Inspector::writes_state)
      x = of(all);
    return done;
  }

private:
  /// Takes users that are sorted and each once.
  explicit participant_set(std::span<const user_id> sorted);

  /// An IM has one other participant, or two in the admin form: those need no allocation.
  std::array<user_id, 2> few_{};
  /// How many these are.
  std::size_t size_ = 0;
  /// Of more than a few, all.
  std::shared_ptr<const std::vector<user_id>> many_;
};

/// The users' ids with commas between, for messages to people.
TUTTI_API std::string to_string(const participant_set& users);

} // namespace tutti

template <>
struct std::hash<tutti::participant_set> {
  TUTTI_API std::size_t operator()(const tutti::participant_set& x) const noexcept;
};
