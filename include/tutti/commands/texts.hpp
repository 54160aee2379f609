// What a bot says by itself, about commands, forms and dialogues: to be replaced by other words or
// another language.
#pragma once

#include <string>

namespace tutti {

/// Words in braces are replaced: `{given}` by what a person wrote, `{name}` by the parameter's
/// name, and those that the default has.
struct command_texts {
  /// After each of the complaints below.
  std::string usage = "Usage: {usage}";

  std::string missing = "{name} is missing.";
  std::string too_much = "\"{given}\" is more than the command takes.";
  std::string not_integer = "{name}: \"{given}\" is not a whole number.";
  std::string out_of_range = "{name}: {given} is not between {least} and {most}.";
  std::string not_decimal = "{name}: \"{given}\" is not a number.";
  std::string not_boolean = "{name}: \"{given}\" is neither yes nor no.";
  std::string not_date = "{name}: \"{given}\" is not a date; write it as 2026-12-31.";
  std::string not_duration =
      "{name}: \"{given}\" is not a duration; write it as 90s, 10m, 2h30m or 3d.";
  std::string not_in_units = "{name}: \"{given}\" is not a multiple of {unit}, at most {most}.";
  std::string not_user = "{name}: \"{given}\" is no user; mention one with @.";
  std::string not_hashtag = "{name}: \"{given}\" is no hashtag; it begins with #.";
  std::string not_cashtag = "{name}: \"{given}\" is no cashtag; it begins with $.";
  std::string not_choice = "{name}: \"{given}\" is none of: {choices}.";

  // -- of the fields of forms

  std::string too_short = "{name}: at least {least} characters.";
  std::string too_many_characters = "{name}: at most {most} characters.";
  std::string not_matching = "{name}: \"{given}\" does not have the form that is wanted.";
  std::string too_many_values = "{name} takes one value.";
  /// To a reply that comes too late, a second time, or from another person.
  std::string form_over = "This form is over.";
  std::string form_answered = "You have answered this form already.";
  std::string form_of_another = "This form is for {person}.";
  std::string form_unknown = "This form is not in use any more.";
  /// In the place of a form that was answered.
  std::string form_sent = "Sent: {values}";
  std::string form_cancelled = "Cancelled.";

  /// For a word that begins with a slash and is no command.
  std::string unknown = "I do not know {given}.";
  std::string did_you_mean = "Did you mean {nearest}?";
  std::string see_help = "{help} shows what I understand.";

  // -- of dialogues

  /// When a person begins a dialogue before the end of another one.
  std::string still_open = "{command} is not finished; answer it, or write {cancel}.";
  std::string cancelled = "{command} was cancelled.";
  std::string timed_out = "{command} has ended: there was no answer in time.";
  std::string too_many_attempts = "{command} has ended: there were too many wrong answers.";
  /// A step that is done once was interrupted: it may have been done, or not.
  std::string interrupted =
      "{command} was interrupted, and it is not known how far it came; please check.";
  /// The program has been replaced by one with other steps.
  std::string changed =
      "{command} cannot go on: the bot has changed meanwhile. Please begin again.";
  std::string too_long = "{command} has ended: it has become too long.";
  /// After what is wrong with an answer.
  std::string attempts_left = "Please try again.";
  /// Of the command that ends a dialogue, in `/help`.
  std::string help_of_cancel = "Ends what was begun and is not finished";
  /// Words that count as consent and refusal, beside yes and no.
  std::string yes = "yes";
  std::string no = "no";

  /// Behind a living message whose handler has not come to its end.
  std::string broken_off = "(broken off)";

  /// Above the list.
  std::string help_title = "What I understand:";
  /// Of the command that shows the list.
  std::string help_of_help = "Shows what I understand, or one command";
};

} // namespace tutti
