// A bot, its pod and people who talk with it, in the test's own thread: no port, and time passes
// when the test says so.
#pragma once

#include <tutti/bot.hpp>
#include <tutti/config.hpp>
#include <tutti/message.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tutti::testing {

class desk;

/// An answer to a form, on its way.
class TUTTI_API filled_form {
public:
  filled_form(desk& at, std::string who, message with_form);

  /// A field by its name; said again, a further value of it.
  filled_form& with(const std::string& field, const std::string& value);
  /// Sends it by the button of that name. Throws std::runtime_error with what the pod refuses.
  void clicks(const std::string& button);

private:
  desk& desk_;
  std::string who_;
  message form_;
  std::map<std::string, std::vector<std::string>> values_;
};

/// A person. Copies are the same one. What the pod refuses is thrown as std::runtime_error; what a
/// person types is shown as a client shows it: `@name`, `#tag` and `$TICKER` are what they look
/// like.
class TUTTI_API desk_user {
public:
  desk_user(desk& at, std::string name) : desk_(&at), name_(std::move(name)) {}

  user_id id() const;
  const std::string& name() const noexcept { return name_; }

  /// Writes to the bot in their IM; answers the message's id.
  std::string says(const std::string& text);
  std::string says_in(const stream_id& where, const std::string& text);
  /// Replaces an own message; answers the id of the new one.
  std::string edits(const std::string& message_id, const std::string& text);
  /// Writes to the bot with a file; without a text its name is that.
  std::string attaches(const std::string& file_name, const std::string& content,
                       const std::string& text = {});
  void joins(const stream_id& room);
  void leaves(const stream_id& room);
  /// Answers the first form of a message.
  filled_form fills(const message& with_form);

  /// The next message of the bot in a stream of this person's, as it is shown; waits for it up to a
  /// minute of the desk's time. Throws std::runtime_error when none comes.
  message hears();
  /// What the bot has said to this person and `hears` has not taken yet, without waiting.
  std::vector<std::string> unheard() const;

private:
  desk* desk_;
  std::string name_;
};

/// The bot is `my-bot`; its handlers are registered before anybody says something.
class TUTTI_API desk {
public:
  /// Of `settings` hosts, account and log are the desk's own. The journal survives restarts of the
  /// bot, as one in a file does.
  explicit desk(config settings = {}, core_factories replacements = {});
  ~desk();
  desk(const desk&) = delete;
  desk& operator=(const desk&) = delete;

  tutti::bot& bot();

  /// A person of the bot's company, who is made when there is none of that name.
  desk_user user(const std::string& name);
  /// A room with the bot and these people, of whom the first has made it.
  stream_id room(const std::string& name, const std::vector<desk_user>& members);
  /// What has been said in a stream, the oldest first.
  std::vector<std::string> texts(const stream_id& where) const;
  /// The last message of the bot with a form. Throws std::runtime_error when there is none.
  message last_form() const;

  // -- time ---------------------------------------------------------------------------

  /// Runs all that is due, and what comes of it, without letting time pass. Each act of a person
  /// does so.
  void runs();
  void passes(std::chrono::milliseconds time);

  // -- what goes wrong ------------------------------------------------------------------

  /// The bot's process is killed and started again: what it was doing is gone but for its journal.
  void restarts_the_bot();
  /// The same in the midst of its work: when it sends the next request whose path contains `part`;
  /// `carried_out`: that is carried out before, and the bot never hears of it.
  void kills_the_bot_at(const std::string& part, bool carried_out = true);
  /// The same when it writes to its journal for the `count`th time from now on; `kept`: after that.
  void kills_the_bot_at_write(int count, bool kept = true);
  /// The agent forgets the bot's feed, with the next message that a person says in it.
  void loses_the_feed();
  /// The next `count` requests whose path contains `part` are carried out, and the answer is lost.
  void loses_answers(const std::string& part, int count = 1);
  /// They are not carried out but answered with that status.
  void refuses(const std::string& part, int status, int count = 1);

  /// Of the kit itself.
  class state;

private:
  friend class desk_user;
  friend class filled_form;

  std::unique_ptr<state> state_;
};

} // namespace tutti::testing
