// Whatever is given as a message, the validator ends with a verdict; what it writes is good again.
#include <tests/fuzz/fuzz.hpp>
#include <wire/messageml/messageml.hpp>
#include <wire/messageml/xml/xml.hpp>

#include <string>

namespace {

using namespace tutti;
using fuzz::must;

void check_faults(const messageml::faults& found) {
  must(!found.empty(), "a refusal says why");
  for (const auto& each : found) {
    must(!each.text.empty() && !to_string(each.kind).empty(), "a fault has a kind and a text");
    must(each.at.line >= 0 && each.at.column >= 0, "a fault has a place");
  }
}

} // namespace

// `<message>\0<entity data>`
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input input{data, size};
  const std::string message{input.until('\0')};
  const std::string entities{input.rest()};
  messageml::prepare_options options;
  int ids = 0;
  options.short_id = [&] { return "i" + std::to_string(++ids); };
  const auto made = messageml::prepare(message, entities, options);
  if (const auto* wrong = std::get_if<messageml::faults>(&made)) {
    check_faults(*wrong);
    return 0;
  }
  const auto& good = std::get<messageml::prepared>(made);
  must(good.presentation.starts_with("<div data-format=\"PresentationML\""), "it has its root");
  must(std::holds_alternative<messageml::xml::node>(messageml::xml::parse(good.presentation)),
       "what is written is well-formed");
  return 0;
}
