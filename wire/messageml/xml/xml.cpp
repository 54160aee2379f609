// Expat reads; what a message must not hold ends the reading at once.
#include <wire/messageml/xml/xml.hpp>

#include <wire/messageml/xml/encodings.hpp>

#include <expat.h>

#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <random>
#include <vector>

namespace tutti::messageml::xml {

namespace {

using parser_pointer = std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)>;

/// The parser of the thread's last reading: it has its memory already.
parser_pointer& kept_parser() {
  static thread_local parser_pointer kept{nullptr, &XML_ParserFree};
  return kept;
}

parser_pointer take_parser() {
  auto taken = std::move(kept_parser());
  if (!taken || !XML_ParserReset(taken.get(), nullptr))
    taken.reset(XML_ParserCreate(nullptr));
  if (!taken)
    throw std::bad_alloc{};
  return taken;
}

/// What the callbacks of one reading share.
class reading final : public source {
public:
  reading(std::string_view text, sink& into) : text_(text), into_(into), parser_(take_parser()) {
    auto* const parser = parser_.get();
    // Against names chosen to collide; without one Expat asks the system at each message.
    static thread_local const auto salt =
        std::uint64_t{std::random_device{}()} << 32U | std::random_device{}();
    XML_SetHashSalt(parser, salt);
    XML_SetUserData(parser, this);
    XML_SetElementHandler(
        parser,
        [](void* self, const char* name, const char** attributes) {
          of(self).begin(name, attributes);
        },
        [](void* self, const char*) { of(self).end(); });
    XML_SetCharacterDataHandler(parser, [](void* self, const char* text, int length) {
      of(self).characters({text, static_cast<std::size_t>(length)});
    });
    XML_SetStartCdataSectionHandler(parser, [](void* self) {
      of(self).refuse(fault_kind::unknown_element, "a CDATA section is not allowed");
    });
    XML_SetCommentHandler(parser, [](void* self, const char*) {
      of(self).refuse_inside("a comment is not allowed");
    });
    XML_SetProcessingInstructionHandler(parser, [](void* self, const char*, const char*) {
      of(self).refuse_inside("a processing instruction is not allowed");
    });
    XML_SetStartDoctypeDeclHandler(
        parser, [](void* self, const char*, const char*, const char*, int) {
          of(self).refuse(fault_kind::not_xml, "a document type is not allowed");
        });
    XML_SetXmlDeclHandler(parser, [](void* self, const char* version, const char*, int) {
      if (version && std::string_view{version} != "1.0" && std::string_view{version} != "1.1")
        of(self).refuse(fault_kind::not_xml, "XML is of version 1.0 or 1.1");
    });
    XML_SetUnknownEncodingHandler(
        parser,
        [](void*, const char* name, XML_Encoding* made) -> int {
          return read_encoding(name, made->map) ? XML_STATUS_OK : XML_STATUS_ERROR;
        },
        nullptr);
  }

  ~reading() override {
    // What a large message needed is not kept for ever.
    constexpr std::size_t most_kept = 65'536;
    if (text_.size() <= most_kept)
      kept_parser() = std::move(parser_);
  }

  reading(const reading&) = delete;
  reading& operator=(const reading&) = delete;

  std::optional<fault> run() {
    if (text_.size() > std::numeric_limits<int>::max())
      return fault{fault_kind::too_large, {}, {}, {}, "more than two gigabytes"};
    const auto status =
        XML_Parse(parser_.get(), text_.data(), static_cast<int>(text_.size()), XML_TRUE);
    if (thrown_)
      std::rethrow_exception(thrown_);
    if (fault_ || status == XML_STATUS_OK)
      return fault_;
    return fault{
        fault_kind::not_xml, here(), {}, {}, XML_ErrorString(XML_GetErrorCode(parser_.get()))};
  }

  position here() const override {
    return {static_cast<int>(XML_GetCurrentLineNumber(parser_.get())),
            static_cast<int>(XML_GetCurrentColumnNumber(parser_.get())) + 1};
  }

private:
  static reading& of(void* self) { return *static_cast<reading*>(self); }

  /// Namespaces mean nothing here: a name is what is written, and a declaration an attribute.
  void begin(std::string_view name, const char** attributes) {
    guarded([&] {
      if (names_.size() >= most_levels)
        return fail(fault_kind::too_deep, "more than 500 elements within each other");
      attributes_.clear();
      for (const auto** each = attributes; *each; each += 2)
        attributes_.push_back({each[0], each[1]});
      names_.emplace_back(name);
      into_.begin(name, attributes_, *this);
    });
  }

  void end() {
    guarded([&] {
      names_.pop_back();
      into_.end();
    });
  }

  void characters(std::string_view text) {
    guarded([&] { into_.text(text, *this); });
  }

  /// Expat is C: no exception may pass through it.
  template <class Act>
  void guarded(Act act) noexcept {
    try {
      if (!fault_ && !thrown_)
        act();
    } catch (...) {
      thrown_ = std::current_exception();
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }

  void refuse_inside(const char* what) {
    if (!names_.empty())
      refuse(fault_kind::unknown_element, what);
  }

  void refuse(fault_kind kind, const char* what) {
    guarded([&] { fail(kind, what); });
  }

  void fail(fault_kind kind, const char* what) {
    fault_ = {kind, here(), names_.empty() ? std::string{} : names_.back(), {}, what};
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  std::string_view text_;
  sink& into_;
  parser_pointer parser_;
  std::vector<attribute_view> attributes_;
  /// Of the elements that are open.
  std::vector<std::string> names_;
  std::optional<fault> fault_;
  std::exception_ptr thrown_;
};

} // namespace

std::optional<fault> read(std::string_view text, sink& into) {
  return reading{text, into}.run();
}

} // namespace tutti::messageml::xml
