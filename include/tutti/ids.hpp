// Ids of users, streams and calls: wrong values cannot be held.
#pragma once

#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tutti {

/// A Symphony user id: a positive 64-bit integer (OpenAPI: int64).
class user_id {
public:
  /// No user; all other values name one.
  constexpr user_id() = default;

  /// Refuses zero and negative numbers with `errc::invalid_participants`.
  TUTTI_API static result<user_id> make(std::int64_t value);

  /// Reads decimal digits; refuses anything else with `errc::invalid_participants`.
  TUTTI_API static result<user_id> parse(std::string_view digits);

  /// The number on the wire; 0 names no user.
  constexpr std::int64_t value() const noexcept { return value_; }

  friend constexpr auto operator<=>(const user_id&, const user_id&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, user_id& x) {
    return f(x.value_);
  }

private:
  explicit constexpr user_id(std::int64_t value) noexcept : value_(value) {}

  std::int64_t value_ = 0;
};

/// The id of a conversation, always in URL-safe Base64 without padding.
class stream_id {
public:
  /// No stream.
  stream_id() = default;

  /// Takes both Base64 dialects of Symphony and normalises to the URL-safe one;
  /// refuses an empty or foreign text with `errc::protocol_error`.
  TUTTI_API static result<stream_id> make(std::string_view text);

  /// The normalised text; empty when there is no stream. Lasts as long as the id.
  std::string_view text() const noexcept {
    return longer_ ? std::string_view{*longer_} : std::string_view{here_.data(), size_};
  }

  friend bool operator==(const stream_id& a, const stream_id& b) noexcept {
    return a.text() == b.text();
  }
  friend auto operator<=>(const stream_id& a, const stream_id& b) noexcept {
    return a.text() <=> b.text();
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, stream_id& x) {
    auto text = std::string{x.text()};
    auto done = f(text);
    if constexpr (Inspector::writes_state) {
      auto made = make(text);
      x = made ? *made : stream_id{};
    }
    return done;
  }

private:
  /// Symphony's have 34 characters or a few more: copying one of these allocates nothing.
  static constexpr std::size_t room = 47;

  std::array<char, room> here_{};
  std::uint8_t size_ = 0;
  std::shared_ptr<const std::string> longer_;
};

/// The normalised text.
TUTTI_API std::string to_string(const stream_id& id);

/// Names one request so that it can be cancelled; unique in this process.
class call_ticket {
public:
  /// No ticket: the request cannot be cancelled.
  constexpr call_ticket() = default;

  /// A ticket that no other request has.
  TUTTI_API static call_ticket next() noexcept;

  constexpr std::uint64_t value() const noexcept { return value_; }
  constexpr explicit operator bool() const noexcept { return value_ != 0; }

  friend constexpr auto operator<=>(const call_ticket&, const call_ticket&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, call_ticket& x) {
    return f(x.value_);
  }

private:
  std::uint64_t value_ = 0;
};

} // namespace tutti

template <>
struct std::hash<tutti::user_id> {
  std::size_t operator()(const tutti::user_id& x) const noexcept {
    return std::hash<std::int64_t>{}(x.value());
  }
};

template <>
struct std::hash<tutti::stream_id> {
  std::size_t operator()(const tutti::stream_id& x) const noexcept {
    return std::hash<std::string_view>{}(x.text());
  }
};

template <>
struct std::hash<tutti::call_ticket> {
  std::size_t operator()(const tutti::call_ticket& x) const noexcept {
    return std::hash<std::uint64_t>{}(x.value());
  }
};
