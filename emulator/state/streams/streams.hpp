// IMs and rooms as streams.
#pragma once

#include <emulator/state/streams/conversations.hpp>
#include <emulator/state/streams/rooms.hpp>

#include <string>
#include <vector>

namespace tutti::emulator {

/// An IM, MIM or room as one of both.
struct any_stream {
  const conversation* talk = nullptr;
  const room* place = nullptr;

  const std::string& id() const { return talk ? talk->id : place->id; }
  std::int64_t created_at() const { return talk ? talk->created_at : place->created_at; }
  uid creator() const { return talk ? talk->creator : place->creator; }
  bool has(uid who) const {
    return talk ? talk->members.contains(who) : place->members.contains(who);
  }
  const char* type() const { return place ? "ROOM" : talk->members.size() > 2 ? "MIM" : "IM"; }
};

class streams {
public:
  streams(const users& people, const conversations& talks, const rooms& places)
      : users_(people), conversations_(talks), rooms_(places) {}

  /// Those the user is in, the oldest first.
  std::vector<any_stream> of(uid who) const;
  /// In either Base64 dialect; 400 for one that does not exist.
  answer<any_stream> find(const std::string& id) const;
  /// One the caller may see: a member, or who may provision.
  answer<any_stream> seen_by(const user& caller, const std::string& id) const;
  bool is_active(const any_stream& one) const;
  bool is_cross_pod(const any_stream& one) const;

private:
  const users& users_;
  const conversations& conversations_;
  const rooms& rooms_;
};

} // namespace tutti::emulator
