// Builds the actions of clients, and dialogs.
#include <tutti/messageml/actions.hpp>

#include <wire/messageml/builder/buttons.hpp>

namespace tutti::messageml {

content open_im(std::string_view label, std::span<const user_id> users,
                const button_options& options) {
  std::string list;
  for (const auto each : users)
    (list += list.empty() ? "[" : ",") += std::to_string(each.value());
  if (users.empty())
    detail::refuse("ui-action", "user-ids", "it names at least one user");
  return content{detail::checked_alone(
      detail::element("ui-action", {{"action", "open-im"}, {"user-ids", list + "]"}},
                      button({}, {}, label, options)))};
}

content open_chat(std::string_view label, const stream_id& stream, bool side_by_side,
                  const button_options& options) {
  if (stream == stream_id{})
    detail::refuse("ui-action", "stream-id", "it names a stream");
  return content{
      detail::checked_alone(detail::element("ui-action",
                                            {{"action", "open-im"},
                                             {"stream-id", std::string{stream.text()}},
                                             {"side-by-side", side_by_side ? "true" : "false"}},
                                            button({}, {}, label, options)))};
}

content open_dialog(std::string_view label, std::string_view dialog,
                    const button_options& options) {
  return content{detail::element("ui-action",
                                 {{"action", "open-dialog"}, {"target-id", std::string{dialog}}},
                                 button({}, {}, label, options))};
}

content detail::dialog(const dialog_options& options, const form_options* form,
                       const markup& sections) {
  static constexpr const char* widths[] = {"small", "medium", "large", "full-width"};
  return content{checked_alone(element("dialog",
                                       {{"id", options.id},
                                        {"width", widths[static_cast<int>(options.width)]},
                                        {"state", options.open ? "open" : "close"}},
                                       form ? form_around(*form, sections) : sections))};
}

} // namespace tutti::messageml
