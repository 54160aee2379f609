#include <emulator/state/agent/feeds.hpp>

#include <algorithm>
#include <charconv>

namespace tutti::emulator {

namespace {

constexpr std::size_t most_feeds = 20;

const refusal no_feed{400, "Could not find a datafeed with the given id"};

/// `a7-<id of the feed>` is its seventh.
std::string ack_of(const feed& from, std::uint64_t number) {
  return "a" + std::to_string(number) + "-" + from.id;
}

/// The number of the batch; nothing for what this feed has not given out.
std::optional<std::uint64_t> batch_of(const feed& from, std::string_view ack) {
  std::uint64_t number = 0;
  if (!ack.starts_with('a'))
    return std::nullopt;
  auto [end, error] = std::from_chars(ack.data() + 1, ack.data() + ack.size(), number);
  if (error != std::errc{} || number == 0 || number >= from.next_batch ||
      ack != ack_of(from, number))
    return std::nullopt;
  return number;
}

/// One of several companies is external; federated streams (WhatsApp and the like) this pod has
/// not.
bool wants(const feed& one, const event_place& where) {
  return where.companies.contains(one.company) && one.hose->types.contains(where.type) &&
         (one.hose->scopes.empty() ||
          one.hose->scopes.contains(where.companies.size() > 1 ? "EXTERNAL" : "INTERNAL"));
}

} // namespace

void feeds::forget_idle(time_point now) {
  std::erase_if(
      feeds_, [&](const auto& each) { return each.second.last_read + options_.feed_idle <= now; });
}

feed* feeds::find(uid owner, const std::string& id, time_point now) {
  forget_idle(now);
  auto found = feeds_.find(id);
  return found == feeds_.end() || found->second.owner != owner ? nullptr : &found->second;
}

answer<const feed*> feeds::create(uid owner, const std::string& tag, time_point now) {
  auto own = of(owner, {}, now);
  for (const auto* each : own)
    if (!tag.empty() && each->tag == tag)
      return each;
  if (own.size() >= most_feeds)
    return refusal{403, "The account has " + std::to_string(most_feeds) +
                            " datafeeds, which is the most it may have"};
  auto id = mint_.hex(16) + "_f";
  auto& made = feeds_[id];
  made = {id, tag, owner, now, now, {}, {}, 1, {}, 0};
  return &made;
}

std::vector<const feed*> feeds::of(uid owner, const std::string& tag, time_point now) {
  forget_idle(now);
  std::vector<const feed*> found;
  for (const auto& [id, each] : feeds_)
    if (each.owner == owner && !each.hose && (tag.empty() || each.tag == tag))
      found.push_back(&each);
  std::sort(found.begin(), found.end(), [](const feed* one, const feed* other) {
    return std::pair{one->created, one->id} < std::pair{other->created, other->id};
  });
  return found;
}

answer<bool> feeds::remove(uid owner, const std::string& id, time_point now) {
  const auto* found = find(owner, id, now);
  if (!found || found->hose)
    return no_feed;
  feeds_.erase(id);
  return true;
}

std::string feeds::hose(uid owner, std::int64_t company, const hose_filter& wanted,
                        time_point now) {
  forget_idle(now);
  for (const auto& [id, each] : feeds_)
    if (each.owner == owner && each.hose == wanted)
      return id;
  auto id = mint_.hex(16) + "_p_" + mint_.hex(4);
  feeds_[id] = {id, wanted.tag, owner, now, now, {}, {}, 1, wanted, company};
  return id;
}

void feeds::take_back(feed& from, time_point now) {
  std::vector<event_text> back;
  for (const auto& each : from.out)
    if (each.back_at <= now)
      back.insert(back.end(), each.events.begin(), each.events.end());
  std::erase_if(from.out, [&](const auto& each) { return each.back_at <= now; });
  from.waiting.insert(from.waiting.begin(), back.begin(), back.end());
}

answer<feed_batch> feeds::read(uid owner, const std::string& id, std::string_view ack,
                               time_point now, const read_faults& faults, bool waits) {
  if (faults.vanish)
    feeds_.erase(id);
  auto* from = find(owner, id, now);
  if (!from)
    return no_feed;
  if (!ack.empty()) {
    auto number = batch_of(*from, ack);
    if (!number)
      return refusal{400, "The ackId is not one of this datafeed"};
    std::erase_if(from->out, [&](const auto& each) { return each.number == *number; });
  }
  from->last_read = now;
  take_back(*from, now);
  feed_batch given;
  if (from->waiting.empty() && waits)
    return given;
  auto count = std::min(from->waiting.size(), options_.feed_batch);
  auto end = from->waiting.begin() + static_cast<std::ptrdiff_t>(count);
  given.events.assign(from->waiting.begin(), end);
  from->waiting.erase(from->waiting.begin(), end);
  if (faults.reorder)
    std::reverse(given.events.begin(), given.events.end());
  auto number = from->next_batch++;
  given.ack_id = ack_of(*from, number);
  if (count > 0)
    from->out.push_back({number, now + options_.feed_visibility, given.events});
  if (faults.duplicate)
    from->waiting.insert(from->waiting.begin(), given.events.begin(), given.events.end());
  return given;
}

std::optional<time_point> feeds::next_change(const std::string& id, time_point now) const {
  auto found = feeds_.find(id);
  if (found == feeds_.end() || !found->second.waiting.empty())
    return now;
  std::optional<time_point> next;
  for (const auto& each : found->second.out)
    next = std::min(next.value_or(each.back_at), each.back_at);
  return next;
}

void feeds::publish(const std::vector<uid>& to, const event_place& where, const event_text& event,
                    time_point now) {
  forget_idle(now);
  for (auto& [id, each] : feeds_)
    if (each.hose ? wants(each, where) : std::find(to.begin(), to.end(), each.owner) != to.end())
      each.waiting.push_back(event);
}

} // namespace tutti::emulator
