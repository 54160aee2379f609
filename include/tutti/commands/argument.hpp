// What a command takes from a message: the types of its handler's parameters, and their values.
#pragma once

#include <tutti/message.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace tutti {

/// The value of one parameter; `monostate` for an optional one that was left out.
using argument_value =
    std::variant<std::monostate, std::string, std::int64_t, double, bool,
                 std::chrono::year_month_day, std::chrono::milliseconds, user_info>;

/// What a parameter of a handler can take.
enum class argument_form : std::uint8_t { text, integer, decimal, boolean, date, duration, user };

/// A parameter of a handler.
struct wanted_argument {
  argument_form form = argument_form::text;
  /// It is a `std::optional`.
  bool optional = false;
  /// Of an integer, and of a duration in milliseconds.
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  /// Of a duration, in milliseconds: what it counts.
  std::int64_t unit = 1;
};

namespace detail {

/// What a handler's parameter may be: `std::string`, an integer, `double`, `bool`,
/// `std::chrono::year_month_day`, a duration, `user_info`, and `std::optional` of one of them.
template <class T>
struct argument_type {
  static_assert(sizeof(T) == 0,
                "a command's handler takes std::string, a signed integer, double, bool, "
                "std::chrono::year_month_day, a std::chrono duration, tutti::user_info, or "
                "std::optional of one of them");
};

template <>
struct argument_type<std::string> {
  static constexpr wanted_argument wanted{argument_form::text};
  static std::string from(argument_value&& given) {
    return std::get<std::string>(std::move(given));
  }
};

template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
           !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>)
struct argument_type<T> {
  static_assert(std::is_signed_v<T> || sizeof(T) < sizeof(std::int64_t),
                "an integer that a command takes has at most 64 bits with its sign");
  static constexpr wanted_argument wanted{
      argument_form::integer, false, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
  static T from(argument_value&& given) { return static_cast<T>(std::get<std::int64_t>(given)); }
};

template <>
struct argument_type<double> {
  static constexpr wanted_argument wanted{argument_form::decimal};
  static double from(argument_value&& given) { return std::get<double>(given); }
};

template <>
struct argument_type<bool> {
  static constexpr wanted_argument wanted{argument_form::boolean};
  static bool from(argument_value&& given) { return std::get<bool>(given); }
};

template <>
struct argument_type<std::chrono::year_month_day> {
  static constexpr wanted_argument wanted{argument_form::date};
  static auto from(argument_value&& given) { return std::get<std::chrono::year_month_day>(given); }
};

template <class Rep, class Period>
struct argument_type<std::chrono::duration<Rep, Period>> {
  using counted = std::chrono::duration<Rep, Period>;
  /// Milliseconds of one; 1 for what is finer.
  static constexpr std::int64_t unit =
      std::ratio_less_v<Period, std::milli> ? 1 : Period::num * 1'000 / Period::den;
  /// A hundred years, or as many as it can count.
  static constexpr std::int64_t most() {
    const auto longest = std::chrono::milliseconds{std::chrono::years{100}}.count();
    const auto ends = std::chrono::duration<double, std::milli>{counted::max()}.count();
    return ends < static_cast<double>(longest) ? static_cast<std::int64_t>(ends) : longest;
  }
  static constexpr wanted_argument wanted{argument_form::duration, false, 0, most(), unit};
  static auto from(argument_value&& given) {
    return std::chrono::duration_cast<counted>(std::get<std::chrono::milliseconds>(given));
  }
};

template <>
struct argument_type<user_info> {
  static constexpr wanted_argument wanted{argument_form::user};
  static user_info from(argument_value&& given) { return std::get<user_info>(std::move(given)); }
};

template <class T>
struct argument_type<std::optional<T>> {
  static constexpr wanted_argument wanted{
      argument_type<T>::wanted.form, true, argument_type<T>::wanted.least,
      argument_type<T>::wanted.most, argument_type<T>::wanted.unit};
  static std::optional<T> from(argument_value&& given) {
    if (std::holds_alternative<std::monostate>(given))
      return std::nullopt;
    return argument_type<T>::from(std::move(given));
  }
};

} // namespace detail

} // namespace tutti
