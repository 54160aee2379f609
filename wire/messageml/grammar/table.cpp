// One row for each element. Sources: the documentation of MessageML, and what the agent's validator
// accepts and writes where both differ.
#include <wire/messageml/grammar/attribute_rows.hpp>

#include <array>

namespace tutti::messageml {

namespace {

using namespace rows_of_attributes;
using K = kind;

// -- what may be where ---------------------------------------------------------------

constexpr std::array items{K::list_item};
constexpr std::array lists{K::bullet_list, K::ordered_list};
constexpr std::array table_parts{K::table_header, K::table_body, K::table_footer, K::table_row};
constexpr std::array table_rows{K::table_row};
constexpr std::array cells{K::table_cell, K::header_cell};
constexpr std::array in_card{K::card};
constexpr std::array in_expandable{K::expandable_card};
constexpr std::array options{K::option};
constexpr std::array selects{K::select};
constexpr std::array box_content{K::bold, K::italic, K::text};
constexpr std::array actions{K::button, K::ui_action};
constexpr std::array root{K::message};
constexpr std::string_view text_rules =
    "The initial value is as long as `minlength` and `maxlength` say. A `pattern` needs a "
    "`pattern-error-message`.";

constexpr element_row plain(kind what, std::string_view tag, children content,
                            bool phrasing = false) {
  element_row row{what, tag, tag, {}, content};
  row.attributes = generic;
  row.phrasing = phrasing;
  return row;
}

constexpr element_row field(kind what, std::string_view tag, std::string_view written,
                            std::string_view written_class, children content,
                            std::span<const attribute_row> attributes, order attribute_order,
                            bool closed, std::string_view group) {
  element_row row{what, tag, written, written_class, content, {}, {}, attributes, attribute_order};
  row.closed = closed;
  row.in_form = true;
  row.group = group;
  return row;
}

constexpr element_row entity(kind what, std::string_view tag, children content,
                             std::span<const attribute_row> attributes, bool shorthand_only,
                             std::string_view type, std::string_view head) {
  element_row row{what, tag, "span", "entity", content, {}, {}, attributes};
  row.shorthand_only = shorthand_only;
  row.phrasing = what != K::instrument && what != K::date_time;
  row.entity = type;
  row.entity_head = head;
  return row;
}

constexpr element_row part(kind what, std::string_view tag, std::string_view written_class,
                           std::span<const kind> parents, bool shorthand_only,
                           std::span<const attribute_row> attributes = {}) {
  element_row row{what, tag, "div", written_class, children::any, {}, parents, attributes};
  row.shorthand_only = shorthand_only;
  return row;
}

constexpr element_row listed(kind what, std::string_view tag, children content,
                             std::span<const kind> allowed, std::span<const kind> parents = {}) {
  return {what, tag, tag, {}, content, allowed, parents, generic};
}

constexpr element_row empty(kind what, std::string_view tag,
                            std::span<const attribute_row> attributes) {
  element_row row{what, tag, tag, {}, children::nothing, {}, {}, attributes};
  row.closed = true;
  row.phrasing = what != K::rule;
  return row;
}

constexpr element_row allowing(element_row row, std::span<const kind> allowed) {
  row.allowed = allowed;
  return row;
}

constexpr element_row with_attributes(element_row row, std::span<const attribute_row> attributes) {
  row.attributes = attributes;
  return row;
}

constexpr element_row with_example(element_row row, std::string_view example,
                                   std::string_view rules = {}) {
  row.example = example;
  row.rules = rules;
  return row;
}

constexpr element_row chime_row() {
  element_row row{K::chime, "chime", "audio", {}, children::nothing, {}, root, chime_rows};
  row.closed = row.phrasing = row.shorthand_only = true;
  return row;
}

constexpr element_row card_row(kind what, std::string_view tag,
                               std::span<const attribute_row> attributes) {
  element_row row{what, tag, "div", tag, children::any, {}, {}, attributes, order::table};
  row.shorthand_only = true;
  return row;
}

constexpr std::array rows{
    element_row{K::message, "messageML", "div"},
    with_example(plain(K::heading1, "h1", children::phrasing), R"(<h1>Trade</h1>)"),
    with_example(plain(K::heading2, "h2", children::phrasing), R"(<h2>Trade</h2>)"),
    with_example(plain(K::heading3, "h3", children::phrasing), R"(<h3>Trade</h3>)"),
    with_example(plain(K::heading4, "h4", children::phrasing), R"(<h4>Trade</h4>)"),
    with_example(plain(K::heading5, "h5", children::phrasing), R"(<h5>Trade</h5>)"),
    with_example(plain(K::heading6, "h6", children::phrasing), R"(<h6>Trade</h6>)"),
    with_example(plain(K::bold, "b", children::phrasing, true), R"(<b>now</b>)"),
    with_example(plain(K::italic, "i", children::phrasing, true), R"(<i>now</i>)"),
    with_example(plain(K::preformatted, "pre", children::phrasing), R"(<pre>a  b</pre>)"),
    with_example(plain(K::paragraph, "p", children::any), R"(<p>Hello</p>)"),
    with_example(with_attributes(plain(K::division, "div", children::any), division_rows),
                 R"(<div style="color:red">Late</div>)",
                 "`data-entity-id` and the class `entity` go together."),
    with_example(with_attributes(plain(K::span, "span", children::any, true), span_rows),
                 R"(<span class="tempo-text-color--red">Late</span>)",
                 "`data-entity-id` and the class `entity` go together."),
    with_example(plain(K::subscript, "sub", children::any, true), R"(H<sub>2</sub>O)"),
    with_example(plain(K::superscript, "sup", children::any, true), R"(m<sup>2</sup>)"),
    with_example(
        with_attributes(plain(K::link, "a", children::any, true), link_rows),
        R"(<a href="https://symphony.com">Symphony</a>)",
        "The address has a scheme that the pod allows. Without content the address is shown."),
    with_example(empty(K::image, "img", image_rows),
                 R"(<img src="https://symphony.com/logo.png"/>)"),
    with_example(empty(K::line_break, "br", {}), R"(one<br/>two)"),
    with_example(empty(K::rule, "hr", {}), R"(<hr/>)"),
    with_example(listed(K::bullet_list, "ul", children::some_listed, items),
                 R"(<ul><li>one</li></ul>)"),
    with_example(listed(K::ordered_list, "ol", children::some_listed, items),
                 R"(<ol><li>one</li></ol>)"),
    with_example(listed(K::list_item, "li", children::any, {}, lists),
                 R"(<ul><li>one</li><li>two</li></ul>)"),
    with_example(listed(K::table, "table", children::listed, table_parts),
                 R"(<table><tr><td>IBM</td></tr></table>)"),
    with_example(listed(K::table_header, "thead", children::listed, table_rows),
                 R"(<table><thead><tr><th>Ticker</th></tr></thead></table>)"),
    with_example(listed(K::table_body, "tbody", children::listed, table_rows),
                 R"(<table><tbody><tr><td>IBM</td></tr></tbody></table>)"),
    with_example(listed(K::table_footer, "tfoot", children::listed, table_rows),
                 R"(<table><tfoot><tr><td>1 row</td></tr></tfoot></table>)"),
    with_example(listed(K::table_row, "tr", children::listed, cells),
                 R"(<table><tr><td>IBM</td><td>1</td></tr></table>)"),
    with_example(with_attributes(plain(K::table_cell, "td", children::any), cell_rows),
                 R"(<table><tr><td colspan="2">IBM</td></tr></table>)"),
    with_example(plain(K::header_cell, "th", children::any),
                 R"(<table><tr><th>Ticker</th></tr></table>)"),
    with_example(
        with_attributes(plain(K::code, "code", children::phrasing_or_preformatted), code_rows),
        R"(<code language="cpp">int x = 1;</code>)"),
    with_example(chime_row(), R"(<chime/>)", "Nothing else is in its message."),
    with_example(entity(K::mention, "mention", children::dropped, mention_rows, true,
                        "com.symphony.user.mention", "mention"),
                 R"(<mention uid="7"/>)", "Needs `uid` or `email`."),
    with_example(entity(K::hashtag, "hash", children::dropped, tag_rows, true,
                        "org.symphonyoss.taxonomy", "keyword"),
                 R"(<hash tag="deal"/>)",
                 "`tag` is needed: no blanks, and at least one letter or digit."),
    with_example(entity(K::cashtag, "cash", children::dropped, tag_rows, true,
                        "org.symphonyoss.fin.security", "keyword"),
                 R"(<cash tag="IBM"/>)", "`tag` is needed."),
    with_example(entity(K::instrument, "tag", children::dropped, instrument_rows, false,
                        "org.symphonyoss.fin.security", "tag"),
                 R"(<tag isin="US4592001014" fallback-ticker="IBM"/>)",
                 "Needs one of the identifiers; `fallback-ticker` is shown for one that the pod "
                 "does not know, and is needed then."),
    with_example(entity(K::emoji, "emoji", children::phrasing, emoji_rows, false,
                        "com.symphony.emoji", "emoji"),
                 R"(<emoji shortcode="smiley"/>)",
                 "`shortcode` is needed: letters, digits, `_`, `+`, `-`."),
    with_example(entity(K::date_time, "dateTime", children::dropped, date_time_rows, false,
                        "org.symphonyoss", "datetime"),
                 R"(<dateTime value="2026-03-01T09:30:00+01:00" format="date"/>)"),
    with_example(
        card_row(K::card, "card", card_rows),
        R"(<card accent="tempo-bg-color--blue"><header>Trade</header><body>IBM</body></card>)"),
    with_example(part(K::card_header, "header", "cardHeader", in_card, true),
                 R"(<card><header>Trade</header></card>)"),
    with_example(part(K::card_body, "body", "cardBody", in_card, true),
                 R"(<card><body>IBM</body></card>)"),
    with_example(
        card_row(K::expandable_card, "expandable-card", expandable_rows),
        R"(<expandable-card state="collapsed"><header>Trade</header><body>IBM</body></expandable-card>)",
        "`state` is needed."),
    with_example(part(K::expandable_header, "header", "expandableCardHeader", in_expandable, true),
                 R"(<expandable-card state="cropped"><header>Trade</header></expandable-card>)"),
    with_example(
        part(K::expandable_body, "body", "expandableCardBody", in_expandable, true,
             expandable_body_rows),
        R"(<expandable-card state="expanded"><body variant="error">IBM</body></expandable-card>)"),
    with_example(
        element_row{K::form, "form", "form", {}, children::any, {}, {}, form_rows, order::table},
        R"(<form id="order"><text-field name="quantity"/><button name="send">Send</button></form>)",
        "Needs a `button` of type action; has at most 50 checkboxes and 50 radio buttons; not in "
        "another form."),
    with_example(
        element_row{K::button,
                    "button",
                    "button",
                    {},
                    children::some_text,
                    {},
                    {},
                    button_rows,
                    order::table},
        R"(<form id="order"><button name="send" class="primary">Send</button><button type="reset">Empty</button></form>)",
        "In a `form` or a `ui-action`. `name` is needed, but one of type reset has none; directly "
        "in a `ui-action` it has neither name nor type."),
    with_example(
        field(K::text_field, "text-field", "input", "text", children::text_only, text_field_rows,
              order::table, true, "textfield"),
        R"(<form id="order"><text-field name="quantity" label="How many?" required="true">100</text-field><button name="send">Send</button></form>)",
        text_rules),
    with_example(
        field(K::text_area, "textarea", "textarea", {}, children::text_only, text_area_rows,
              order::sorted, false, "textarea"),
        R"(<form id="order"><textarea name="why" rows="3">none</textarea><button name="send">Send</button></form>)",
        text_rules),
    with_example(
        field(K::rich_text_area, "richtextarea", "textarea", {}, children::text_only,
              text_area_rows, order::sorted, false, "richtextarea"),
        R"(<form id="order"><richtextarea name="why"/><button name="send">Send</button></form>)",
        text_rules),
    with_example(
        allowing(field(K::checkbox, "checkbox", "input", "checkbox", children::listed, box_rows,
                       order::table, true, {}),
                 box_content),
        R"(<form id="order"><checkbox name="all" value="yes">All or none</checkbox><button name="send">Send</button></form>)"),
    with_example(
        allowing(field(K::radio, "radio", "input", "radio", children::listed, box_rows,
                       order::table, true, {}),
                 box_content),
        R"(<form id="order"><radio name="side" value="buy" checked="true">Buy</radio><button name="send">Send</button></form>)"),
    with_example(
        allowing(field(K::select, "select", "select", {}, children::some_listed, select_rows,
                       order::sorted, false, "dropdown"),
                 options),
        R"(<form id="order"><select name="side"><option value="buy" selected="true">Buy</option></select><button name="send">Send</button></form>)",
        "`min` and `max` only with `multiple`; without it one option may be selected."),
    with_example(
        element_row{
            K::option, "option", "option", {}, children::some_text, {}, selects, option_rows},
        R"(<form id="order"><select name="side"><option value="sell">Sell</option></select><button name="send">Send</button></form>)"),
    with_example(
        field(K::person_selector, "person-selector", "div", "person-selector", children::nothing,
              person_rows, order::table, false, "person-selector"),
        R"(<form id="order"><person-selector name="who" value="[7]"/><button name="send">Send</button></form>)"),
    with_example(
        field(K::room_selector, "room-selector", "div", "room-selector", children::nothing,
              room_rows, order::table, false, "room-selector"),
        R"(<form id="order"><room-selector name="where"/><button name="send">Send</button></form>)"),
    with_example(
        field(K::date_picker, "date-picker", "input", "date", children::dropped, date_picker_rows,
              order::table, false, "date-picker"),
        R"(<form id="order"><date-picker name="day" value="2026-03-01" format="dd/MM/yyyy"/><button name="send">Send</button></form>)"),
    with_example(
        field(K::time_picker, "time-picker", "input", "time", children::dropped, time_picker_rows,
              order::table, true, "time-picker"),
        R"(<form id="order"><time-picker name="at" value="09:30:00" step="1800"/><button name="send">Send</button></form>)"),
    with_example(
        field(K::timezone_picker, "timezone-picker", "div", "timezone-picker", children::dropped,
              timezone_rows, order::table, false, "timezone-picker"),
        R"(<form id="order"><timezone-picker name="zone" value="Europe/Paris"/><button name="send">Send</button></form>)"),
    with_example(
        field(K::date_selector, "date-selector", "div", "date-selector", children::nothing,
              date_selector_rows, order::table, false, {}),
        R"(<form id="order"><date-selector name="day"/><button name="send">Send</button></form>)"),
    with_example(
        element_row{K::ui_action,
                    "ui-action",
                    "div",
                    "ui-action",
                    children::some_listed,
                    actions,
                    {},
                    ui_action_rows,
                    order::table},
        R"(<ui-action action="open-im" user-ids="[7]"><button>Chat</button></ui-action>)",
        "`action` is needed. To open a chat: `user-ids` (a JSON array, 15 at most) or `stream-id`; "
        "to open a dialog: `target-id`, and the dialog is beside the action."),
    with_example(
        element_row{
            K::dialog, "dialog", "dialog", {}, children::any, {}, {}, dialog_rows, order::table},
        R"(<ui-action action="open-dialog" target-id="more"><button>More</button></ui-action><dialog id="more"><title>Trade</title><body>IBM</body></dialog>)",
        "Holds a `title`, a `body` and maybe a `footer`, or one `form` that holds them."),
    with_example(part(K::dialog_title, "title", "dialog-title", {}, false),
                 R"(<dialog id="more"><title>Trade</title><body>IBM</body></dialog>)",
                 "In a `dialog` or its form."),
    with_example(part(K::dialog_body, "body", "dialog-body", {}, true),
                 R"(<dialog id="more"><title>Trade</title><body><b>IBM</b></body></dialog>)",
                 "In a `dialog` or its form; a dialog is not directly in it."),
    with_example(
        part(K::dialog_footer, "footer", "dialog-footer", {}, false),
        R"(<dialog id="more"><title>Trade</title><body>IBM</body><footer>Ask desk 7</footer></dialog>)",
        "In a `dialog` or its form."),
    element_row{K::text}};

constexpr bool in_order() {
  for (std::size_t at = 0; at < rows.size(); ++at)
    if (static_cast<std::size_t>(rows[at].what) != at)
      return false;
  return rows.size() == static_cast<std::size_t>(K::text) + 1;
}
static_assert(in_order());

} // namespace

const element_row& row_of(kind what) {
  return rows[static_cast<std::size_t>(what)];
}

std::span<const element_row> all_rows() {
  return {rows.data(), rows.size() - 1};
}

} // namespace tutti::messageml
