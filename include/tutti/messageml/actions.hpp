// Buttons that act in the reader's client: they open a chat or a dialog.
#pragma once

#include <tutti/messageml/forms.hpp>

namespace tutti::messageml {

/// Opens a chat with these users, 15 at most. With two or more it is a new chat each time.
TUTTI_API content open_im(std::string_view label, std::span<const user_id> users,
                          const button_options& options = {});
/// Opens this chat; `side_by_side`: beside the one that is open.
TUTTI_API content open_chat(std::string_view label, const stream_id& stream,
                            bool side_by_side = true, const button_options& options = {});
/// Opens the dialog with that id, which has to stand beside this button.
TUTTI_API content open_dialog(std::string_view label, std::string_view dialog,
                              const button_options& options = {});

/// A title, a body or a footer. `Part` is `content`, or `form_part` when a field is in it.
template <class Part>
class dialog_section : public part {
public:
  explicit dialog_section(detail::markup good) : part(std::move(good)) {}
};
template <goes_into<form_part>... Given>
dialog_section<block_of<Given...>> dialog_title(const Given&... within) {
  return dialog_section<block_of<Given...>>{
      detail::element("title", {}, detail::joined<form_part>(within...), "dialog")};
}
template <goes_into<form_part>... Given>
dialog_section<block_of<Given...>> dialog_body(const Given&... within) {
  return dialog_section<block_of<Given...>>{
      detail::element("body", {}, detail::joined<form_part>(within...), "dialog")};
}
template <goes_into<form_part>... Given>
dialog_section<block_of<Given...>> dialog_footer(const Given&... within) {
  return dialog_section<block_of<Given...>>{
      detail::element("footer", {}, detail::joined<form_part>(within...), "dialog")};
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

/// Needs a title and a body.
template <class... More>
content dialog(const dialog_options& options, const dialog_section<content>& title,
               const dialog_section<content>& body, const More&... more)
  requires(std::same_as<More, dialog_section<content>> && ...)
{
  return detail::dialog(options, nullptr, detail::joined_pieces(title, body, more...));
}
/// A dialog that is a form.
template <class... Parts>
content dialog(const dialog_options& options, const form_options& form,
               const dialog_section<Parts>&... sections) {
  return detail::dialog(options, &form, detail::joined_pieces(sections...));
}

} // namespace tutti::messageml
