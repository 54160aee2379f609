#include <testing/desk_wire.hpp>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <utility>

namespace tutti::testing {

namespace {

/// The value of a header line; empty for none.
std::string header(std::string_view headers, std::string_view name) {
  while (!headers.empty()) {
    const auto end = std::min(headers.find("\r\n"), headers.size());
    const auto line = headers.substr(0, end);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
      return std::string{line.substr(name.size() + 2)};
    headers.remove_prefix(std::min(end + 2, headers.size()));
  }
  return {};
}

/// As in the header `Date` (RFC 9110).
std::string http_date(emulator::time_point at) {
  const auto seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

} // namespace

desk_wire::desk_wire(std::function<clock_time()> now)
    : now_(std::move(now)), start_(now_()), pod_({}, 1) {}

emulator::time_point desk_wire::time() const {
  return began_ + std::chrono::duration_cast<std::chrono::microseconds>(now_() - start_);
}

void desk_wire::send(std::uint64_t which, tutti::detail::wire_request what, answered done) {
  seen_.push_back(what.method + " " + what.target);
  open_[which] = {std::move(what), std::move(done), {}, false};
  fresh_.push_back(which);
}

void desk_wire::cancel(std::uint64_t which) {
  open_.erase(which);
}

void desk_wire::drop_all() {
  open_.clear();
  fresh_.clear();
}

bool desk_wire::step() {
  std::vector<std::uint64_t> due;
  while (!fresh_.empty()) {
    due.push_back(fresh_.front());
    fresh_.pop_front();
  }
  for (const auto& [which, one] : open_)
    if (one.held_until)
      due.push_back(which);
  bool answered_one = false;
  for (auto which : due) {
    auto found = open_.find(which);
    if (found == open_.end())
      continue;
    auto answer = answer_to(found->second);
    if (!answer)
      continue;
    auto done = std::move(found->second.done);
    open_.erase(found);
    done(std::move(*answer));
    answered_one = true;
  }
  return answered_one;
}

std::optional<desk_wire::clock_time> desk_wire::next() const {
  std::optional<clock_time> first;
  for (const auto& [which, one] : open_)
    if (one.held_until)
      first = std::min(first.value_or(*one.held_until), *one.held_until);
  return first;
}

desk_wire::trouble* desk_wire::trouble_for(const std::string& target) {
  for (auto& each : troubles_)
    if (each.count > 0 && target.find(each.part) != target.npos)
      return &each;
  return nullptr;
}

int desk_wire::count(std::string_view part) const {
  return static_cast<int>(std::count_if(
      seen_.begin(), seen_.end(), [&](const auto& each) { return each.find(part) != each.npos; }));
}

/// Whether the feed that is read has something to hand out.
bool desk_wire::has_news(const std::string& target) const {
  constexpr std::string_view begin = "/datafeeds/";
  const auto at = target.find(begin) + begin.size();
  const auto feed = pod_.feeds.all().find(target.substr(at, target.find('/', at) - at));
  return feed == pod_.feeds.all().end() || !feed->second.waiting.empty();
}

/// Nothing: it waits for events, or for ever.
std::optional<result<http_response>> desk_wire::answer_to(open_request& one) {
  if (const auto rest = std::exchange(one.what.rest, nullptr)) {
    auto read = read_all(*rest);
    if (!read)
      return result<http_response>{read.error()};
    one.what.body += *read;
  }
  auto* wrong = trouble_for(one.what.target);
  if (wrong && (!one.held_until || has_news(one.what.target))) {
    --wrong->count;
    if (wrong->acts)
      ask_pod(one.what, false);
    one.silent = !wrong->answer;
    kills = kills || wrong->kills;
    return wrong->answer;
  }
  const auto over = one.held_until && *one.held_until <= now_();
  auto said = ask_pod(one.what, !over);
  if (!said.waits_for.empty()) {
    if (!one.held_until)
      one.held_until = now_() + pod_.options.feed_poll;
    return std::nullopt;
  }
  http_response made;
  made.status = said.status;
  made.date = http_date(time());
  made.body = std::move(said.body);
  made.content_type = said.content_type.empty() ? "application/json" : said.content_type;
  return made;
}

emulator::reply desk_wire::ask_pod(const tutti::detail::wire_request& what, bool may_wait) {
  const auto session = header(what.headers, "sessionToken");
  const auto key_manager = header(what.headers, "keyManagerToken");
  const auto authorization = header(what.headers, "Authorization");
  const auto type = header(what.headers, "Content-Type");
  // Logins carry the time of this machine's clock.
  const auto login = what.target.find("/pubkey/") != what.target.npos;
  emulator::arrival request{what.method, what.target, session, what.body};
  request.authorization = authorization;
  request.key_manager_token = key_manager;
  request.content_type = type;
  request.may_wait = may_wait;
  return emulator::answer_to(pod_, routes_, request,
                             login ? std::chrono::system_clock::now() : time());
}

} // namespace tutti::testing
