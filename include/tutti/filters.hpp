// Which events a handler wants: conditions that combine with `&&`, `||` and `!`.
#pragma once

#include <tutti/event.hpp>
#include <tutti/regular_expression.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <utility>

namespace tutti {

/// Copies share what is large.
class TUTTI_API event_filter {
public:
  /// `flaw`: why it can be used for nothing, said by `bot::start`; empty: it can.
  event_filter(std::function<bool(const event&)> takes, std::string flaw)
      : takes_(std::move(takes)), flaw_(std::move(flaw)) {}
  /// Of the author's own.
  template <std::predicate<const event&> Takes>
    requires(!std::same_as<std::remove_cvref_t<Takes>, event_filter>)
  event_filter(Takes takes) : takes_(std::move(takes)) {}

  bool operator()(const event& what) const { return takes_(what); }
  const std::string& flaw() const noexcept { return flaw_; }

  friend TUTTI_API event_filter operator&&(event_filter one, event_filter other);
  friend TUTTI_API event_filter operator||(event_filter one, event_filter other);
  friend TUTTI_API event_filter operator!(event_filter one);

private:
  std::function<bool(const event&)> takes_;
  std::string flaw_;
};

/// Texts are those of the event's message as a person reads it; letters of ASCII count in any case.
namespace filters {

/// Who has done it.
TUTTI_API event_filter from(user_id who);
/// By user name or e-mail address, in any case.
TUTTI_API event_filter from(std::string who);
TUTTI_API event_filter in(stream_id where);
/// Of an IM, also one of several people.
TUTTI_API event_filter in_im();
TUTTI_API event_filter in_room();
/// With people of other companies.
TUTTI_API event_filter external();
TUTTI_API event_filter contains(std::string text);
TUTTI_API event_filter begins_with(std::string text);
/// The expression is found somewhere in the text.
TUTTI_API event_filter matches(regular_expression what);
TUTTI_API event_filter mentions(user_id whom);
/// `tag` without `#`.
TUTTI_API event_filter tagged(std::string tag);
/// `ticker` without `$`.
TUTTI_API event_filter names_instrument(std::string ticker);
TUTTI_API event_filter with_attachment();

} // namespace filters

} // namespace tutti
