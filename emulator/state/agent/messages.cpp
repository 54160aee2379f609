#include <emulator/state/agent/messages.hpp>

#include <wire/messageml/messageml.hpp>

#include <tutti/messageml.hpp>

#include <algorithm>
#include <cctype>

namespace tutti::emulator {

namespace {

const refusal no_message{400, "Invalid message ID"};

/// The users of the pod, for the validator.
class pod_facts final : public messageml::known {
public:
  explicit pod_facts(const users& people) : users_(people) {}

  std::optional<messageml::known_user> user(std::int64_t id) const override {
    return shown(users_.find(id));
  }
  std::optional<messageml::known_user> user(std::string_view email) const override {
    return shown(users_.find(email));
  }

private:
  static std::optional<messageml::known_user> shown(const emulator::user* found) {
    if (!found)
      return std::nullopt;
    return messageml::known_user{found->id, found->display_name};
  }

  const users& users_;
};

constexpr std::size_t most_attachments = 25;

bool part_of_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

} // namespace

answer<any_stream> messages::writable(const user& caller, const std::string& stream) const {
  auto found = streams_.seen_by(caller, stream);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  const auto& one = std::get<any_stream>(found);
  auto open = one.place && one.place->has("public");
  if (!one.has(caller.id) && !open)
    return refusal{403, "The user is not a member of the stream"};
  if (!streams_.is_active(one)) // 400 since agent 20.12, 500 before.
    return refusal{400, "The stream is not active"};
  if (one.place && one.place->has("readOnly")) {
    auto member = one.place->members.find(caller.id);
    if (member == one.place->members.end() || !member->second.owner)
      return refusal{403, "The room is read-only"};
  }
  return one;
}

answer<message> messages::make(const user& caller, const any_stream& where, draft&& what,
                               time_point now) {
  if (what.attachments.size() > most_attachments)
    return refusal{400, "More than " + std::to_string(most_attachments) + " attachments"};
  pod_facts facts{users_};
  messageml::prepare_options how;
  if (!what.version.empty())
    how.version = what.version;
  how.facts = &facts;
  how.typed = what.typed;
  how.short_id = [this] { return mint_.hex(4); };
  auto done = messageml::prepare(what.message, what.data, how);
  if (const auto* wrong = std::get_if<messageml::faults>(&done))
    return refusal{400, "Invalid messageML: " + messageml::to_string(wrong->front())};
  auto& ready = std::get<messageml::prepared>(done);
  message made{mint_.message_id(now),
               where.id(),
               caller.id,
               millis(now),
               std::move(ready.presentation),
               std::move(ready.entities),
               std::move(ready.text)};
  made.attachments = std::move(what.attachments);
  for (auto& each : made.attachments) // As a real one: with signs that a query has to escape.
    each.id = "internal_" + std::to_string(caller.id) + "%2F" + mint_.hex(12) + "%3D%3D";
  made.silent = what.silent;
  return made;
}

const message* messages::keep(message&& made) {
  auto id = made.id;
  auto& kept = messages_[id] = std::move(made);
  by_stream_[kept.stream].push_back(&kept);
  return &kept;
}

answer<const message*> messages::create(const user& caller, const std::string& stream, draft what,
                                        time_point now) {
  auto where = writable(caller, stream);
  if (const auto* why = std::get_if<refusal>(&where))
    return *why;
  auto made = make(caller, std::get<any_stream>(where), std::move(what), now);
  if (const auto* why = std::get_if<refusal>(&made))
    return *why;
  return keep(std::move(std::get<message>(made)));
}

answer<const message*> messages::update(const user& caller, const std::string& stream,
                                        const std::string& id, draft what, time_point now) {
  auto where = writable(caller, stream);
  if (const auto* why = std::get_if<refusal>(&where))
    return *why;
  auto found = messages_.find(id);
  if (found == messages_.end() || found->second.stream != std::get<any_stream>(where).id())
    return no_message;
  auto& old = found->second;
  if (old.author != caller.id)
    return refusal{403, "Only the author may update a message"};
  if (old.suppressed)
    return refusal{400, "The message is suppressed"};
  auto made = make(caller, std::get<any_stream>(where), std::move(what), now);
  if (const auto* why = std::get_if<refusal>(&made))
    return *why;
  auto& fresh = std::get<message>(made);
  fresh.replacing = old.id;
  fresh.initial_id = old.initial_id.empty() ? old.id : old.initial_id;
  fresh.initial_at = old.initial_id.empty() ? old.at : old.initial_at;
  old.replaced_by = fresh.id;
  return keep(std::move(fresh));
}

answer<bool> messages::suppress(const user& caller, const std::string& id) {
  auto found = messages_.find(id);
  if (found == messages_.end())
    return no_message;
  if (found->second.author != caller.id)
    return lacks_entitlement;
  auto fresh = !found->second.suppressed;
  found->second.suppressed = true;
  return fresh;
}

const message* messages::find(const user& caller, std::string_view id) const {
  auto found = messages_.find(id);
  if (found == messages_.end())
    return nullptr;
  auto where = streams_.seen_by(caller, found->second.stream);
  return std::holds_alternative<refusal>(where) ? nullptr : &found->second;
}

std::vector<const message*> messages::of(std::string_view stream) const {
  auto found = by_stream_.find(stream);
  if (found == by_stream_.end())
    return {};
  return {found->second.begin(), found->second.end()};
}

answer<std::vector<const message*>> messages::history(const user& caller, const std::string& stream,
                                                      const history_part& part) const {
  auto where = streams_.seen_by(caller, stream);
  if (const auto* why = std::get_if<refusal>(&where))
    return *why;
  std::vector<const message*> found;
  auto skip = part.skip; // Counts the messages of that very millisecond only.
  for (const auto* each : of(std::get<any_stream>(where).id())) {
    if (found.size() == part.limit)
      break;
    if (each->at < part.since || (part.until && each->at > *part.until) || each->suppressed)
      continue;
    if (each->at == part.since && skip > 0)
      --skip;
    else
      found.push_back(each);
  }
  return found;
}

std::string messages::as_markup(std::string_view text, const std::string& stream) const {
  messageml::message made;
  std::vector<messageml::phrase> all;
  std::string plain;
  auto end_plain = [&] {
    if (!plain.empty())
      all.emplace_back(std::exchange(plain, {}));
  };
  auto members = [&](std::string_view name) -> const user* {
    for (const auto& [id, each] : users_.all())
      if ((each.username == name || each.display_name == name) && !name.empty())
        for (const auto& one : streams_.of(id))
          if (one.id() == stream)
            return &each;
    return nullptr;
  };
  while (!text.empty()) {
    const auto sign = text.find_first_of("@#$");
    if (sign != 0) { // Up to the next one, as it is.
      plain += text.substr(0, sign);
      text.remove_prefix(std::min(sign, text.size()));
      continue;
    }
    auto starts = plain.empty() || std::isspace(static_cast<unsigned char>(plain.back())) != 0;
    auto length = std::size_t{1};
    while (length < text.size() && part_of_word(text[length]))
      ++length;
    while (length > 1 && text[length - 1] == '.') // The end of a sentence.
      --length;
    auto word = text.substr(1, length - 1);
    auto letter = !word.empty() && std::isalpha(static_cast<unsigned char>(word.front())) != 0;
    const auto* whom = starts && text.front() == '@' ? members(word) : nullptr;
    if (whom) {
      end_plain();
      all.emplace_back(messageml::mention(*user_id::make(whom->id)));
    } else if (starts && letter && text.front() == '#') {
      end_plain();
      all.emplace_back(messageml::hashtag(word));
    } else if (starts && letter && text.front() == '$') {
      end_plain();
      all.emplace_back(messageml::cashtag(word));
    } else {
      plain += text.front();
      length = 1;
    }
    text.remove_prefix(length);
  }
  end_plain();
  if (all.empty())
    return {}; // A client sends no empty message; the validator refuses it.
  for (const auto& each : all)
    made.add(each);
  return made.xml();
}

} // namespace tutti::emulator
