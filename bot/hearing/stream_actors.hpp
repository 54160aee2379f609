// The actors of `bot::listen`, one for each stream in which something is said.
#pragma once

#include <tutti/chat.hpp>
#include <tutti/config.hpp>
#include <tutti/protocol/conversation.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tutti {

/// From any thread.
class stream_actors {
public:
  using maker = std::function<conversation_actor(caf::actor_system&, conversation_start)>;

  stream_actors(maker make, conversations_config rules) : make_(std::move(make)), rules_(rules) {}
  stream_actors(const stream_actors&) = delete;
  stream_actors& operator=(const stream_actors&) = delete;

  /// Has the stream's actor hear the message, and waits until it has answered.
  task<> hear(chat& where);

  /// The bot stops.
  void end_all();

private:
  struct entry {
    std::string stream;
    conversation_actor whom;
    std::chrono::steady_clock::time_point heard;
    /// It hears something now.
    bool busy = false;
  };
  using place = std::list<entry>::iterator;

  conversation_actor take(bot& owner, const std::string& stream);
  void give_back(const std::string& stream, const conversation_actor& whom);
  void drop(const std::string& stream, const conversation_actor& whom);
  void end_idle(std::chrono::steady_clock::time_point now);

  maker make_;
  conversations_config rules_;
  std::mutex lock_;
  /// Those that heard something last are at the end.
  std::list<entry> all_;
  std::unordered_map<std::string, place> places_;
};

} // namespace tutti
