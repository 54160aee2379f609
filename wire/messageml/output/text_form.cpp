// A message as a person reads it.
#include <wire/messageml/output/write.hpp>

#include <wire/messageml/output/emoji.hpp>

#include <utility>

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
  case kind::card:
  case kind::card_header:
  case kind::card_body:
  case kind::expandable_card:
  case kind::expandable_header:
  case kind::expandable_body:
  case kind::dialog:
  case kind::dialog_title:
  case kind::dialog_body:
  case kind::dialog_footer:
  case kind::table:
  case kind::bullet_list:
  case kind::ordered_list:
    return true;
  default:
    return false;
  }
}

class text_writer {
public:
  void add_children(const element& one) {
    auto cells = 0;
    for (const auto& child : one.children) {
      const auto cell = child.what == kind::table_cell || child.what == kind::header_cell;
      if (cell && ++cells > 1)
        add(" ");
      if (child.is_text())
        add(child.text);
      else
        add_element(child);
    }
  }

  std::string take() { return std::move(out_); }

private:
  /// The lines of two blocks are apart by one line feed; there is none before the first text.
  void add(std::string_view text) {
    if (text.empty())
      return;
    if (std::exchange(line_ends_, false) && !out_.empty() && out_.back() != '\n')
      out_ += '\n';
    out_ += text;
  }

  void add_element(const element& one) {
    if (one.what == kind::line_break)
      return add("\n");
    const auto block = begins_line(one.what);
    line_ends_ = line_ends_ || block;
    if (one.what == kind::mention && one.text.empty() && one.children.empty())
      add(*one.find("email")); // A link to an address that no user has.
    else if (one.what == kind::date_time)
      add(*one.find("value"));
    else if (!one.row().entity.empty() && !(one.what == kind::mention && one.text.empty()))
      add(shown_text(one));
    else if (one.what == kind::link && one.children.empty())
      add(*one.find("href"));
    else if (one.row().content != children::dropped || one.what == kind::mention)
      add_children(one);
    line_ends_ = line_ends_ || block;
  }

  std::string out_;
  /// A block has begun or ended, and no text has followed.
  bool line_ends_ = false;
};

} // namespace

std::string write_text(const document& message) {
  text_writer made;
  made.add_children(message.root);
  return made.take();
}

} // namespace tutti::messageml
