// Reads of feeds whose answers wait for events.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/socket.h>

#include <list>
#include <string>

namespace tutti::emulator {

struct held_read {
  boost::asio::steady_timer news;
  std::string feed;
};

/// Those that wait now.
class held_reads {
public:
  using place = std::list<held_read*>::iterator;

  place add(held_read& one) { return all_.insert(all_.end(), &one); }
  void remove(place where) { all_.erase(where); }

  /// Those whose feed is `ready(feed)` go on.
  template <class Ready>
  void wake(Ready&& ready) {
    for (auto* each : all_)
      if (ready(each->feed))
        each->news.cancel();
  }

private:
  std::list<held_read*> all_;
};

/// Whether the other side has closed a connection that has become readable.
inline bool has_gone(boost::asio::ip::tcp::socket& connection) {
  char next = 0;
  return ::recv(connection.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

} // namespace tutti::emulator
