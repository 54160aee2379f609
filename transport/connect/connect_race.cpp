// A socket for each address that is being tried.
#include <transport/connect/connect_race.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace tutti::transport {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// RFC 8305, 5: the recommended Connection Attempt Delay.
constexpr std::chrono::milliseconds attempt_delay{250};

} // namespace

std::vector<tcp::endpoint> in_order(std::vector<tcp::endpoint> all,
                                    const std::optional<tcp::endpoint>& good) {
  std::vector<tcp::endpoint> made;
  if (auto found = good ? std::find(all.begin(), all.end(), *good) : all.end();
      found != all.end()) {
    made.push_back(*found);
    all.erase(found);
  }
  const auto of_first = [first = all.empty() ? tcp::v4() : all.front().protocol()](
                            const tcp::endpoint& each) { return each.protocol() == first; };
  const auto others = std::stable_partition(all.begin(), all.end(), of_first);
  for (auto one = all.begin(), other = others; one != others || other != all.end();) {
    if (one != others)
      made.push_back(*one++);
    if (other != all.end())
      made.push_back(*other++);
  }
  return made;
}

connect_race::connect_race(asio::io_context& io, std::vector<tcp::endpoint> addresses, handler done)
    : io_(io), addresses_(std::move(addresses)), done_(std::move(done)), pause_(io) {}

void connect_race::start() {
  if (!addresses_.empty())
    return try_next();
  asio::post(io_, [self = shared_from_this()] {
    self->finish(asio::error::host_not_found, socket{self->io_});
  });
}

void connect_race::cancel() noexcept {
  done_ = nullptr;
  pause_.cancel();
  error ignored;
  for (const auto& each : attempts_)
    each->with.close(ignored);
}

void connect_race::try_next() {
  const auto which = attempts_.size();
  attempts_.push_back(
      std::make_unique<attempt>(attempt{socket{io_}, addresses_[which], std::nullopt}));
  auto& now = *attempts_.back();
  error ec;
  now.with.open(now.to.protocol(), ec);
  if (ec) // As for want of descriptors, which async_connect would tell as something else.
    return asio::post(io_, [self = shared_from_this(), which, ec] { self->ended(which, ec); });
  now.with.async_connect(
      now.to, [self = shared_from_this(), which](error result) { self->ended(which, result); });
  if (attempts_.size() == addresses_.size())
    return;
  pause_.expires_after(attempt_delay);
  pause_.async_wait([self = shared_from_this(), count = attempts_.size()](error cancelled) {
    if (!cancelled && self->done_ && self->attempts_.size() == count)
      self->try_next();
  });
}

void connect_race::ended(std::size_t which, error ec) {
  if (!done_)
    return;
  auto& one = *attempts_[which];
  one.ended = ec;
  if (!ec)
    return finish({}, std::move(one.with));
  error ignored;
  one.with.close(ignored);
  if (attempts_.size() < addresses_.size()) {
    // Only when it was the newest: an older one has been given up on already.
    if (which + 1 == attempts_.size())
      try_next();
  } else if (std::all_of(attempts_.begin(), attempts_.end(),
                         [](const auto& each) { return each->ended.has_value(); })) {
    finish(ec, std::move(one.with));
  }
}

void connect_race::finish(error ec, socket&& with) {
  auto done = std::exchange(done_, nullptr);
  if (!done)
    return;
  auto won = std::move(with);
  cancel();
  done(ec, std::move(won));
}

std::string connect_race::tried() const {
  std::string text;
  for (const auto& each : attempts_) {
    text.append(text.empty() ? "" : "; ").append(each->to.address().to_string()).append(": ");
    if (!each->ended)
      text += "no answer";
    else
      text += *each->ended ? each->ended->message() : "connected";
  }
  return text;
}

} // namespace tutti::transport
