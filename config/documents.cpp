// Looks at all documents before the first is read.
#include <config/documents.hpp>

#include <config/tree.hpp>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>
#include <yaml-cpp/yaml.h>

#include <optional>
#include <sstream>

namespace tutti::config_file {

namespace {

/// Where the document that was read last begins, and whether there is anything in it.
class document_look final : public YAML::EventHandler {
public:
  const YAML::Mark& start() const noexcept { return start_; }
  const std::optional<YAML::Mark>& content() const noexcept { return content_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    start_ = mark;
    content_.reset();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { found(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string&) override {
    found(mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    found(mark);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    found(mark);
  }
  void OnMapEnd() override {}

private:
  void found(const YAML::Mark& mark) {
    if (!content_)
      content_ = mark;
  }

  YAML::Mark start_ = YAML::Mark::null_mark();
  std::optional<YAML::Mark> content_;
};

} // namespace

YAML::Node only_document(const std::string& text) {
  std::istringstream in{text};
  YAML::Parser parser{in};
  document_look look;
  auto before = YAML::Mark::null_mark();
  for (auto first = true; parser.HandleNextDocument(look); first = false) {
    // yaml-cpp takes a mark that no rule reads for an empty document, again and again.
    if (!first && look.start().pos == before.pos)
      throw complaint{look.start(), "this is not YAML: a mark such as ',' stands here that belongs "
                                    "between brackets, or into quotes"};
    if (!first && look.content())
      throw complaint{*look.content(), "another document begins here ('---' above it); a "
                                       "configuration is one"};
    before = look.start();
  }
  return YAML::Load(text);
}

} // namespace tutti::config_file
