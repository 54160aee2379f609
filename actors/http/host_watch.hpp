// Whether a host answers: lost when a request failed and nothing has succeeded since it was sent.
#pragma once

#include <chrono>
#include <utility>

namespace tutti::http {

/// Pure. One request that fails among others that succeed says nothing about the host; one that
/// fails while nobody else gets an answer does.
class host_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The host answered a request; true when it had been lost.
  bool answered(time_point now) noexcept {
    last_good_ = now;
    return std::exchange(lost_, false);
  }

  /// It did not answer, or with a server error, the request of `sent`; true when it is lost.
  bool failed(time_point sent) noexcept {
    lost_ = lost_ || last_good_ < sent;
    return lost_;
  }

  bool lost() const noexcept { return lost_; }

private:
  time_point last_good_ = time_point::min();
  bool lost_ = false;
};

} // namespace tutti::http
