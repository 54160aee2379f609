// Sets of users, made without allocating where they are small.
#include <tutti/participants.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <memory_resource>
#include <string>
#include <vector>

namespace tutti {

namespace {

/// Sorted, each once, without `caller`; on the stack unless there are many.
class tidy_users {
public:
  tidy_users(std::span<const user_id> users, user_id caller) : all_(&room_) {
    all_.reserve(users.size());
    std::copy_if(users.begin(), users.end(), std::back_inserter(all_),
                 [&](user_id each) { return each != caller || caller == user_id{}; });
    std::sort(all_.begin(), all_.end());
    all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
  }

  std::span<const user_id> all() const noexcept { return all_; }

private:
  std::array<std::byte, 256> stack_;
  std::pmr::monotonic_buffer_resource room_{stack_.data(), stack_.size()};
  std::pmr::vector<user_id> all_;
};

} // namespace

participant_set::participant_set(std::span<const user_id> sorted) {
  if (sorted.size() > few_.size()) {
    many_ = std::make_shared<const std::vector<user_id>>(sorted.begin(), sorted.end());
  } else {
    std::copy(sorted.begin(), sorted.end(), few_.begin());
    size_ = sorted.size();
  }
}

participant_set participant_set::of(std::span<const user_id> users) {
  return participant_set{tidy_users{users, user_id{}}.all()};
}

result<participant_set> participant_set::make(im_form form, std::span<const user_id> asked,
                                              user_id caller, multi_party policy) {
  const auto wanted = form == im_form::inclusive ? std::size_t{1} : std::size_t{2};
  auto set =
      participant_set{tidy_users{asked, form == im_form::inclusive ? caller : user_id{}}.all()};
  if (!set.empty() && set.users().front() == user_id{})
    return failure{errc::invalid_participants, "a participant has no id", 0, {}};
  if (set.size() < wanted) {
    const auto* rule = form == im_form::inclusive
                           ? "an IM needs one participant other than the caller"
                           : "an IM without the caller needs two distinct participants";
    return failure{errc::invalid_participants,
                   std::string{rule} +
                       "; given: " + (asked.empty() ? "nobody" : to_string(of(asked))),
                   0,
                   {}};
  }
  if (set.size() > wanted && policy == multi_party::refuse)
    return failure{errc::multi_party_unsupported,
                   "Symphony no longer supports IMs with several participants (" + to_string(set) +
                       "): create a room and add them as members, or "
                       "set im.multiParty: allow",
                   0,
                   {}};
  return set;
}

std::string to_string(const participant_set& users) {
  std::string text;
  for (auto user : users.users()) {
    if (!text.empty())
      text += ", ";
    text += std::to_string(user.value());
  }
  return text;
}

} // namespace tutti

std::size_t
std::hash<tutti::participant_set>::operator()(const tutti::participant_set& x) const noexcept {
  std::size_t hash = 0xcbf29ce484222325ULL;
  for (auto user : x.users()) {
    hash ^= static_cast<std::size_t>(user.value());
    hash *= 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
  }
  return hash;
}
