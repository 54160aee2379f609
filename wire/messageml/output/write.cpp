#include <wire/messageml/output/write.hpp>

#include <wire/messageml/text/values.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace tutti::messageml {

namespace {

/// What stands for a character that must not be written as it is; empty: nothing does.
std::string_view reference_of(char c, bool json) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return json ? "" : "&quot;";
  case '\'':
    return json ? "&apos;" : "";
  default:
    return "";
  }
}

void append_escaped(std::string& out, std::string_view text, bool json = false) {
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("&<>\"'"), text.size());
    out += text.substr(0, end);
    if (end == text.size())
      return;
    const auto reference = reference_of(text[end], json);
    if (reference.empty())
      out += text[end];
    else
      out += reference;
    text.remove_prefix(end + 1);
  }
}

/// A text input shows its text as a value.
const std::string* value_of(const element& one) {
  if (const auto* given = one.find("value"))
    return given;
  return one.children.size() == 1 && one.children.front().is_text() ? &one.children.front().text
                                                                    : nullptr;
}

class presentation {
public:
  explicit presentation(const std::function<std::string()>& short_id) : short_id_(short_id) {}

  std::string run(const document& message) {
    out_ = R"(<div data-format="PresentationML" data-version=")";
    append_escaped(out_, message.version);
    out_ += message.typed ? "\" class=\"wysiwyg\">" : "\">";
    children(message.root);
    out_ += "</div>";
    return std::move(out_);
  }

private:
  void attribute(std::string_view name, std::string_view value, bool json = false) {
    (out_ += ' ') += name;
    out_ += json ? "='" : "=\"";
    append_escaped(out_, value, json);
    out_ += json ? '\'' : '"';
  }

  void text(const element& one, const element& parent) {
    const auto as_it_is = preformatted_ > 0 || parent.what == kind::code ||
                          parent.what == kind::text_area || parent.what == kind::rich_text_area;
    if (as_it_is)
      return append_escaped(out_, one.text);
    append_escaped(out_, flatten(one.text));
  }

  /// Each run of line feeds becomes one blank.
  static std::string flatten(std::string_view text) {
    std::string made;
    for (std::size_t at = 0; at < text.size(); ++at)
      if (text[at] != '\n')
        made += text[at];
      else if (at == 0 || text[at - 1] != '\n')
        made += ' ';
    return made;
  }

  void children(const element& one) {
    // Actions name the dialogs beside them by the ids that these get.
    std::map<std::string, std::string> dialogs;
    for (const auto& child : one.children)
      if (child.what == kind::dialog) {
        const auto& id = *child.find("id");
        dialogs.emplace(id, short_id_() + "-" + id);
      }
    auto outer = std::exchange(dialogs_, std::move(dialogs));
    for (const auto& child : one.children)
      if (child.is_text())
        text(child, one);
      else
        write(child);
    dialogs_ = std::move(outer);
  }

  void write(const element& one) {
    if (!one.row().entity.empty())
      return entity(one);
    switch (one.what) {
    case kind::chime:
      out_ +=
          R"(<audio src="https://asset.symphony.com/symphony/audio/chime.mp3" autoplay="true"/>)";
      return;
    case kind::checkbox:
    case kind::radio:
      return box(one);
    default:
      return field(one);
    }
  }

  // -- entities -------------------------------------------------------------------

  void entity(const element& one) {
    if (one.what == kind::date_time)
      return date_time(one);
    if (one.what == kind::mention && one.text.empty())
      return mail(one);
    const auto* tag = one.division ? "div" : "span";
    (out_ += '<') += tag;
    attribute("class", "entity");
    attribute("data-entity-id", one.entity_id);
    out_ += '>';
    if (one.what == kind::emoji && !one.children.empty())
      children(one);
    else
      append_escaped(out_, shown_text(one));
    ((out_ += "</") += tag) += '>';
  }

  void date_time(const element& one) {
    const auto& value = *one.find("value");
    out_ += "<span><time";
    attribute("data-entity-id", one.entity_id);
    attribute("datetime", value);
    if (const auto* format = one.find("format"))
      attribute("data-format", *format);
    out_ += '>';
    append_escaped(out_, value);
    out_ += "</time></span>";
  }

  /// A mention of an address that no user has.
  void mail(const element& one) {
    const auto& email = *one.find("email");
    if (email.empty() || !flaw_of_uri("mailto:" + email).empty())
      return append_escaped(out_, email);
    out_ += "<a";
    attribute("href", "mailto:" + email);
    out_ += '>';
    if (one.children.empty())
      append_escaped(out_, email);
    else
      children(one);
    out_ += "</a>";
  }

  // -- fields -----------------------------------------------------------------------

  void box(const element& one) {
    const auto group = std::string{one.row().written_class} + "-group";
    const auto id = group + "-" + short_id_();
    if (one.children.empty())
      return element_of(one, {});
    out_ += "<div";
    attribute("class", group);
    out_ += '>';
    element_of(one, id);
    out_ += "<label";
    attribute("for", id);
    out_ += '>';
    children(one);
    out_ += "</label></div>";
  }

  /// With a label or a title: within a group of its own.
  void field(const element& one) {
    const auto group = one.row().group;
    const auto* label = group.empty() ? nullptr : one.find("label");
    const auto* title = group.empty() ? nullptr : one.find("title");
    if (!label && !title)
      return element_of(one, {});
    const auto id = std::string{group} + "-" + short_id_();
    out_ += "<div";
    attribute("class", std::string{group} + "-group");
    attribute("data-generated", "true");
    out_ += '>';
    if (label) {
      out_ += "<label";
      attribute("for", id);
      out_ += '>';
      append_escaped(out_, *label);
      out_ += "</label>";
    }
    if (title) {
      out_ += "<span";
      attribute("class", "info-hint");
      attribute("data-target-id", id);
      attribute("data-title", *title);
      out_ += "></span>";
    }
    element_of(one, id);
    out_ += "</div>";
  }

  void element_of(const element& one, const std::string& id) {
    const auto& row = one.row();
    (out_ += '<') += row.written;
    if (row.written == "input")
      attribute("type", row.written_class);
    else if (!row.written_class.empty())
      attribute("class", class_of(one));
    if (row.attribute_order == order::table)
      by_table(one);
    else
      as_given(one);
    if (one.what == kind::dialog)
      dialog_end(one);
    if (!id.empty())
      attribute("id", id);
    if (row.closed) {
      out_ += "/>";
      return;
    }
    out_ += '>';
    content(one);
    ((out_ += "</") += row.written) += '>';
  }

  static std::string class_of(const element& one) {
    std::string made{one.row().written_class};
    if (const auto* more = one.find("class"))
      made += " " + *more;
    return made;
  }

  void content(const element& one) {
    if (one.row().content == children::dropped)
      return;
    if (one.what == kind::link && one.children.empty())
      return append_escaped(out_, *one.find("href"));
    preformatted_ += one.what == kind::preformatted ? 1 : 0;
    children(one);
    preformatted_ -= one.what == kind::preformatted ? 1 : 0;
  }

  /// In the order of the table, with what is usual where nothing is given.
  void by_table(const element& one) {
    std::vector<std::string_view> done;
    for (const auto& row : one.row().attributes) {
      const auto skip = row.written.empty() || row.written == "id" ||
                        (row.written == "class" && !one.row().written_class.empty()) ||
                        std::find(done.begin(), done.end(), row.written) != done.end();
      if (row.written == "id" && one.what == kind::form)
        attribute("id", *one.find("id"));
      if (skip)
        continue;
      const auto* given = one.written(row.written);
      // At the place of the row that it was given by.
      if (given && given->row != &row && first_of(one, given->row) != &row)
        continue;
      if (given || !row.usual.empty()) {
        done.push_back(row.written);
        value(one, row.written, given ? std::string_view{given->text} : row.usual,
              given && given->row->json);
      } else if (one.what == kind::text_field && row.written == "value") {
        if (const auto* text = value_of(one))
          attribute("value", *text);
        done.push_back(row.written);
      }
    }
  }

  /// Of several names for one attribute: the first row of the table.
  static const attribute_row* first_of(const element& one, const attribute_row* given) {
    for (const auto& each : one.row().attributes)
      if (each.written == given->written && each.in == given->in)
        return &each;
    return given;
  }

  void value(const element& one, std::string_view name, std::string_view text, bool json) {
    if (one.what == kind::button && name == "class" && text.ends_with("-destructive"))
      text.remove_suffix(12);
    if (one.what == kind::ui_action && name == "data-target-id")
      if (auto found = dialogs_.find(std::string{text}); found != dialogs_.end())
        return attribute(name, found->second);
    attribute(name, text, json);
  }

  /// As given, sorted by name; a pattern comes last.
  void as_given(const element& one) {
    std::vector<std::string_view> done;
    auto rich = one.what == kind::rich_text_area;
    for (const auto& each : one.values) {
      const auto name = each.row->written;
      if (name.empty() || is_late(name) ||
          std::find(done.begin(), done.end(), name) != done.end() ||
          (one.what == kind::code && name != "data-language"))
        continue;
      done.push_back(name);
      // Behind the first attribute that there is, which may be one that is not written.
      if (rich && &each != &one.values.front())
        rich_mark(rich);
      attribute(name, chosen(one, name).text);
      if (rich)
        rich_mark(rich);
    }
    if (rich)
      rich_mark(rich);
    for (const auto* name : {"pattern", "data-pattern-error-message"})
      if (const auto* given = one.written(name))
        attribute(name, given->text);
  }

  static bool is_late(std::string_view name) {
    return name == "pattern" || name == "data-pattern-error-message";
  }

  static const element::value& chosen(const element& one, std::string_view name) {
    if (one.what == kind::code)
      for (const auto& each : one.values)
        if (each.row->name == name)
          return each;
    return *one.written(name);
  }

  void rich_mark(bool& still) {
    attribute("data-richtext", "true");
    still = false;
  }

  void dialog_end(const element& one) {
    attribute("id", dialogs_.at(*one.find("id")));
    if (one.in == spelling::shorthand || one.find("open") || one.find("data-open"))
      attribute("open", "");
  }

  const std::function<std::string()>& short_id_;
  std::string out_;
  int preformatted_ = 0;
  /// The ids of the dialogs beside what is being written.
  std::map<std::string, std::string> dialogs_;
};

} // namespace

std::string write_presentation(const document& message,
                               const std::function<std::string()>& short_id) {
  return presentation{short_id}.run(message);
}

std::string escaped(std::string_view text) {
  std::string made;
  append_escaped(made, text);
  return made;
}

} // namespace tutti::messageml
