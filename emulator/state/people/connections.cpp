#include <emulator/state/people/connections.hpp>

#include <algorithm>

namespace tutti::emulator {

namespace {

const refusal unknown{404, "No such user, or no connection was requested"};

std::pair<uid, uid> pair_of(uid one, uid other) {
  return std::minmax(one, other);
}

connection_view view(const user& caller, uid other, const connection& known) {
  const auto* status = "ACCEPTED";
  if (known.status == connection::state::rejected)
    status = "REJECTED";
  else if (known.status == connection::state::pending)
    status = known.requester == caller.id ? "PENDING_OUTGOING" : "PENDING_INCOMING";
  return {other, status, known};
}

} // namespace

connection* connections::find(uid one, uid other) {
  auto found = connections_.find(pair_of(one, other));
  return found == connections_.end() ? nullptr : &found->second;
}

const connection* connections::find(uid one, uid other) const {
  auto found = connections_.find(pair_of(one, other));
  return found == connections_.end() ? nullptr : &found->second;
}

void connections::set(uid one, uid other, connection::state status) {
  // 2026-01-05, 09:00 UTC.
  constexpr std::int64_t some_morning = 1'767'603'600'000;
  connections_[pair_of(one, other)] = {one, status, some_morning, some_morning, 1};
}

bool connections::connected(const user& one, const user& other) const {
  if (one.company == other.company)
    return true;
  const auto* known = find(one.id, other.id);
  return known && known->status == connection::state::accepted;
}

answer<connection_view> connections::with(const user& caller, uid other) const {
  const auto* found = users_.find(other);
  if (!found)
    return unknown;
  if (found->company == caller.company)
    return connection_view{other, "ACCEPTED", std::nullopt};
  const auto* known = find(caller.id, other);
  if (!known)
    return unknown;
  return view(caller, other, *known);
}

std::vector<connection_view> connections::list(const user& caller, const std::string& status,
                                               const std::vector<uid>& others) const {
  std::vector<connection_view> found;
  auto wanted = [&](uid id) {
    return others.empty() || std::find(others.begin(), others.end(), id) != others.end();
  };
  auto matches = [&](const std::string& has) {
    if (status.empty()) // Without a status: both pendings only.
      return has.starts_with("PENDING");
    return status == "ALL" || status == has;
  };
  for (const auto& [pair, known] : connections_) {
    if (pair.first != caller.id && pair.second != caller.id)
      continue;
    auto other = pair.first == caller.id ? pair.second : pair.first;
    auto seen = view(caller, other, known);
    if (wanted(other) && matches(seen.status))
      found.push_back(std::move(seen));
  }
  // Users of the caller's own pod show with status ACCEPTED and explicit ids only.
  if (status == "ACCEPTED")
    for (auto id : std::set<uid>{others.begin(), others.end()})
      if (const auto* one = users_.find(id); one && one->company == caller.company)
        found.push_back({id, "ACCEPTED", std::nullopt});
  return found;
}

answer<connection_view> connections::request(const user& caller, uid other, time_point now) {
  const auto* found = users_.find(other);
  if (!found)
    return refusal{404, "The user does not exist"};
  if (found->company == caller.company)
    return connection_view{other, "ACCEPTED", std::nullopt};
  if (!users_.linked(caller.company, found->company))
    return refusal{403, "The pods of the users are not linked"};
  auto* known = find(caller.id, other);
  if (!known) {
    auto& fresh = connections_[pair_of(caller.id, other)];
    fresh = {caller.id, connection::state::pending, millis(now), millis(now), 1};
    return view(caller, other, fresh);
  }
  // One open request per pair; a new one is admitted after the recipient has declined.
  if (known->status == connection::state::rejected) {
    known->requester = caller.id;
    known->status = connection::state::pending;
    known->updated_at = millis(now);
    ++known->counter;
  }
  return view(caller, other, *known);
}

answer<connection_view> connections::accept(const user& caller, uid other, time_point now) {
  const auto* found = users_.find(other);
  if (!found)
    return unknown;
  if (found->company == caller.company)
    return connection_view{other, "ACCEPTED", std::nullopt};
  auto* known = find(caller.id, other);
  if (!known || known->requester == caller.id || known->status != connection::state::pending)
    return unknown;
  known->status = connection::state::accepted;
  known->updated_at = millis(now);
  return view(caller, other, *known);
}

answer<connection_view> connections::reject(const user& caller, uid other, time_point now) {
  const auto* found = users_.find(other);
  if (!found)
    return unknown;
  if (found->company == caller.company)
    return refusal{400, "Users of one pod are always connected"};
  auto* known = find(caller.id, other);
  if (!known || known->requester == caller.id || known->status != connection::state::pending)
    return unknown;
  known->status = connection::state::rejected;
  known->updated_at = millis(now);
  return view(caller, other, *known);
}

answer<bool> connections::remove(const user& caller, uid other, time_point now) {
  const auto* found = users_.find(other);
  if (!found)
    return refusal{404, "The user does not exist"};
  auto* known = find(caller.id, other);
  if (!known)
    return refusal{400, "The users are not connected"};
  switch (known->status) {
  case connection::state::accepted:
    connections_.erase(pair_of(caller.id, other));
    return true;
  case connection::state::pending:
    if (known->requester == caller.id)
      return refusal{400, "The users are not connected"};
    known->status = connection::state::rejected;
    break;
  case connection::state::rejected: // Surprising, and documented: the recipient has it pending
                                    // again.
    if (known->requester == caller.id)
      return refusal{400, "The users are not connected"};
    known->status = connection::state::pending;
    break;
  }
  known->updated_at = millis(now);
  return true;
}

} // namespace tutti::emulator
