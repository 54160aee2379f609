// Puts what happens on the pod into the feeds of those who may know: the 17 events.
#pragma once

#include <emulator/state/agent/feeds.hpp>
#include <emulator/state/agent/messages.hpp>
#include <emulator/state/mint.hpp>
#include <emulator/state/people/users.hpp>
#include <emulator/state/streams/streams.hpp>

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

/// A person's answer to a form.
struct form_reply {
  /// The message the form is in.
  std::string message;
  std::string form;
  /// A text, or several for boxes of one name; `action` is the button.
  boost::json::object values;
};

/// One function for each event; receivers by the documentation.
class events {
public:
  events(mint& words, const users& people, const streams& places, feeds& into)
      : mint_(words), users_(people), streams_(places), feeds_(into) {}

  void message_sent(const message& what, time_point now);
  void message_suppressed(const message& what, const user& by, time_point now);
  /// To the author of the form.
  void form_replied(const message& about, const form_reply& what, const user& by, time_point now);
  void shared_post(const message& what, const message& shared, const user& by, time_point now);

  void im_created(const conversation& what, const user& by, time_point now);
  void room_created(const room& what, const user& by, time_point now);
  void room_updated(const room& what, const user& by, time_point now);
  void room_set_active(const room& what, const user& by, time_point now);
  void member_joined(const room& where, uid whom, const user& by, time_point now);
  /// `left` is not in the room any more.
  void member_left(const room& where, uid left, const user& by, time_point now);
  void owner_set(const room& where, uid whom, const user& by, time_point now);
  void asked_to_join(const room& where, const user& by, time_point now);

  void connection_requested(const user& by, const user& to, time_point now);
  void connection_accepted(const user& by, const user& from, time_point now);

  void generic(const std::string& stream, std::string_view subtype, boost::json::object parameters,
               const user& by, time_point now);

private:
  void publish(std::string_view type, std::string_view key, boost::json::object payload,
               const user& by, std::string_view message_id, const std::vector<uid>& to,
               time_point now);
  void affects_member(std::string_view type, std::string_view key, const room& where, uid whom,
                      const user& by, std::vector<uid> to, time_point now);
  boost::json::object stream_of(const room& where) const;

  mint& mint_;
  const users& users_;
  const streams& streams_;
  feeds& feeds_;
};

} // namespace tutti::emulator
