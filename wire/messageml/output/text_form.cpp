// A message as a person reads it.
#include <wire/messageml/output/write.hpp>

#include <wire/messageml/output/emoji.hpp>

namespace tutti::messageml {

std::string shown_text(const element& one) {
  switch (one.what) {
  case kind::hashtag:
    return "#" + one.shown;
  case kind::cashtag:
  case kind::instrument:
    return "$" + one.shown;
  case kind::emoji: {
    const auto* code = one.find("shortcode") ? one.find("shortcode") : one.find("annotation");
    auto made = emoji_of(*code);
    return made.empty() ? ":" + *code + ":" : made;
  }
  default:
    return one.shown;
  }
}

namespace {

bool begins_line(kind what) {
  switch (what) {
  case kind::paragraph:
  case kind::division:
  case kind::list_item:
  case kind::table_row:
  case kind::rule:
  case kind::heading1:
  case kind::heading2:
  case kind::heading3:
  case kind::heading4:
  case kind::heading5:
  case kind::heading6:
  case kind::preformatted:
  case kind::form:
  case kind::table:
  case kind::bullet_list:
  case kind::ordered_list:
    return true;
  default:
    return false;
  }
}

void append_text(const element& one, std::string& out) {
  for (const auto& child : one.children) {
    if (child.is_text()) {
      out += child.text;
      continue;
    }
    // A break is always one; the lines of two blocks are apart by one.
    if (child.what == kind::line_break ||
        (begins_line(child.what) && !out.empty() && out.back() != '\n'))
      out += '\n';
    if (!child.row().entity.empty() && child.what != kind::date_time)
      out += shown_text(child);
    else if (child.what == kind::date_time)
      out += *child.find("value");
    else if (child.what == kind::link && child.children.empty())
      out += *child.find("href");
    else if (child.row().content != children::dropped)
      append_text(child, out);
  }
}

} // namespace

std::string write_text(const document& message) {
  std::string out;
  append_text(message.root, out);
  return out;
}

} // namespace tutti::messageml
