// The messages of all streams: who may send, change and read them, and what they become.
#pragma once

#include <emulator/state/mint.hpp>
#include <emulator/state/people/users.hpp>
#include <emulator/state/streams/streams.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

struct attachment {
  std::string id;
  std::string name;
  std::string content_type;
  std::shared_ptr<const std::string> bytes;
  /// As `bytes`; null: there is none.
  std::shared_ptr<const std::string> preview{};
};

/// A message as it is stored. One that replaces another is a message of its own.
struct message {
  std::string id;
  std::string stream;
  uid author = 0;
  std::int64_t at = 0;
  /// PresentationML, and the entity data as a JSON object.
  std::string presentation;
  std::string data;
  /// As a person reads it.
  std::string text;
  std::vector<attachment> attachments{};
  /// The id of the message that this one replaces, and of the one that it is the newest form of.
  std::string replacing{};
  std::string initial_id{};
  std::int64_t initial_at = 0;
  std::string replaced_by{};
  bool silent = false;
  bool suppressed = false;
};

/// A message as it comes.
struct draft {
  std::string message;
  /// Entity data; may be empty.
  std::string data{};
  std::string version{};
  std::vector<attachment> attachments{};
  bool silent = true;
  /// Written in the form of a person's client.
  bool typed = false;
};

/// Part of a stream's messages, in the order in which they were sent.
struct history_part {
  std::int64_t since = 0;
  std::optional<std::int64_t> until{};
  std::size_t skip = 0;
  std::size_t limit = 50;
};

class messages {
public:
  messages(mint& ids, const users& people, const streams& places)
      : mint_(ids), users_(people), streams_(places) {}

  /// 400 with the validator's first fault; 403 for who is not in the stream.
  answer<const message*> create(const user& caller, const std::string& stream, draft what,
                                time_point now);
  /// Own messages only, not a suppressed one.
  answer<const message*> update(const user& caller, const std::string& stream,
                                const std::string& id, draft what, time_point now);
  /// Own messages only. Whether it was not suppressed before.
  answer<bool> suppress(const user& caller, const std::string& id);

  /// Null for one that is unknown or that the caller may not see.
  const message* find(const user& caller, std::string_view id) const;
  answer<std::vector<const message*>> history(const user& caller, const std::string& stream,
                                              const history_part& part) const;
  /// All of a stream, the oldest first.
  std::vector<const message*> of(std::string_view stream) const;

  const std::map<std::string, std::vector<message*>, std::less<>>& by_stream() const {
    return by_stream_;
  }

  /// What a person types: `@name` of a user in the stream is a mention, `#tag` and `$TAG` are tags.
  std::string as_markup(std::string_view text, const std::string& stream) const;

private:
  answer<message> make(const user& caller, const any_stream& where, draft&& what, time_point now);
  answer<any_stream> writable(const user& caller, const std::string& stream) const;
  const message* keep(message&& made);

  mint& mint_;
  const users& users_;
  const streams& streams_;
  /// By id; they stay where they are.
  std::map<std::string, message, std::less<>> messages_;
  std::map<std::string, std::vector<message*>, std::less<>> by_stream_;
};

} // namespace tutti::emulator
