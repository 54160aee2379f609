// md4c reads Markdown; what it reports becomes elements, each of which may be where it is.
#include <tutti/messageml/markdown.hpp>

#include <wire/messageml/builder/escape.hpp>
#include <wire/messageml/grammar/attributes.hpp>
#include <wire/messageml/markdown/references.hpp>
#include <wire/messageml/text/values.hpp>

#include <md4c.h>

#include <algorithm>
#include <exception>
#include <new>
#include <vector>

namespace tutti::messageml {

namespace {

/// A message has 500 levels at most; no person writes more than these.
constexpr std::size_t most_open = 100;
/// The agent takes no message of more: characters of a text, bytes with its markup.
constexpr std::size_t most_characters = 60'000;
constexpr std::size_t most_bytes = 1'500'000;

/// An element that has begun.
struct open_element {
  /// Empty: what is in it belongs to the element around it.
  std::string tag;
  std::vector<detail::attribute> attributes{};
  detail::markup inside{};
  /// Nothing but phrases may be in it.
  bool phrases_only = false;
  bool link = false;
  /// It is deeper than elements may be, and so is all that is in it.
  bool too_deep = false;
  /// The address of a link that is not followed: shown behind it.
  std::string address{};
  /// What md4c calls it, when it is a span; -1: a block.
  int span = -1;
};

std::string text_of(const MD_ATTRIBUTE& given) {
  std::string made;
  for (std::size_t i = 0; given.text && given.substr_offsets[i] < given.size; ++i) {
    const auto begin = given.substr_offsets[i];
    const std::string_view piece{given.text + begin, given.substr_offsets[i + 1] - begin};
    made += given.substr_types[i] == MD_TEXT_ENTITY ? resolved(piece) : std::string{piece};
  }
  return made;
}

bool may_be_followed(const std::string& url) {
  return in_list(scheme_of(url), "http https mailto") && flaw_of_uri(url).empty();
}

/// Whether clients highlight code in it.
bool is_code_language(std::string_view language) {
  const auto* row = find_attribute(row_of(kind::code), "language", spelling::shorthand);
  return !language.empty() && row && in_list_exactly(language, row->words);
}

const char* alignment(MD_ALIGN align) {
  switch (align) {
  case MD_ALIGN_LEFT:
    return "text-align:left";
  case MD_ALIGN_CENTER:
    return "text-align:center";
  case MD_ALIGN_RIGHT:
    return "text-align:right";
  default:
    return nullptr;
  }
}

class conversion {
public:
  detail::markup run(std::string_view text) {
    MD_PARSER parser{};
    parser.flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
                   MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_PERMISSIVEEMAILAUTOLINKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      return of(self).guarded([&] { of(self).enter_block(type, detail); });
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
      return of(self).guarded([&] {
        if (type != MD_BLOCK_DOC)
          of(self).leave_block();
      });
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
      return of(self).guarded([&] { of(self).enter_span(type, detail); });
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
      return of(self).guarded([&] { of(self).leave_span(type); });
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* begin, MD_SIZE size, void* self) {
      return of(self).guarded([&] { of(self).text(type, {begin, size}); });
    };
    if (units(text) > most_characters)
      throw build_error{"Markdown of more than 60,000 characters, which no message may have"};
    open_.emplace_back();
    const auto failed = md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, this);
    if (thrown_)
      std::rethrow_exception(thrown_);
    if (failed != 0)
      throw std::bad_alloc{};
    while (open_.size() > 1)
      leave();
    return std::move(open_.front().inside);
  }

private:
  static conversion& of(void* self) { return *static_cast<conversion*>(self); }

  /// md4c is C: no exception may pass through it.
  template <class Act>
  int guarded(Act act) noexcept {
    try {
      act();
      return 0;
    } catch (...) {
      thrown_ = std::current_exception();
      return 1;
    }
  }

  void begin(std::string tag, std::vector<detail::attribute> attributes = {}) {
    // What is too deep is shown without its elements; an item goes with its list, a cell with its
    // table.
    const auto inner = in_list_exactly(tag, "li thead tbody tr th td");
    const auto too_deep = open_.back().too_deep || (!inner && open_.size() >= most_open);
    open_element made{too_deep ? std::string{} : std::move(tag), std::move(attributes)};
    made.too_deep = too_deep;
    made.phrases_only = open_.back().phrases_only;
    made.link = open_.back().link;
    open_.push_back(std::move(made));
  }

  /// What is in it belongs to the element around it.
  void begin_nothing() {
    open_element made;
    made.phrases_only = open_.back().phrases_only;
    made.link = open_.back().link;
    made.too_deep = open_.back().too_deep;
    open_.push_back(std::move(made));
  }

  /// Spans may be left open: md4c 0.4.8 loses their ends in some links.
  void leave_block() {
    while (open_.back().span >= 0)
      leave();
    leave();
  }

  void leave_span(int type) {
    auto at = open_.size() - 1;
    while (open_[at].span >= 0 && open_[at].span != type)
      --at;
    if (open_[at].span < 0) // Its begin is not known, or its end is.
      return;
    while (open_.size() > at)
      leave();
  }

  void leave() {
    auto done = std::move(open_.back());
    open_.pop_back();
    auto& into = open_.back().inside;
    if (!done.address.empty())
      escape(" (" + done.address + ")", place::line, done.inside.xml);
    if (done.tag.empty())
      into.append(done.inside);
    else
      into.append(detail::element_of(done.tag, done.attributes, done.inside));
  }

  void begin_phrases(std::string tag) {
    begin(std::move(tag));
    open_.back().phrases_only = true;
  }

  void enter_block(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
    case MD_BLOCK_DOC:
      return;
    case MD_BLOCK_QUOTE:
      return begin("div", {{"style", "border-left:3px solid;padding-left:8px"}});
    case MD_BLOCK_UL:
      return begin("ul");
    case MD_BLOCK_OL:
      return begin("ol");
    case MD_BLOCK_LI:
      return begin("li");
    case MD_BLOCK_HR:
      return begin("hr");
    case MD_BLOCK_H:
      return begin_phrases("h" + std::to_string(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level));
    case MD_BLOCK_CODE:
      return enter_code(*static_cast<MD_BLOCK_CODE_DETAIL*>(detail));
    case MD_BLOCK_HTML:
    case MD_BLOCK_P:
      return begin("p");
    case MD_BLOCK_TABLE:
      return begin("table");
    case MD_BLOCK_THEAD:
      return begin("thead");
    case MD_BLOCK_TBODY:
      return begin("tbody");
    case MD_BLOCK_TR:
      return begin("tr");
    case MD_BLOCK_TH:
      return enter_cell("th", *static_cast<MD_BLOCK_TD_DETAIL*>(detail));
    case MD_BLOCK_TD:
      return enter_cell("td", *static_cast<MD_BLOCK_TD_DETAIL*>(detail));
    }
  }

  /// A language that clients do not highlight is left out.
  void enter_code(const MD_BLOCK_CODE_DETAIL& code) {
    const auto language = lower(text_of(code.lang));
    begin("code", {{"language",
                    is_code_language(language) ? detail::unless_empty(language) : std::nullopt}});
  }

  void enter_cell(const char* tag, const MD_BLOCK_TD_DETAIL& cell) {
    const auto* align = alignment(cell.align);
    begin(tag, {{"style", align ? std::optional<std::string>{align} : std::nullopt}});
  }

  void enter_span(MD_SPANTYPE type, void* detail) {
    begin_span(type, detail);
    open_.back().span = type;
  }

  void begin_span(MD_SPANTYPE type, void* detail) {
    switch (type) {
    case MD_SPAN_EM:
      return begin_phrases("i");
    case MD_SPAN_STRONG:
    case MD_SPAN_U:
      return begin_phrases("b");
    case MD_SPAN_A:
      return enter_link(text_of(static_cast<MD_SPAN_A_DETAIL*>(detail)->href));
    case MD_SPAN_IMG:
      return enter_link(text_of(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src));
    case MD_SPAN_CODE:
      return open_.back().phrases_only ? begin_nothing() : begin("code");
    case MD_SPAN_DEL:
      return begin("span", {{"style", "text-decoration:line-through"}});
    default:
      return begin_nothing();
    }
  }

  void enter_link(const std::string& url) {
    // One definition may serve many links.
    addresses_ += url.size();
    if (addresses_ > most_bytes)
      throw build_error{"Markdown that becomes more than 1.5 MB, which no message may have"};
    if (open_.back().link || !may_be_followed(url)) {
      begin_nothing();
      open_.back().address = url;
      return;
    }
    begin("a", {{"href", url}});
    open_.back().link = true;
  }

  void text(MD_TEXTTYPE type, std::string_view given) {
    auto& into = open_.back().inside.xml;
    switch (type) {
    case MD_TEXT_NULLCHAR:
      return escape(std::string_view{"\0", 1}, place::line, into);
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
      into += "<br/>";
      return;
    case MD_TEXT_ENTITY:
      return escape(resolved(given), place::line, into);
    case MD_TEXT_CODE:
      return escape(given, open_.back().tag == "code" ? place::preformatted : place::line, into);
    default:
      return escape(given, place::line, into);
    }
  }

  std::vector<open_element> open_;
  std::size_t addresses_ = 0;
  std::exception_ptr thrown_;
};

} // namespace

content markdown(std::string_view text) {
  return content{conversion{}.run(text)};
}

} // namespace tutti::messageml
