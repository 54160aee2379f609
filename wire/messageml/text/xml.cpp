// libxml2 reads; what a message must not hold ends the reading at once.
#include <wire/messageml/text/xml.hpp>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>

namespace tutti::messageml::xml {

std::string attribute_view::full_name() const {
  return prefix.empty() ? std::string{name} : std::string{prefix}.append(":").append(name);
}

namespace {

/// Empty for null.
std::string_view view(const xmlChar* text) {
  return text ? reinterpret_cast<const char*>(text) : std::string_view{};
}

using parser_context = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;

/// The context of the thread's last reading: it knows the names of elements already.
parser_context& kept_context() {
  static thread_local parser_context kept{nullptr, &xmlFreeParserCtxt};
  return kept;
}

/// What the callbacks of one reading share.
class reading final : public source {
public:
  explicit reading(sink& into)
      : into_(into),
        context_(kept_context() ? std::move(kept_context())
                                : parser_context{xmlNewParserCtxt(), &xmlFreeParserCtxt}) {
    xmlSAXHandler handler{};
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = [](void* self, const xmlChar* name, const xmlChar* prefix,
                                const xmlChar*, int spaces, const xmlChar** declared, int count,
                                int, const xmlChar** attributes) {
      of(self).begin(view(prefix), view(name), {declared, std::size_t(spaces) * 2},
                     {attributes, std::size_t(count) * 5});
    };
    handler.endElementNs = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
      of(self).end();
    };
    handler.characters =
        handler.ignorableWhitespace = [](void* self, const xmlChar* text, int length) {
          of(self).characters({reinterpret_cast<const char*>(text), std::size_t(length)});
        };
    handler.cdataBlock = [](void* self, const xmlChar*, int) {
      of(self).refuse(fault_kind::unknown_element, "a CDATA section is not allowed");
    };
    handler.comment = [](void* self, const xmlChar*) {
      of(self).refuse_inside("a comment is not allowed");
    };
    handler.processingInstruction = [](void* self, const xmlChar*, const xmlChar*) {
      of(self).refuse_inside("a processing instruction is not allowed");
    };
    handler.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
      of(self).refuse(fault_kind::not_xml, "a document type is not allowed");
    };
    handler.serror = [](void* self, xmlErrorPtr error) { of(self).on_error(*error); };
    if (!context_)
      return;
    *context_->sax = handler;
    context_->userData = context_.get();
    context_->_private = this;
  }

  ~reading() override {
    // Names that messages made up are not kept for ever.
    constexpr int most_names = 1'000;
    if (context_ && xmlDictSize(context_->dict) < most_names)
      kept_context() = std::move(context_);
  }

  reading(const reading&) = delete;
  reading& operator=(const reading&) = delete;

  std::optional<fault> run(std::string_view text) {
    if (!context_)
      throw std::bad_alloc{};
    // References are resolved; only the five of XML exist without a document type.
    xmlCtxtReadMemory(context_.get(), text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                      XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_HUGE);
    if (thrown_)
      std::rethrow_exception(thrown_);
    if (fault_)
      return fault_;
    const auto version = context_->version ? view(context_->version) : "1.0";
    if (version != "1.0" && version != "1.1")
      return fault{fault_kind::not_xml, {1, 1}, {}, {}, "XML is of version 1.0 or 1.1"};
    if (!context_->wellFormed || !complete_)
      return fault{fault_kind::not_xml, here(), {}, {}, "the message is not well-formed XML"};
    return std::nullopt;
  }

  position here() const override {
    return context_->input ? position{context_->input->line, context_->input->col} : position{};
  }

  /// A tag holds no other '<'.
  position of_tag() const override {
    auto at = here();
    const auto* input = context_->input;
    for (const auto* c = input->cur; c > input->base && *(c - 1) != '<';) {
      --c;
      if (*c == '\n') {
        --at.line;
        at.column = 0;
      } else if (at.line == input->line && (*c & 0xC0) != 0x80) {
        --at.column;
      }
    }
    if (at.line == input->line)
      return {at.line, at.column - 1};
    const auto* c = input->cur;
    while (c > input->base && *(c - 1) != '<')
      --c;
    auto column = 0;
    for (; c > input->base && *(c - 1) != '\n'; --c)
      column += (*(c - 1) & 0xC0) != 0x80 ? 1 : 0;
    return {at.line, column};
  }

private:
  static reading& of(void* self) {
    return *static_cast<reading*>(static_cast<xmlParserCtxtPtr>(self)->_private);
  }

  /// Namespaces mean nothing here: a name is what is written, and a declaration an attribute.
  /// `declared`: pairs of prefix and address; `attributes`: name, prefix, address, begin and end of
  /// the value.
  void begin(std::string_view prefix, std::string_view name, std::span<const xmlChar*> declared,
             std::span<const xmlChar*> attributes) {
    if (fault_)
      return;
    if (depth_ >= most_levels)
      return refuse(fault_kind::too_deep,
                    "more than " + std::to_string(most_levels) + " elements within each other");
    attributes_.clear();
    for (std::size_t i = 0; i < declared.size(); i += 2)
      attributes_.push_back(declared[i]
                                ? attribute_view{"xmlns", view(declared[i]), view(declared[i + 1])}
                                : attribute_view{{}, "xmlns", view(declared[i + 1])});
    for (std::size_t i = 0; i < attributes.size(); i += 5)
      attributes_.push_back({view(attributes[i + 1]),
                             view(attributes[i]),
                             {reinterpret_cast<const char*>(attributes[i + 3]),
                              std::size_t(attributes[i + 4] - attributes[i + 3])}});
    ++depth_;
    guarded([&] {
      if (prefix.empty())
        into_.begin(name, attributes_, *this);
      else
        into_.begin(attribute_view{prefix, name, {}}.full_name(), attributes_, *this);
    });
  }

  void end() {
    if (fault_ || depth_ == 0)
      return;
    complete_ = --depth_ == 0;
    guarded([&] { into_.end(); });
  }

  void characters(std::string_view text) {
    if (!fault_ && depth_ > 0)
      guarded([&] { into_.text(text, *this); });
  }

  /// libxml2 is C: no exception may pass through it.
  template <class Act>
  void guarded(Act act) noexcept {
    try {
      if (!thrown_)
        act();
    } catch (...) {
      thrown_ = std::current_exception();
      xmlStopParser(context_.get());
    }
  }

  void refuse_inside(const char* what) {
    if (depth_ > 0)
      refuse(fault_kind::unknown_element, what);
  }

  void refuse(fault_kind kind, std::string what) {
    if (!fault_)
      fault_ = {kind, here(), std::string{view(context_->name)}, {}, std::move(what)};
    xmlStopParser(context_.get());
  }

  void on_error(const xmlError& error) {
    if (fault_)
      return;
    // A declaration that libxml2 leaves out is an attribute that no element takes.
    if (error.domain == XML_FROM_NAMESPACE && error.code >= XML_NS_ERR_XML_NAMESPACE &&
        error.code != XML_NS_ERR_UNDEFINED_NAMESPACE) {
      fault_ = {fault_kind::unknown_attribute,
                {error.line, error.int2},
                {},
                "xmlns",
                "no element takes it"};
      return;
    }
    if (error.level < XML_ERR_FATAL)
      return;
    std::string what = error.message ? error.message : "not well-formed";
    while (!what.empty() && what.back() == '\n')
      what.pop_back();
    fault_ = {fault_kind::not_xml, {error.line, error.int2}, {}, {}, std::move(what)};
  }

  sink& into_;
  parser_context context_;
  std::vector<attribute_view> attributes_;
  int depth_ = 0;
  bool complete_ = false;
  std::optional<fault> fault_;
  std::exception_ptr thrown_;
};

/// How long the comment, instruction or CDATA section is that the text begins with; 0: none.
std::size_t end_of_aside(std::string_view text) {
  for (const auto& [begin, end] : {std::pair<std::string_view, std::string_view>{"<!--", "-->"},
                                   {"<?", "?>"},
                                   {"<![CDATA[", "]]>"}})
    if (text.starts_with(begin)) {
      const auto at = text.find(end, begin.size());
      return at == text.npos ? text.size() : at + end.size();
    }
  return 0;
}

/// Where a tag has more attributes than any element takes: libxml2 compares each with all others.
std::optional<std::size_t> crowded_tag(std::string_view text) {
  constexpr int most_attributes = 200;
  for (auto at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    // What is no tag may hold any character.
    if (const auto aside = end_of_aside(text.substr(at)); aside > 0) {
      at += aside;
      continue;
    }
    auto count = 0;
    for (++at; at < text.size() && text[at] != '>'; ++at)
      if (text[at] == '"' || text[at] == '\'')
        at = std::min(text.find(text[at], at + 1), text.size());
      else if (text[at] == '=' && ++count > most_attributes)
        return at;
  }
  return std::nullopt;
}

} // namespace

std::optional<fault> read(std::string_view text, sink& into) {
  if (const auto at = crowded_tag(text)) {
    const auto before = text.substr(0, *at);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    return fault{fault_kind::too_many, {line + 1, 1}, {}, {}, "a tag has more than 200 attributes"};
  }
  return reading{into}.run(text);
}

} // namespace tutti::messageml::xml
