// Builds messages. What may be where is known to the types: a field outside a form does not
// compile, nor a paragraph in bold text. A text is never markup: `&`, `<`, `$` and the like are
// escaped, line feeds become breaks, and what a message cannot hold is replaced. Values are checked
// when they are given, by the same table as the agent's: what is built, the agent takes.
#pragma once

#include <tutti/messageml/actions.hpp>
#include <tutti/messageml/blocks.hpp>
#include <tutti/messageml/forms.hpp>
#include <tutti/messageml/markdown.hpp>
#include <tutti/messageml/phrases.hpp>

namespace tutti::messageml {

class message {
public:
  message() = default;
  template <goes_into<content>... Contents>
    requires(sizeof...(Contents) > 0)
  explicit message(const Contents&... within) : all_(detail::joined<content>(within...)) {}

  message& add(const content& what) {
    all_.append(what.good());
    return *this;
  }
  template <goes_into<content>... Contents>
  message& p(const Contents&... within) {
    return add(messageml::p(within...));
  }
  template <goes_into<phrase>... Phrases>
  message& heading(int level, const Phrases&... within) {
    return add(messageml::heading(level, within...));
  }
  template <goes_into<form_part>... Parts>
  message& form(std::string_view id, const Parts&... parts) {
    return add(messageml::form(id, parts...));
  }
  /// The one way to give markup: checked as a message of its own; throws `build_error` with the
  /// first fault.
  TUTTI_API message& raw(std::string_view messageml);

  /// `<messageML>...</messageML>`, as it is sent. Throws `build_error` when the whole is refused:
  /// two forms of one id, an action without its dialog, too many entities or characters.
  TUTTI_API std::string xml() const;
  /// As a person reads it, users and tags by what was given.
  TUTTI_API std::string to_text() const;

private:
  detail::markup all_;
};

} // namespace tutti::messageml
