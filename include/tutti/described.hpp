// C++ types as JSON values: numbers, texts, times, ids, containers, enums and classes that are
// described (BOOST_DESCRIBE_STRUCT), at any depth.
#pragma once

#include <tutti/ids.hpp>
#include <tutti/json_value.hpp>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <chrono>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tutti {

/// Thrown for a JSON value that does not fit its type.
class misfit_error : public std::runtime_error {
public:
  explicit misfit_error(const std::string& what) : std::runtime_error(what) {}
};

namespace detail {

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;

template <class T>
const T& as(const json_value& from, const char* wanted) {
  const auto* found = std::get_if<T>(&from.what);
  if (!found)
    throw misfit_error{std::string{"not "} + wanted};
  return *found;
}

/// Reads within `place`, which an error names.
template <class Read>
void at_place(const std::string& place, Read read) {
  try {
    read();
  } catch (const misfit_error& error) {
    throw misfit_error{place + ": " + error.what()};
  }
}

} // namespace detail

template <class T>
json_value to_value(const T& from);

/// What is missing stays as it is in `into`: a member that is new has the class's own preset.
/// Throws `misfit_error` with the place.
template <class T>
void read_value(const json_value& from, T& into);

namespace detail {

template <class T>
json_value value_of_class(const T& from) {
  json_value::object made;
  boost::mp11::mp_for_each<boost::describe::describe_members<
      T, boost::describe::mod_public | boost::describe::mod_inherited>>(
      [&](auto member) { made.emplace(member.name, to_value(from.*member.pointer)); });
  return {std::move(made)};
}

template <class T>
void read_class(const json_value& from, T& into) {
  as<json_value::object>(from, "an object");
  boost::mp11::mp_for_each<boost::describe::describe_members<
      T, boost::describe::mod_public | boost::describe::mod_inherited>>([&](auto member) {
    if (const auto* found = from.find(member.name))
      at_place(member.name, [&] { read_value(*found, into.*member.pointer); });
  });
}

template <class T>
void read_enum(const json_value& from, T& into) {
  const auto& word = as<std::string>(from, "the name of a value");
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto each) {
    if (word == each.name) {
      into = each.value;
      found = true;
    }
  });
  if (!found)
    throw misfit_error{"'" + word + "' is no value of it"};
}

template <class T>
json_value value_of_enum(T from) {
  std::string name;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto each) {
    if (from == each.value)
      name = each.name;
  });
  if (name.empty())
    throw misfit_error{"a value of an enum that is not described"};
  return {std::move(name)};
}

template <class T>
void read_number(const json_value& from, T& into) {
  if constexpr (std::floating_point<T>) {
    const auto* whole = std::get_if<std::int64_t>(&from.what);
    if (std::holds_alternative<std::nullptr_t>(from.what)) // What JSON cannot write.
      into = std::numeric_limits<T>::quiet_NaN();
    else
      into = static_cast<T>(whole ? static_cast<double>(*whole) : as<double>(from, "a number"));
  } else {
    const auto number = as<std::int64_t>(from, "a whole number");
    if (!std::in_range<T>(number))
      throw misfit_error{std::to_string(number) + " is out of range"};
    into = static_cast<T>(number);
  }
}

template <class Id, class Given>
void read_id(const Given& given, Id& into) {
  const auto made = Id::make(given);
  if (!made)
    throw misfit_error{"no id"};
  into = *made;
}

} // namespace detail

template <class T>
json_value to_value(const T& from) {
  using std::chrono::milliseconds;
  if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    return {from};
  } else if constexpr (std::integral<T>) {
    static_assert(std::is_signed_v<T> || sizeof(T) < sizeof(std::int64_t),
                  "JSON keeps integers of at most 64 bits with their sign");
    return {static_cast<std::int64_t>(from)};
  } else if constexpr (std::floating_point<T>) {
    return {static_cast<double>(from)};
  } else if constexpr (std::same_as<T, user_id>) {
    return {from.value()};
  } else if constexpr (std::same_as<T, stream_id>) {
    return {to_string(from)};
  } else if constexpr (std::same_as<T, std::chrono::system_clock::time_point>) {
    return to_value(from.time_since_epoch());
  } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
    return {std::int64_t{std::chrono::sys_days{from}.time_since_epoch().count()}};
  } else if constexpr (detail::is_duration<T>) {
    return {static_cast<std::int64_t>(std::chrono::duration_cast<milliseconds>(from).count())};
  } else if constexpr (detail::is_optional<T>) {
    return from ? to_value(*from) : json_value{};
  } else if constexpr (detail::is_vector<T>) {
    json_value::array made;
    made.reserve(from.size());
    for (const auto& each : from)
      made.push_back(to_value<typename T::value_type>(each));
    return {std::move(made)};
  } else if constexpr (detail::is_map<T>) {
    json_value::object made;
    for (const auto& [name, each] : from)
      made.emplace(name, to_value(each));
    return {std::move(made)};
  } else if constexpr (boost::describe::has_describe_enumerators<T>::value) {
    return detail::value_of_enum(from);
  } else {
    static_assert(boost::describe::has_describe_members<T>::value,
                  "describe this class with BOOST_DESCRIBE_STRUCT, or use a type that JSON has");
    return detail::value_of_class(from);
  }
}

template <class T>
void read_value(const json_value& from, T& into) {
  using std::chrono::milliseconds;
  if constexpr (std::same_as<T, bool>) {
    into = detail::as<bool>(from, "true or false");
  } else if constexpr (std::same_as<T, std::string>) {
    into = detail::as<std::string>(from, "a text");
  } else if constexpr (std::integral<T> || std::floating_point<T>) {
    detail::read_number(from, into);
  } else if constexpr (std::same_as<T, user_id>) {
    detail::read_id(detail::as<std::int64_t>(from, "a user's id"), into);
  } else if constexpr (std::same_as<T, stream_id>) {
    detail::read_id(detail::as<std::string>(from, "a stream's id"), into);
  } else if constexpr (std::same_as<T, std::chrono::system_clock::time_point>) {
    into = T{milliseconds{detail::as<std::int64_t>(from, "a time")}};
  } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
    into = std::chrono::sys_days{
        std::chrono::days{static_cast<int>(detail::as<std::int64_t>(from, "a day"))}};
  } else if constexpr (detail::is_duration<T>) {
    into = std::chrono::duration_cast<T>(
        milliseconds{detail::as<std::int64_t>(from, "a duration in milliseconds")});
  } else if constexpr (detail::is_optional<T>) {
    if (std::holds_alternative<std::nullptr_t>(from.what))
      into.reset();
    else
      read_value(from, into.emplace());
  } else if constexpr (detail::is_vector<T>) {
    into.clear();
    for (const auto& each : detail::as<json_value::array>(from, "a list")) {
      typename T::value_type one{};
      detail::at_place(std::to_string(into.size()), [&] { read_value(each, one); });
      into.push_back(std::move(one));
    }
  } else if constexpr (detail::is_map<T>) {
    into.clear();
    for (const auto& [name, each] : detail::as<json_value::object>(from, "an object"))
      detail::at_place(name, [&] { read_value(each, into[name]); });
  } else if constexpr (boost::describe::has_describe_enumerators<T>::value) {
    detail::read_enum(from, into);
  } else {
    static_assert(boost::describe::has_describe_members<T>::value,
                  "describe this class with BOOST_DESCRIBE_STRUCT, or use a type that JSON has");
    detail::read_class(from, into);
  }
}

} // namespace tutti
