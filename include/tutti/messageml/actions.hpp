// Builds buttons that act in the reader's client: they open a chat or a dialog.
#pragma once

#include <tutti/messageml/forms.hpp>

namespace tutti::messageml {

/// Opens a chat with these users, 15 at most. With two or more it is a new chat each time.
TUTTI_API content open_im(std::string_view label, std::span<const user_id> users,
                          const button_options& options = detail::no_options<button_options>());
inline content open_im(std::string_view label, std::initializer_list<user_id> users,
                       const button_options& options = detail::no_options<button_options>()) {
  return open_im(label, std::span{users.begin(), users.size()}, options);
}
/// Opens this chat; `side_by_side`: beside the one that is open.
TUTTI_API content open_chat(std::string_view label, const stream_id& stream,
                            bool side_by_side = true,
                            const button_options& options = detail::no_options<button_options>());
/// Opens the dialog with that id, which has to be beside this button.
TUTTI_API content open_dialog(std::string_view label, std::string_view dialog,
                              const button_options& options = detail::no_options<button_options>());

enum class section : std::uint8_t { title, body, footer };
/// `Part` is `content`, or `form_part` when a field is in it.
template <section Which, class Part>
class dialog_section : public part {
public:
  explicit dialog_section(detail::markup good) : part(std::move(good)) {}
};

namespace detail {

template <section Which, class... Given>
dialog_section<Which, block_of<Given...>> section_of(std::string_view tag, const Given&... within) {
  return dialog_section<Which, block_of<Given...>>{
      element(tag, {}, joined<form_part>(within...), "dialog")};
}

} // namespace detail

template <goes_into<form_part>... Given>
auto dialog_title(const Given&... within) {
  return detail::section_of<section::title>("title", within...);
}
template <goes_into<form_part>... Given>
auto dialog_body(const Given&... within) {
  return detail::section_of<section::body>("body", within...);
}
template <goes_into<form_part>... Given>
auto dialog_footer(const Given&... within) {
  return detail::section_of<section::footer>("footer", within...);
}

enum class dialog_width : std::uint8_t { small, medium, large, full_width };
struct dialog_options {
  /// No other dialog or form of the message has it; 64 characters at most, no blanks.
  std::string id{};
  dialog_width width = dialog_width::medium;
  /// It is shown as soon as the message is.
  bool open = false;
};

namespace detail {

TUTTI_API content dialog(const dialog_options& options, const form_options* form,
                         const markup& sections);

} // namespace detail

inline content dialog(const dialog_options& options,
                      const dialog_section<section::title, content>& title,
                      const dialog_section<section::body, content>& body) {
  return detail::dialog(options, nullptr, detail::joined_pieces(title, body));
}
inline content dialog(const dialog_options& options,
                      const dialog_section<section::title, content>& title,
                      const dialog_section<section::body, content>& body,
                      const dialog_section<section::footer, content>& footer) {
  return detail::dialog(options, nullptr, detail::joined_pieces(title, body, footer));
}
/// A dialog that is a form.
template <class Title, class Body>
content dialog(const dialog_options& options, const form_options& form,
               const dialog_section<section::title, Title>& title,
               const dialog_section<section::body, Body>& body) {
  return detail::dialog(options, &form, detail::joined_pieces(title, body));
}
template <class Title, class Body, class Footer>
content dialog(const dialog_options& options, const form_options& form,
               const dialog_section<section::title, Title>& title,
               const dialog_section<section::body, Body>& body,
               const dialog_section<section::footer, Footer>& footer) {
  return detail::dialog(options, &form, detail::joined_pieces(title, body, footer));
}

} // namespace tutti::messageml
