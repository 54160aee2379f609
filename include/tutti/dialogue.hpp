// A dialogue: questions and answers written as one coroutine, which goes on after a restart.
#pragma once

#include <tutti/chat.hpp>
#include <tutti/commands/argument.hpp>
#include <tutti/described.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tutti {

namespace detail {
class dialogue_run;
}

/// How long and how often a question is answered.
struct ask_rules {
  std::chrono::milliseconds within = std::chrono::hours{24};
  /// How many answers may be wrong before the dialogue ends; at least 1.
  int attempts = 3;
};

struct once_rules {
  /// What was interrupted is done again: it does no harm twice.
  bool repeatable = false;
};

enum class dialogue_end : std::uint8_t {
  /// There was no answer in time.
  timed_out,
  /// All answers were wrong.
  too_many_attempts,
  /// A process ended while a step of `once` was done.
  interrupted,
  /// The steps kept are not those of this program.
  changed,
  /// It has more steps, or more to keep, than fits.
  too_long,
  /// The person has ended it.
  cancelled,
};

/// Thrown by a step; one that is not caught ends the dialogue, and the person reads why
/// (`command_texts`).
class TUTTI_API dialogue_over : public std::runtime_error {
public:
  dialogue_over(dialogue_end reason, const std::string& what)
      : std::runtime_error(what), reason_(reason) {}
  dialogue_end reason() const noexcept { return reason_; }

private:
  dialogue_end reason_;
};

/// What a person may choose from: `choices("Buy", "Sell")`, or a list.
class choices {
public:
  template <class First, class... More>
    requires(std::convertible_to<First, std::string> &&
             (std::convertible_to<More, std::string> && ...))
  explicit choices(First first, More... more)
      : all_{std::string(std::move(first)), std::string(std::move(more))...} {}
  explicit choices(std::vector<std::string> all) : all_(std::move(all)) {}

  const std::vector<std::string>& all() const noexcept { return all_; }

private:
  std::vector<std::string> all_;
};

/// What `once` throws when the function runs again after it went on without a work that had failed:
/// `what()` is what the work threw.
class TUTTI_API work_failed : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// For `ask`: the answer is a text without the sign.
struct cashtag {};
struct hashtag {};

namespace detail {

enum class answer_form : std::uint8_t {
  text,
  integer,
  decimal,
  boolean,
  date,
  duration,
  user,
  cashtag,
  hashtag
};

template <class T>
struct answer_type {
  using type = T;
  static constexpr wanted_argument wanted = argument_type<T>::wanted;
  static constexpr answer_form form = static_cast<answer_form>(wanted.form);
  static T from(argument_value&& given) { return argument_type<T>::from(std::move(given)); }
};
template <>
struct answer_type<cashtag> : answer_type<std::string> {
  static constexpr answer_form form = answer_form::cashtag;
};
template <>
struct answer_type<hashtag> : answer_type<std::string> {
  static constexpr answer_form form = answer_form::hashtag;
};

/// What a work of `once` returns.
template <class Work>
struct once_work {
  static auto call(Work& work, const std::string& key) {
    if constexpr (std::is_invocable_v<Work&, const std::string&>)
      return work(key);
    else
      return work();
  }
  using returned = decltype(call(std::declval<Work&>(), std::declval<const std::string&>()));
  template <class T>
  struct plain {
    using type = T;
    static constexpr bool awaited = false;
  };
  template <class T>
  struct plain<task<T>> {
    using type = T;
    static constexpr bool awaited = true;
  };
  using type = typename plain<returned>::type;
  static constexpr bool awaited = plain<returned>::awaited;
};

} // namespace detail

/// A branch of `when_any`: a question whose answer is of type `T`, see `dialogue::ask`.
template <class T>
struct question {
  outgoing_message text;
};
/// What `when_any` gives for a branch that is a time.
struct time_passed {};

namespace detail {

/// One of a question, a form, and a time.
struct any_branch {
  outgoing_message text{};
  answer_form form = answer_form::text;
  wanted_argument limits{};
  std::shared_ptr<const form_definition> shown{};
  std::optional<std::chrono::milliseconds> after{};
};
struct any_outcome {
  std::size_t which = 0;
  argument_value answer{};
  json_value reply{};
};

template <class Branch>
struct branch_type;
template <class T>
struct branch_type<question<T>> {
  using type = typename answer_type<T>::type;
  static any_branch of(question<T>&& given) {
    return {std::move(given.text), answer_type<T>::form, answer_type<T>::wanted};
  }
  static type take(any_outcome&& came) { return answer_type<T>::from(std::move(came.answer)); }
};
template <class T>
struct branch_type<form<T>> {
  using type = T;
  static any_branch of(const form<T>& given) {
    any_branch made;
    made.shown = given.definition();
    return made;
  }
  static type take(any_outcome&& came) { return form<T>::from(came.reply); }
};
template <class Count, class Ratio>
struct branch_type<std::chrono::duration<Count, Ratio>> {
  using type = time_passed;
  static any_branch of(std::chrono::milliseconds given) {
    any_branch made;
    made.after = given;
    return made;
  }
  static type take(any_outcome&&) { return {}; }
};

template <class... Branches, std::size_t... Index>
auto first_of(any_outcome came, std::index_sequence<Index...>) {
  using first = std::variant<typename branch_type<Branches>::type...>;
  std::optional<first> made;
  ((came.which == Index
        ? static_cast<void>(made.emplace(std::in_place_index<Index>,
                                         branch_type<Branches>::take(std::move(came))))
        : void()),
   ...);
  return std::move(made).value();
}

struct dialogue_arguments {
  std::vector<argument_value> values;
};

template <class T>
argument_value to_argument(T given) {
  if constexpr (requires {
                  given.has_value();
                  *given;
                })
    return given ? to_argument(*std::move(given)) : argument_value{};
  else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, user_info> ||
                     std::is_same_v<T, std::chrono::year_month_day>)
    return argument_value{std::move(given)};
  else if constexpr (std::integral<T>)
    return argument_value{static_cast<std::int64_t>(given)};
  else if constexpr (std::floating_point<T>)
    return argument_value{static_cast<double>(given)};
  else if constexpr (requires { std::chrono::milliseconds{given}; } &&
                     !std::convertible_to<T, std::string>)
    return argument_value{std::chrono::milliseconds{given}};
  else
    return argument_value{std::string(std::move(given))};
}

} // namespace detail

template <class... Given>
task<bool> chat::begin(std::string name, Given... given) {
  detail::dialogue_arguments all;
  all.values.reserve(sizeof...(Given));
  (all.values.push_back(detail::to_argument(std::move(given))), ...);
  return begin(std::move(name), std::move(all));
}

/// What a dialogue's function is called with. Each `co_await` of a member is a step, whose result
/// is kept in the journal. For each answer, and after a restart, the function runs again from its
/// begin: steps that are done give their results at once, and nothing is sent or asked twice. So
/// between the steps it only computes: what it reads elsewhere, and what it does, belongs into
/// `once`. It has ended when it returns; while it waits, it is nowhere but in the journal.
class TUTTI_API dialogue {
public:
  explicit dialogue(detail::dialogue_run& run) : run_(run) {}
  dialogue(const dialogue&) = delete;
  dialogue& operator=(const dialogue&) = delete;

  /// Who has begun it.
  const user_info& person() const noexcept;
  const message_stream& stream() const noexcept;
  tutti::bot& bot() const noexcept;
  /// The same in every process.
  const std::string& id() const noexcept;

  // Steps. They throw `dialogue_over` (see there), and `request_failed` when the pod answers no:
  // the event is then handled again (`events.attempts`).

  task<message> say(outgoing_message what);

  /// Asks the person and waits for an answer of type `T`: std::string (all of the message), an
  /// integer, double, bool, std::chrono::year_month_day, a duration, user_info (a mention),
  /// `cashtag`, `hashtag`. What does not fit is said, and asked again.
  template <class T>
  task<typename detail::answer_type<T>::type> ask(outgoing_message question, ask_rules rules = {}) {
    using answer = detail::answer_type<T>;
    co_return answer::from(
        co_await ask_for(answer::form, answer::wanted, std::move(question), {}, rules));
  }
  /// One of these, by its text or by its number, which are listed below the question.
  task<std::string> choose(outgoing_message question, choices options, ask_rules rules = {});
  /// Yes or no.
  task<bool> confirm(outgoing_message question, ask_rules rules = {});

  /// Shows a form and waits for the person's reply; one that does not fit is answered, and the form
  /// shown again. Include `<tutti/form.hpp>`. A person who presses its button `cancel` ends the
  /// dialogue.
  template <class T>
  task<T> form(const tutti::form<T>& which, ask_rules rules = {}) {
    const auto values = co_await form_for(which.definition(), rules);
    co_return tutti::form<T>::from(values);
  }

  /// Waits for what comes first of these branches, a `question<T>`, a `form<T>` or a duration, and
  /// gives it with the branch's place (`index()`): a number typed, or the form's reply, or
  /// `time_passed`. The forms of the others are over then. What fits no question is answered as for
  /// `ask`.
  template <class... Branches>
  task<std::variant<typename detail::branch_type<Branches>::type...>>
  when_any(Branches... branches) {
    return when_any(ask_rules{}, std::move(branches)...);
  }
  template <class... Branches>
  task<std::variant<typename detail::branch_type<Branches>::type...>>
  when_any(ask_rules rules, Branches... branches) {
    std::vector<detail::any_branch> all;
    all.reserve(sizeof...(Branches));
    (all.push_back(detail::branch_type<Branches>::of(std::move(branches))), ...);
    auto came = co_await any_of(std::move(all), rules);
    co_return detail::first_of<Branches...>(std::move(came),
                                            std::index_sequence_for<Branches...>{});
  }

  /// Does `work()`, or `work(key)`, which returns a value, a `task`, or nothing; what it returns is
  /// kept (see `to_value`). It is done once: should the process end in the midst, the dialogue ends
  /// as `interrupted`, since it is not known whether it was done, unless the rules say that it may
  /// be repeated. `key` is the same in each repetition. What
  /// it throws ends the attempt, and the next one does it again, unless the function goes on.
  template <class Work>
  task<typename detail::once_work<Work>::type> once(std::string name, Work work,
                                                    once_rules rules = {}) {
    using traits = detail::once_work<Work>;
    using type = typename traits::type;
    const auto kept = co_await begin_once(std::move(name), rules);
    if constexpr (std::is_void_v<type>) {
      if (kept.done)
        co_return;
      std::exception_ptr thrown;
      try {
        if constexpr (traits::awaited)
          co_await traits::call(work, kept.key);
        else
          traits::call(work, kept.key);
      } catch (...) {
        thrown = std::current_exception();
      }
      co_await end_once(thrown, {});
    } else {
      if (kept.done) {
        type value{};
        read_value(*kept.done, value);
        co_return value;
      }
      std::exception_ptr thrown;
      std::optional<type> value;
      try {
        if constexpr (traits::awaited)
          value.emplace(co_await traits::call(work, kept.key));
        else
          value.emplace(traits::call(work, kept.key));
      } catch (...) {
        thrown = std::current_exception();
      }
      json_value result; // No `?:` within co_await: GCC 12 destroys its temporaries twice.
      if (value)
        result = to_value(*value);
      co_await end_once(thrown, std::move(result));
      co_return std::move(*value);
    }
  }

  /// Goes on after that time, in whatever process runs then.
  task<> wait(std::chrono::milliseconds time);
  task<> wait_until(std::chrono::system_clock::time_point when);
  /// The time, and a number by chance, which stay the same.
  task<std::chrono::system_clock::time_point> now();
  task<std::int64_t> random();

private:
  struct begun {
    std::optional<json_value> done;
    std::string key;
  };
  task<argument_value> ask_for(detail::answer_form form, wanted_argument limits,
                               outgoing_message question, std::vector<std::string> options,
                               ask_rules rules);
  task<json_value> form_for(std::shared_ptr<const detail::form_definition> which, ask_rules rules);
  task<detail::any_outcome> any_of(std::vector<detail::any_branch> branches, ask_rules rules);
  task<begun> begin_once(std::string name, once_rules rules);
  /// Throws what was thrown.
  task<> end_once(std::exception_ptr thrown, json_value result);

  detail::dialogue_run& run_;
};

} // namespace tutti
