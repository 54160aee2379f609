// A command as its author declares it: pattern, help and handler.
#pragma once

#include <tutti/chat.hpp>
#include <tutti/commands/argument.hpp>

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tutti {

class dialogue;

/// An argument, for a handler that takes whatever its pattern has.
struct named_argument {
  std::string name;
  argument_value value;
};

/// What a command's handler becomes: one value for each of its parameters.
using command_handler = std::function<task<>(chat&, std::vector<argument_value>)>;
/// The same for a handler that begins a dialogue.
using dialogue_handler = std::function<task<>(dialogue&, std::vector<argument_value>)>;

/// Of a dialogue.
struct dialogue_rules {
  /// It is with all members of the stream, and there is one of it; else with the person who has
  /// begun it.
  bool whole_stream = false;
  /// Called when a dialogue that waits cannot go on in this program, whose steps are others.
  std::function<task<>(chat&)> on_changed{};
};

struct command_declaration {
  /// Words and parameters, e.g. `/quote {ticker:cashtag} {count:int=1}`.
  std::string pattern;
  /// One line for people.
  std::string help;
  /// The parameters of the handler after `chat&`.
  std::vector<wanted_argument> takes{};
  /// Of a command that begins no dialogue.
  command_handler handle{};
  /// Of one that does.
  dialogue_handler talk{};
  dialogue_rules rules{};
  /// Of a handler that takes `std::vector<named_argument>`: where the names of the pattern's
  /// parameters are put; it takes the types that they have.
  std::shared_ptr<std::vector<std::string>> names{};
  /// The pattern is its name only: no message calls it, code does.
  bool by_code = false;
};

namespace detail {

template <class... Given>
struct command_parameters {
  using values = std::tuple<std::decay_t<Given>...>;
  static constexpr bool by_name = false;

  static std::vector<wanted_argument> wanted() {
    return {argument_type<std::decay_t<Given>>::wanted...};
  }
  static values from(std::vector<argument_value>&& given) {
    return from(std::move(given), std::index_sequence_for<Given...>{});
  }

private:
  template <std::size_t... Index>
  static values from(std::vector<argument_value>&& given, std::index_sequence<Index...>) {
    (void)given; // Of a command without parameters.
    return values{argument_type<std::decay_t<Given>>::from(std::move(given[Index]))...};
  }
};

template <class Given>
  requires std::is_same_v<std::decay_t<Given>, std::vector<named_argument>>
struct command_parameters<Given> {
  static constexpr bool by_name = true;

  static std::vector<wanted_argument> wanted() { return {}; }
};

template <class Function>
struct signature_of {
  static_assert(sizeof(Function) == 0,
                "the handler of a command takes chat& and then its parameters, each of a type "
                "that is written out (not auto)");
};
template <class First, class... Given>
struct signature {
  static_assert(std::is_same_v<First, chat> || std::is_same_v<First, dialogue>,
                "the handler of a command takes chat&, or dialogue&, before its parameters");
  using first = First;
  using parameters = command_parameters<Given...>;
};
template <class Class, class Result, class First, class... Given>
struct signature_of<Result (Class::*)(First&, Given...) const> : signature<First, Given...> {};
template <class Class, class Result, class First, class... Given>
struct signature_of<Result (Class::*)(First&, Given...)> : signature<First, Given...> {};
template <class Class, class Result, class First, class... Given>
struct signature_of<Result (Class::*)(First&, Given...) const noexcept>
    : signature<First, Given...> {};
template <class Class, class Result, class First, class... Given>
struct signature_of<Result (Class::*)(First&, Given...) noexcept> : signature<First, Given...> {};
template <class Result, class First, class... Given>
struct signature_of<Result (*)(First&, Given...)> : signature<First, Given...> {};

template <class Handler>
struct handler_signature : signature_of<decltype(&Handler::operator())> {};
template <class Result, class First, class... Given>
struct handler_signature<Result (*)(First&, Given...)>
    : signature_of<Result (*)(First&, Given...)> {};

/// Holds the values until the handler has ended: it may take them by reference.
template <class Handler, class First, class... Values>
task<> call_command(std::shared_ptr<Handler> handle, First& where, std::tuple<Values...> given) {
  auto call = [&](auto&... each) { return (*handle)(where, std::move(each)...); };
  if constexpr (std::is_void_v<decltype(std::apply(call, given))>)
    std::apply(call, given);
  else
    co_await std::apply(call, given);
  co_return;
}

} // namespace detail

/// `handle` is called with `chat&`, or `dialogue&`, and one argument for each parameter of the
/// pattern, or with `std::vector<named_argument>` for all of them; it returns `task<>`, or nothing.
template <class Handler>
command_declaration declare_command(std::string pattern, std::string help, Handler handle) {
  using handler = std::decay_t<Handler>;
  using found = detail::handler_signature<handler>;
  using first = typename found::first;
  using parameters = typename found::parameters;
  command_declaration made{std::move(pattern), std::move(help), parameters::wanted()};
  if constexpr (parameters::by_name)
    made.names = std::make_shared<std::vector<std::string>>();
  auto call = [shared = std::make_shared<handler>(std::move(handle)),
               names = made.names](first& where, std::vector<argument_value> given) {
    if constexpr (parameters::by_name) {
      std::vector<named_argument> all;
      all.reserve(given.size());
      for (std::size_t i = 0; i < given.size(); ++i)
        all.push_back({names->at(i), std::move(given[i])});
      return detail::call_command(shared, where, std::tuple{std::move(all)});
    } else {
      return detail::call_command(shared, where, parameters::from(std::move(given)));
    }
  };
  if constexpr (std::is_same_v<first, dialogue>)
    made.talk = std::move(call);
  else
    made.handle = std::move(call);
  return made;
}

} // namespace tutti
