// Whatever a bot receives as a message, it can be read: what is shown is what its pieces show.
#include <tests/fuzz/fuzz.hpp>

#include <tutti/message_reader.hpp>

#include <string>

namespace {

using namespace tutti;
using fuzz::must;

} // namespace

// `<message>\0<entity data>`
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input input{data, size};
  const std::string message{input.until('\0')};
  const std::string entities{input.rest()};
  const auto read = messageml::read_message(message, entities);
  std::string shown;
  for (const auto& each : read.pieces) {
    must(each.kind != messageml::piece_kind::mention || each.user.has_value(),
         "a mention has a user");
    must(each.kind != messageml::piece_kind::text || each.value.empty(), "a text is a text alone");
    shown += each.text;
  }
  must(shown == read.text, "the text is that of the pieces");
  if (read.flaw.empty() && !read.pieces.empty())
    must(messageml::read_tree(message).has_value(), "what can be read has a tree");
  return 0;
}
