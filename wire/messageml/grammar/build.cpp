// Each element: which one it is, its attributes, its children, then the rules of its kind.
#include <wire/messageml/grammar/build.hpp>

#include <wire/messageml/grammar/attributes.hpp>
#include <wire/messageml/grammar/choose.hpp>
#include <wire/messageml/output/entity_data.hpp>
#include <wire/messageml/text/values.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace tutti::messageml {

namespace {

class builder {
public:
  builder(const boost::json::object& entities, const known& facts, faults& found)
      : entities_(entities), facts_(facts), found_(found) {}

  document run(const xml::node& root, const std::optional<std::string>& version) {
    document made;
    made.root.what = kind::message;
    made.root.at = root.at;
    made.version = version.value_or("");
    shorthand_ = root.name == "messageML";
    if (!shorthand_ && root.name != "div") {
      report(root, fault_kind::wrong_root, {},
             "the root is <messageML>, or <div> of PresentationML");
      return made;
    }
    check_root(root, version, made);
    above_.push_back(kind::message);
    add_children(root, made.root);
    above_.pop_back();
    check_message(made.root, found_);
    return made;
  }

private:
  void report(const xml::node& where, fault_kind kind, std::string_view attribute,
              std::string text) {
    found_.push_back({kind, where.at, where.name, std::string{attribute}, std::move(text)});
  }

  void report_in(const element& where, fault_kind kind, std::string_view attribute,
                 std::string text) {
    found_.push_back(
        {kind, where.at, std::string{where.row().tag}, std::string{attribute}, std::move(text)});
  }

  void check_root(const xml::node& root, const std::optional<std::string>& version,
                  document& made) {
    auto good_format = false;
    auto has_version = version.has_value();
    for (const auto& [name, value] : root.attributes) {
      if (shorthand_ && (name == "xmlns" || (name == "beta" && is_boolean_exactly(value))))
        continue;
      if (!shorthand_ && name == "data-format") {
        good_format = lower(value) == "presentationml";
      } else if (!shorthand_ && name == "data-version") {
        has_version = true;
        made.version = value;
      } else if (!shorthand_ && name == "class") {
        continue;
      } else if (!shorthand_ && name == "style") {
        if (auto flaw = flaw_of_style(value); !flaw.empty())
          report(root, fault_kind::bad_style, name, std::move(flaw));
      } else {
        report(root, fault_kind::unknown_attribute, name, "the root does not take it");
      }
    }
    if (shorthand_ && is_blank(made.version))
      made.version = "2.0";
    if (!shorthand_ && (!good_format || !has_version))
      report(root, fault_kind::attribute_missing, good_format ? "data-version" : "data-format",
             "a <div> as root needs data-format=\"PresentationML\" and a version");
  }

  spelling mode() const { return shorthand_ ? spelling::shorthand : spelling::presentation; }

  static bool is_boolean_exactly(std::string_view value) {
    return value == "true" || value == "false";
  }

  // -- one node -------------------------------------------------------------------

  void add_children(const xml::node& given, element& into) {
    const auto* outer = std::exchange(around_, &given);
    for (const auto& child : given.children)
      add(child, into);
    around_ = outer;
  }

  void add(const xml::node& given, element& into) {
    if (given.is_text()) {
      element made;
      made.at = given.at;
      made.text = given.text;
      into.children.push_back(std::move(made));
    } else if (given.name == "label") {
      remember(given, given.find("for"), labels_, text_of(given), true);
    } else if (is_hint(given)) {
      remember(given, given.find("data-target-id"), hints_, *given.find("data-title"), false);
      if (given.find("data-title")->empty())
        report(given, fault_kind::attribute_missing, "data-title", "it is empty");
    } else if (given.name == "div" && given.find("data-generated")) {
      add_children(given, into);
    } else {
      add_element(given, into);
    }
  }

  static bool is_hint(const xml::node& given) {
    const auto* words = given.find("class");
    return given.name == "span" && words && *words == "info-hint" && given.find("data-target-id") &&
           given.find("data-title");
  }

  static std::string text_of(const xml::node& given) {
    if (given.is_text())
      return given.text;
    std::string all;
    for (const auto& child : given.children)
      all += text_of(child);
    return all;
  }

  void remember(const xml::node& given, const std::string* id,
                std::map<std::string, std::string>& where, std::string text, bool once) {
    if (!id || id->empty())
      return report(given, fault_kind::attribute_missing, once ? "for" : "data-target-id",
                    "it names the field that this belongs to");
    if (once && where.contains(*id))
      report(given, fault_kind::duplicate_id, "for", "another label is for '" + *id + "'");
    where[*id] = std::move(text);
  }

  // -- one element ------------------------------------------------------------------

  void add_element(const xml::node& given, element& into) {
    auto chosen = choose(given, above_, mode());
    if (!chosen)
      return report(given, fault_kind::unknown_element, {},
                    given.name == "input" ? "an input of no known type"
                                          : "there is no such element");
    element made;
    made.what = chosen->what;
    made.in = chosen->in;
    made.at = given.at;
    if (chosen->entity)
      choose_entity(given, made);
    const auto& row = made.row();
    if (!shorthand_ && row.shorthand_only && given.name == row.tag)
      report(given, fault_kind::shorthand_in_presentation, {},
             "a shorthand of MessageML; PresentationML has <" + std::string{row.written} + ">");
    if (!row.entity.empty() && made.entity_id.empty()) {
      made.entity_id = std::string{row.entity_head} + std::to_string(++counter_);
      if (const auto* id = given.find("data-entity-id");
          id && made.what != kind::emoji && made.what != kind::date_time)
        made.entity_id = *id;
    }
    const auto is_box = made.what == kind::checkbox || made.what == kind::radio;
    const auto group = is_box && made.in == spelling::presentation && given.name != "input";
    if (is_box && given.name == "input")
      check_label_beside(given);
    if (group) {
      read_group(given, made);
    } else {
      read_given(given, *chosen, made);
      read_children(given, made);
    }
    resolve(made, above_, facts_, found_);
    check(given, made);
    into.children.push_back(std::move(made));
  }

  void read_given(const xml::node& given, const element_choice& chosen, element& made) {
    auto rest = given.attributes;
    if (chosen.worded)
      for (auto each = rest.begin(); each != rest.end(); ++each)
        if (each->first == chosen.worded) {
          if (chosen.rest)
            each->second = *chosen.rest;
          else
            rest.erase(each);
          break;
        }
    if (made.what == kind::button && above_.back() != kind::ui_action && !given.find("type"))
      rest.emplace_back("type", "action");
    read_attributes(rest, given.name, made, found_);
    take_labels(made);
  }

  /// A field with an `id` takes the label and the hint that name it.
  void take_labels(element& made) {
    if (made.in != spelling::presentation)
      return;
    const auto* id = made.find("id");
    if (!id || made.row().group.empty())
      return;
    for (const auto& [where, name] : {std::pair{&labels_, "label"}, std::pair{&hints_, "title"}})
      if (auto found = where->find(*id); found != where->end()) {
        std::erase_if(made.values, [&](const auto& each) { return each.row->name == name; });
        if (const auto* row = find_attribute(made.row(), name, spelling::both)) {
          if (units(found->second) > static_cast<std::size_t>(row->most))
            report_in(made, fault_kind::too_long, name, "it is too long for a field");
          made.values.push_back({row, found->second});
        }
      }
  }

  void read_children(const xml::node& given, element& made) {
    if (given.name == "input" && (made.what == kind::checkbox || made.what == kind::radio))
      return; // Nothing in it is looked at.
    above_.push_back(made.what);
    add_children(given, made);
    above_.pop_back();
    if (made.in == spelling::presentation && made.what == kind::text_field &&
        !given.children.empty())
      report(given, fault_kind::text_not_allowed, {}, "an input has no content");
  }

  /// A box alone takes the one label beside it as its own.
  void check_label_beside(const xml::node& given) {
    const auto [seen, fresh] = crowded_.try_emplace(around_, false);
    if (fresh) {
      auto labels = 0;
      for (const auto& each : around_->children)
        if (each.name == "label" && (++labels > 1 || units(text_of(each)) > 256))
          seen->second = true;
    }
    if (seen->second)
      report(given, fault_kind::too_many, {},
             "beside a box is one label at most, of at most 256 characters");
  }

  /// A checkbox or radio button in PresentationML: an input and its label, in a division.
  void read_group(const xml::node& given, element& made) {
    const xml::node* input = nullptr;
    const xml::node* label = nullptr;
    std::size_t count = 0;
    for (const auto& child : given.children) {
      count += child.is_text() ? 0 : 1;
      if (child.name == "input")
        input = &child;
      else if (child.name == "label")
        label = &child;
    }
    if (count != 2 || !input || !label || !input->find("type") || label->children.empty())
      return report(given, fault_kind::child_missing, {},
                    "a group holds one <input> with a type and one <label> with a text");
    if (units(text_of(*label)) > 256)
      report(given, fault_kind::too_long, {}, "a label has at most 256 characters");
    auto rest = input->attributes;
    std::erase_if(rest, [](const auto& each) { return each.first == "type"; });
    read_attributes(rest, input->name, made, found_);
    above_.push_back(made.what);
    for (const auto& child : label->children)
      add(child, made);
    above_.pop_back();
  }

  // -- entities ---------------------------------------------------------------------

  /// A `span` or `div` with an entity: a mention, a tag, or one of the author's own.
  void choose_entity(const xml::node& given, element& made) {
    made.division = given.name == "div";
    const auto* id = given.find("data-entity-id");
    if (!id || id->empty())
      return report(given, fault_kind::attribute_missing, "data-entity-id",
                    "the class \"entity\" needs it");
    const auto facts = entity_with(entities_, *id);
    if (facts.count != 1)
      return report(given, facts.count == 0 ? fault_kind::unknown_entity : fault_kind::duplicate_id,
                    "data-entity-id",
                    facts.count == 0 ? "the entity data has no such object"
                                     : "the entity data has it more than once");
    made.entity_id = *id;
    made.custom = true;
    if (!facts.type_is_text)
      return report(given, fault_kind::bad_entity_json, "data-entity-id",
                    "the type of the entity is no text");
    if (!facts.value)
      return;
    for (auto what : {kind::cashtag, kind::hashtag, kind::mention})
      if (facts.type == row_of(what).entity) {
        made.what = what;
        made.shown = *facts.value;
        return;
      }
  }

  // -- checks -----------------------------------------------------------------------

  void check(const xml::node& given, const element& made) {
    const auto& row = made.row();
    const auto name = std::string{row.tag};
    auto complain = [&](fault_kind kind, std::string text) {
      found_.push_back({kind, given.at, name, {}, std::move(text)});
    };
    if (!row.parents.empty() &&
        std::find(row.parents.begin(), row.parents.end(), above_.back()) == row.parents.end())
      complain(fault_kind::wrong_parent,
               fmt::format("it may stand in <{}> only", row_of(row.parents.front()).tag));
    if (row.in_form && std::find(above_.begin(), above_.end(), kind::form) == above_.end())
      complain(fault_kind::no_form_above, "it needs a <form> around it");
    check_children(made, complain);
    check_rules(made, above_, found_);
    if (made.what == kind::form || made.what == kind::dialog)
      if (const auto* id = made.find("id"); id && !ids_.insert(*id).second)
        complain(fault_kind::duplicate_id, "another form or dialog has the id '" + *id + "'");
  }

  template <class Complain>
  void check_children(const element& made, Complain&& complain) {
    const auto& row = made.row();
    auto texts = 0;
    auto elements = 0;
    for (const auto& child : made.children) {
      const auto blank = child.is_text() && is_blank(child.text);
      const auto listed =
          std::find(row.allowed.begin(), row.allowed.end(), child.what) != row.allowed.end();
      auto good = true;
      switch (row.content) {
      case children::any:
      case children::dropped:
        break;
      case children::phrasing:
        good = child.is_text() || child.row().phrasing;
        break;
      case children::phrasing_or_preformatted:
        good = child.is_text() || child.row().phrasing || child.what == kind::preformatted;
        break;
      case children::nothing:
        good = false;
        break;
      case children::text_only:
      case children::some_text:
        good = child.is_text() || (made.what == kind::button && above_.back() == kind::ui_action);
        break;
      case children::listed:
      case children::some_listed:
        good = listed || blank;
        break;
      }
      texts += child.is_text() ? 1 : 0;
      elements += listed ? 1 : 0;
      if (!good)
        complain(child.is_text() ? fault_kind::text_not_allowed : fault_kind::child_not_allowed,
                 child.is_text() ? std::string{"text is not allowed in it"}
                                 : fmt::format("<{}> is not allowed in it", child.row().tag));
    }
    if (row.content == children::some_text && texts == 0 &&
        !(made.what == kind::button && above_.back() == kind::ui_action))
      complain(fault_kind::child_missing, "it needs a text");
    if (row.content == children::some_listed && elements == 0)
      complain(fault_kind::child_missing,
               fmt::format("it needs a <{}>", row_of(row.allowed.front()).tag));
  }

  const boost::json::object& entities_;
  const known& facts_;
  faults& found_;
  bool shorthand_ = true;
  /// What holds the node that is being added.
  const xml::node* around_ = nullptr;
  /// Of elements that hold boxes: whether the labels in them are too many, or too long.
  std::unordered_map<const xml::node*, bool> crowded_;
  int counter_ = 0;
  std::vector<kind> above_;
  std::map<std::string, std::string> labels_;
  std::map<std::string, std::string> hints_;
  std::set<std::string> ids_;
};

} // namespace

document build(const xml::node& root, const boost::json::object& entities, const known& facts,
               const std::optional<std::string>& version, faults& found) {
  return builder{entities, facts, found}.run(root, version);
}

} // namespace tutti::messageml
