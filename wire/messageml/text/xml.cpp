// libxml2 reads; what a message must not hold ends the reading at once.
#include <wire/messageml/text/xml.hpp>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <optional>
#include <span>

namespace tutti::messageml::xml {

const std::string* node::find(std::string_view attribute) const {
  for (const auto& [name, value] : attributes)
    if (name == attribute)
      return &value;
  return nullptr;
}

namespace {

std::string_view view(const xmlChar* text) {
  return reinterpret_cast<const char*>(text);
}

/// What the callbacks of one reading share.
class reading {
public:
  explicit reading(std::string_view text)
      : context_(xmlCreateMemoryParserCtxt(text.data(), static_cast<int>(text.size())),
                 &xmlFreeParserCtxt) {
    xmlSAXHandler handler{};
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = [](void* self, const xmlChar* name, const xmlChar* prefix,
                                const xmlChar*, int spaces, const xmlChar** declared, int count,
                                int, const xmlChar** attributes) {
      of(self).begin(full_name(name, prefix), {declared, std::size_t(spaces) * 2},
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
    // References are resolved; only the five of XML exist without a document type.
    xmlCtxtUseOptions(context_.get(), XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_HUGE);
  }

  std::variant<node, fault> run() {
    if (!context_)
      return fault{fault_kind::empty_message, {}, {}, {}, "the message is empty"};
    xmlParseDocument(context_.get());
    if (fault_)
      return *fault_;
    const auto version = context_->version ? view(context_->version) : "1.0";
    if (version != "1.0" && version != "1.1")
      return fault{fault_kind::not_xml, {1, 1}, {}, {}, "XML is of version 1.0 or 1.1"};
    if (!context_->wellFormed || !root_)
      return fault{fault_kind::not_xml, here(), {}, {}, "the message is not well-formed XML"};
    return std::move(*root_);
  }

private:
  static reading& of(void* self) {
    return *static_cast<reading*>(static_cast<xmlParserCtxtPtr>(self)->_private);
  }

  position here() const {
    return context_->input ? position{context_->input->line, context_->input->col} : position{};
  }

  /// Where the tag that has just been read begins: a tag holds no other '<'.
  position start_of_tag() const {
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

  /// Namespaces mean nothing here: a name is what is written, and a declaration an attribute.
  static std::string full_name(const xmlChar* name, const xmlChar* prefix) {
    return prefix ? std::string{view(prefix)}.append(":").append(view(name))
                  : std::string{view(name)};
  }

  /// `declared`: pairs of prefix and address; `attributes`: name, prefix, address, begin and end of
  /// the value.
  void begin(std::string name, std::span<const xmlChar*> declared,
             std::span<const xmlChar*> attributes) {
    if (fault_)
      return;
    if (open_.size() >= most_levels)
      return refuse(fault_kind::too_deep,
                    "more than " + std::to_string(most_levels) + " elements within each other");
    node made;
    made.name = std::move(name);
    made.at = start_of_tag();
    for (std::size_t i = 0; i < declared.size(); i += 2)
      made.attributes.emplace_back(declared[i] ? std::string{"xmlns:"}.append(view(declared[i]))
                                               : std::string{"xmlns"},
                                   declared[i + 1] ? view(declared[i + 1]) : "");
    for (std::size_t i = 0; i < attributes.size(); i += 5)
      made.attributes.emplace_back(
          full_name(attributes[i], attributes[i + 1]),
          std::string_view{reinterpret_cast<const char*>(attributes[i + 3]),
                           std::size_t(attributes[i + 4] - attributes[i + 3])});
    std::sort(made.attributes.begin(), made.attributes.end());
    open_.push_back(std::move(made));
  }

  void end() {
    if (fault_ || open_.empty())
      return;
    auto done = std::move(open_.back());
    open_.pop_back();
    if (open_.empty())
      root_ = std::move(done);
    else
      open_.back().children.push_back(std::move(done));
  }

  void characters(std::string_view text) {
    if (fault_ || open_.empty())
      return;
    auto& into = open_.back().children;
    if (into.empty() || !into.back().is_text()) {
      into.emplace_back();
      into.back().at = here();
    }
    into.back().text += text;
  }

  void refuse_inside(const char* what) {
    if (!open_.empty())
      refuse(fault_kind::unknown_element, what);
  }

  void refuse(fault_kind kind, std::string what) {
    if (!fault_)
      fault_ = {kind, here(), open_.empty() ? "" : open_.back().name, {}, std::move(what)};
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

  std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> context_;
  std::vector<node> open_;
  std::optional<node> root_;
  std::optional<fault> fault_;
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
  auto count = 0;
  auto in_tag = false;
  auto quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = text[at];
    if (!in_tag) {
      // What is no tag may hold any character.
      if (const auto end = end_of_aside(text.substr(at)); end > 0)
        at += end - 1;
      else
        in_tag = c == '<';
      count = 0;
    } else if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      in_tag = false;
    } else if (c == '=' && ++count > most_attributes) {
      return at;
    }
  }
  return std::nullopt;
}

} // namespace

std::variant<node, fault> parse(std::string_view text) {
  if (const auto at = crowded_tag(text)) {
    const auto before = text.substr(0, *at);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    return fault{fault_kind::too_many, {line + 1, 1}, {}, {}, "a tag has more than 200 attributes"};
  }
  return reading{text}.run();
}

} // namespace tutti::messageml::xml
