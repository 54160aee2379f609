// What no column of the table says: rules between several attributes, or several elements.
#include <wire/messageml/grammar/build.hpp>

#include <wire/messageml/text/json_values.hpp>
#include <wire/messageml/text/values.hpp>

#include <algorithm>
#include <functional>
#include <map>

namespace tutti::messageml {

namespace {

class rules {
public:
  rules(const element& one, const std::vector<kind>& above, faults& found)
      : one_(one), above_(above), found_(found) {}

  void check() {
    switch (one_.what) {
    case kind::division:
    case kind::span:
      return check_entity_class();
    case kind::link:
      return check_link();
    case kind::hashtag:
      return check_hashtag();
    case kind::cashtag:
      return needs_tag();
    case kind::emoji:
      return check_emoji();
    case kind::expandable_card:
      return needs_one_of("state", "data-state");
    case kind::form:
      return check_form();
    case kind::button:
      return check_button();
    case kind::text_field:
      return check_lengths(1, 128);
    case kind::text_area:
    case kind::rich_text_area:
      return check_lengths(0, 10'000);
    case kind::select:
      return check_select();
    case kind::ui_action:
      return check_action();
    case kind::dialog:
      return check_dialog();
    case kind::dialog_title:
    case kind::dialog_body:
    case kind::dialog_footer:
      return check_dialog_part();
    default:
      return;
    }
  }

private:
  void complain(fault_kind kind, std::string_view attribute, std::string text) {
    found_.push_back(
        {kind, one_.at, std::string{one_.row().tag}, std::string{attribute}, std::move(text)});
  }

  bool is(std::string_view name, std::string_view value) const {
    const auto* given = one_.find(name);
    return given && lower(*given) == value;
  }

  void needs_one_of(std::string_view name, std::string_view other) {
    const auto* given = one_.find(name) ? one_.find(name) : one_.find(other);
    if (!given || is_trim_empty(*given))
      complain(fault_kind::attribute_missing, name, given ? "it is empty" : "it is missing");
  }

  // -- text and tags --------------------------------------------------------------

  void check_entity_class() {
    const auto* words = one_.find("class");
    const auto* id = one_.find("data-entity-id");
    const auto entity = words && *words == "entity";
    if (id && !entity)
      complain(fault_kind::unknown_attribute, "data-entity-id",
               "only with the class \"entity\" alone");
    if (entity && !id)
      complain(fault_kind::attribute_missing, "data-entity-id", "the class \"entity\" needs it");
  }

  void check_link() {
    const auto* href = one_.find("href");
    if (href && !href->empty() && flaw_of_uri(*href).empty() && scheme_of(*href).empty())
      complain(fault_kind::bad_uri, "href", "it begins with a scheme, as https:");
  }

  void needs_tag() {
    if (!one_.custom && !one_.find("tag"))
      complain(fault_kind::attribute_missing, "tag", "it is missing");
  }

  void check_hashtag() {
    if (!one_.custom && !one_.find("tag"))
      return needs_tag();
    constexpr std::string_view marks = "!@#$%^&*()+=<>,./?`~:;'\"\\|-";
    const auto& tag = one_.shown;
    const auto blank = tag.find_first_of(" \t\n\v\f\r") != tag.npos;
    const auto letters = tag.find_first_not_of(marks) != tag.npos;
    if (blank || !letters)
      complain(fault_kind::not_in_list, "tag", "no blanks, and at least one letter or digit");
  }

  void check_emoji() {
    const auto* name = one_.find("shortcode") ? one_.find("shortcode") : one_.find("annotation");
    if (!name)
      return complain(fault_kind::attribute_missing, "shortcode", "it is missing");
    if (!std::all_of(name->begin(), name->end(), [](char c) {
          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 c == '_' || c == '+' || c == '-';
        }))
      complain(fault_kind::not_in_list, "shortcode", "letters, digits, _ + -");
  }

  // -- forms ----------------------------------------------------------------------

  void each_below(const element& where, const std::function<void(const element&)>& visit) const {
    for (const auto& child : where.children) {
      visit(child);
      each_below(child, visit);
    }
  }

  void check_form() {
    if (std::find(above_.begin(), above_.end(), kind::form) != above_.end())
      return complain(fault_kind::forbidden_ancestor, {}, "a form must not be in another form");
    auto boxes = 0;
    auto radios = 0;
    auto buttons = 0;
    each_below(one_, [&](const element& each) {
      boxes += each.what == kind::checkbox ? 1 : 0;
      radios += each.what == kind::radio ? 1 : 0;
      const auto* type = each.what == kind::button ? each.find("type") : nullptr;
      buttons += type && *type == "action" ? 1 : 0;
    });
    if (boxes > 50 || radios > 50)
      complain(fault_kind::too_many, {}, "a form has at most 50 checkboxes and 50 radio buttons");
    if (above_.back() != kind::dialog) {
      if (buttons == 0)
        complain(fault_kind::no_action_button, {}, "a form needs a <button> of type action");
      return;
    }
    for (const auto& child : one_.children)
      if (!(one_.in == spelling::shorthand ? child.what == part_of(child) && !child.is_text()
                                           : is_part(child)) &&
          !(child.is_text() && is_blank(child.text)))
        complain(child.is_text() ? fault_kind::text_not_allowed : fault_kind::child_not_allowed, {},
                 "a form in a dialog holds <title>, <body> and <footer> only");
  }

  void check_button() {
    const auto in_action = above_.back() == kind::ui_action;
    const auto in_form = std::find(above_.begin(), above_.end(), kind::form) != above_.end();
    const auto below_action =
        std::find(above_.begin(), above_.end(), kind::ui_action) != above_.end();
    if (!in_form && !below_action)
      complain(fault_kind::no_form_above, {}, "it needs a <form> or a <ui-action> around it");
    check_button_class();
    const auto* type = one_.find("type");
    const auto* name = one_.find("name");
    if (in_action) {
      for (const auto* each : {"type", "name"})
        if (one_.find(each))
          complain(fault_kind::unknown_attribute, each, "a button of a <ui-action> has none");
      return;
    }
    const auto kind_of = type ? *type : "action";
    if (kind_of == "reset" && name)
      complain(fault_kind::unknown_attribute, "name", "a button that resets has none");
    if ((kind_of == "action" || kind_of == "cancel") && (!name || is_blank(*name)))
      complain(fault_kind::attribute_missing, "name", name ? "it is empty" : "it is missing");
  }

  void check_button_class() {
    const auto* words = one_.find("class");
    if (!words)
      return;
    auto word = std::string_view{*words};
    if (word.ends_with("-destructive"))
      word.remove_suffix(12);
    const auto row = std::find_if(one_.row().attributes.begin(), one_.row().attributes.end(),
                                  [](const auto& each) { return each.name == "class"; });
    if (word.empty() || !in_list_exactly(word, row->words))
      complain(fault_kind::not_in_list, "class", "it is one of: " + std::string{row->words});
  }

  void check_lengths(int least, int most) {
    const auto* pattern = one_.find("pattern");
    const auto* message = one_.find("pattern-error-message")
                              ? one_.find("pattern-error-message")
                              : one_.find("data-pattern-error-message");
    if (pattern && !message)
      complain(fault_kind::bad_pattern, "pattern-error-message", "a pattern needs a message");
    if (pattern && message && units(*message) > 256)
      complain(fault_kind::too_long, "pattern-error-message", "it has at most 256 characters");
    auto number = [&](std::string_view name, int otherwise) {
      const auto* given = one_.find(name);
      return given ? read_int(*given).value_or(otherwise) : otherwise;
    };
    const auto low = number("minlength", least);
    const auto high = number("maxlength", most);
    if (low > high)
      complain(fault_kind::min_and_max, "minlength", "it is above maxlength");
    const auto* value = one_.find("value");
    if (!value && one_.children.size() == 1 && one_.children.front().is_text())
      value = &one_.children.front().text;
    if (value && (units(*value) < static_cast<std::size_t>(low) ||
                  units(*value) > static_cast<std::size_t>(high)))
      complain(fault_kind::initial_value_length, {},
               "the initial value has " + std::to_string(low) + " to " + std::to_string(high) +
                   " characters");
  }

  void check_select() {
    const auto multiple = is("multiple", "true");
    const auto* min = one_.find("min");
    const auto* max = one_.find("max");
    for (const auto* each : {min, max})
      if (each && !multiple)
        complain(fault_kind::min_and_max, each == min ? "min" : "max",
                 "only with multiple=\"true\"");
    if (min && max && read_int(*min).value_or(0) > read_int(*max).value_or(0))
      complain(fault_kind::min_and_max, "min", "it is above max");
    if (multiple && is("required", "true") && min && read_int(*min) == 0)
      complain(fault_kind::min_and_max, "min", "it is not 0 when an option is required");
    auto selected = 0;
    for (const auto& child : one_.children)
      if (const auto* given = child.find("selected"); given && lower(*given) == "true")
        ++selected;
    if (!multiple && selected > 1)
      complain(fault_kind::several_selected, {}, "without multiple one option may be selected");
  }

  // -- actions and dialogs ----------------------------------------------------------

  /// Of an attribute with two names: the one that counts.
  const std::string* either(std::string_view written) const {
    const auto* found = one_.written(written);
    return found ? &found->text : nullptr;
  }

  void check_action() {
    const auto* action = either("data-action");
    if (!action || is_trim_empty(*action))
      return complain(fault_kind::attribute_missing, "action", "it is missing");
    if (*action == "open-im") {
      const auto* side = either("data-side-by-side");
      if (side && !is_boolean(*side))
        complain(fault_kind::not_a_boolean, "side-by-side", "it is true or false");
      const auto* users = either("data-user-ids");
      const auto* stream = either("data-stream-id");
      if ((users != nullptr) == (stream != nullptr))
        complain(fault_kind::attribute_missing, "user-ids",
                 "either user-ids or stream-id is needed, not both");
      if (users)
        check_users(*users);
    } else if (*action == "open-dialog") {
      const auto* target = either("data-target-id");
      if (!target || target->empty())
        complain(fault_kind::attribute_missing, "target-id", "it names the dialog");
      else if (has_white_space(*target))
        complain(fault_kind::blank_in_id, "target-id", "it has no blanks");
      else if (units(*target) > 64)
        complain(fault_kind::too_long, "target-id", "it has at most 64 characters");
    }
  }

  void check_users(const std::string& users) {
    const auto count = count_user_ids(users, false);
    if (!count)
      complain(fault_kind::bad_json, "user-ids", "it is a JSON array of user ids");
    else if (*count > 15)
      complain(fault_kind::too_many, "user-ids", "at most 15 users");
  }

  /// In PresentationML a part is a division with the class of its kind, and nothing else.
  static kind part_of(const element& one) {
    for (auto what : {kind::dialog_title, kind::dialog_body, kind::dialog_footer}) {
      if (one.what == what)
        return what;
      const auto* words = one.what == kind::division ? one.find("class") : nullptr;
      if (words && *words == row_of(what).written_class)
        return what;
    }
    return kind::text;
  }
  static bool is_part(const element& one) { return part_of(one) != kind::text; }

  void check_dialog() {
    auto titles = 0;
    auto bodies = 0;
    auto forms = 0;
    auto others = 0;
    for (const auto& child : one_.children) {
      const auto part = part_of(child);
      const auto spelled = one_.in == spelling::shorthand ? child.what == part : true;
      titles += part == kind::dialog_title && spelled ? 1 : 0;
      bodies += part == kind::dialog_body && spelled ? 1 : 0;
      forms += child.what == kind::form ? 1 : 0;
      const auto known = child.what == kind::form || (part != kind::text && spelled) ||
                         (child.is_text() && is_blank(child.text));
      others += known ? 0 : 1;
    }
    const auto parts = titles + bodies;
    if (others > 0 || forms > 1 || (forms == 1 && has_parts()))
      complain(fault_kind::child_not_allowed, {},
               "a dialog holds <title>, <body> and <footer>, or one <form> with them");
    else if (forms == 0 &&
             (one_.in == spelling::shorthand ? titles == 0 || bodies == 0 : parts == 0))
      complain(fault_kind::child_missing, {}, "a dialog needs a <title> and a <body>");
  }

  bool has_parts() const {
    return std::any_of(one_.children.begin(), one_.children.end(),
                       [](const element& each) { return is_part(each); });
  }

  void check_dialog_part() {
    const auto in_dialog =
        above_.back() == kind::dialog || (above_.back() == kind::form && above_.size() > 1 &&
                                          above_[above_.size() - 2] == kind::dialog);
    if (!in_dialog)
      complain(fault_kind::wrong_parent, {}, "it may stand in a <dialog> or its <form> only");
    if (one_.in == spelling::presentation)
      complain(fault_kind::shorthand_in_presentation, {},
               "PresentationML has a <div class=\"" + std::string{one_.row().written_class} +
                   "\">");
    for (const auto& child : one_.children)
      if (child.what == kind::dialog)
        complain(fault_kind::child_not_allowed, {}, "a dialog must not be in another dialog");
  }

  const element& one_;
  const std::vector<kind>& above_;
  faults& found_;
};

/// An action that names a dialog has exactly one with that id beside it.
void check_targets(const element& where, faults& found) {
  std::map<std::string_view, int> dialogs;
  for (const auto& each : where.children)
    if (const auto* id = each.what == kind::dialog ? each.find("id") : nullptr)
      ++dialogs[*id];
  for (const auto& each : where.children) {
    const auto* target = each.what == kind::ui_action ? each.written("data-target-id") : nullptr;
    if (target && dialogs[target->text] != 1)
      found.push_back({fault_kind::dialog_target, each.at, "ui-action", "target-id",
                       "no dialog with that id is beside it"});
    check_targets(each, found);
  }
}

bool has_chime(const element& where) {
  return std::any_of(where.children.begin(), where.children.end(), [](const element& each) {
    return each.what == kind::chime || has_chime(each);
  });
}

} // namespace

void check_rules(const element& one, const std::vector<kind>& above, faults& found) {
  rules{one, above, found}.check();
}

void check_message(const element& root, faults& found) {
  if (has_chime(root) && root.children.size() != 1)
    found.push_back({fault_kind::child_not_allowed,
                     root.at,
                     "chime",
                     {},
                     "a chime is the only content of its message; not even a blank is beside it"});
  check_targets(root, found);
}

} // namespace tutti::messageml
