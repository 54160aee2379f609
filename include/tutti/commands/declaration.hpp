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

/// What a command's handler becomes: one value for each of its parameters.
using command_handler = std::function<task<>(chat&, std::vector<argument_value>)>;

struct command_declaration {
  /// Words and parameters, e.g. `/quote {ticker:cashtag} {count:int=1}`.
  std::string pattern;
  /// One line for people.
  std::string help;
  /// The parameters of the handler after `chat&`.
  std::vector<wanted_argument> takes;
  command_handler handle;
};

namespace detail {

template <class... Given>
struct command_parameters {
  using values = std::tuple<std::decay_t<Given>...>;

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

template <class Function>
struct signature_of {
  static_assert(sizeof(Function) == 0,
                "the handler of a command takes chat& and then its parameters, each of a type "
                "that is written out (not auto)");
};
template <class Class, class Result, class... Given>
struct signature_of<Result (Class::*)(chat&, Given...) const> {
  using parameters = command_parameters<Given...>;
};
template <class Class, class Result, class... Given>
struct signature_of<Result (Class::*)(chat&, Given...)> {
  using parameters = command_parameters<Given...>;
};
template <class Class, class Result, class... Given>
struct signature_of<Result (Class::*)(chat&, Given...) const noexcept> {
  using parameters = command_parameters<Given...>;
};
template <class Class, class Result, class... Given>
struct signature_of<Result (Class::*)(chat&, Given...) noexcept> {
  using parameters = command_parameters<Given...>;
};
template <class Result, class... Given>
struct signature_of<Result (*)(chat&, Given...)> {
  using parameters = command_parameters<Given...>;
};

template <class Handler>
struct handler_signature : signature_of<decltype(&Handler::operator())> {};
template <class Result, class... Given>
struct handler_signature<Result (*)(chat&, Given...)> : signature_of<Result (*)(chat&, Given...)> {
};

/// Holds the values until the handler has ended: it may take them by reference.
template <class Handler, class... Values>
task<> call_command(std::shared_ptr<Handler> handle, chat& where, std::tuple<Values...> given) {
  auto call = [&](auto&... each) { return (*handle)(where, std::move(each)...); };
  if constexpr (std::is_void_v<decltype(std::apply(call, given))>)
    std::apply(call, given);
  else
    co_await std::apply(call, given);
  co_return;
}

} // namespace detail

/// `handle` is called with `chat&` and one argument for each parameter of the pattern; it returns
/// `task<>`, or nothing.
template <class Handler>
command_declaration declare_command(std::string pattern, std::string help, Handler handle) {
  using handler = std::decay_t<Handler>;
  using parameters = typename detail::handler_signature<handler>::parameters;
  return {std::move(pattern), std::move(help), parameters::wanted(),
          [shared = std::make_shared<handler>(std::move(handle))](
              chat& where, std::vector<argument_value> given) {
            return detail::call_command(shared, where, parameters::from(std::move(given)));
          }};
}

} // namespace tutti
