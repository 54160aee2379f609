// tutti-bench-conversing: what it costs to find which of 200 commands a message calls, as a line of
// JSON.
#include <bench/messages/expat_alone.hpp>
#include <bot/hearing/commands/command_set.hpp>

#include <tutti/message_reader.hpp>

#include <fmt/format.h>

namespace {

using namespace tutti;
using namespace tutti::commands;
using tutti::bench::each;
using tutti::bench::parse_alone;

task<> order(chat&, std::string, std::int64_t) {
  co_return;
}

messageml::received_message said(const std::string& text) {
  messageml::received_message message;
  message.pieces.push_back({messageml::piece_kind::text, text});
  return message;
}

} // namespace

int main() {
  constexpr int commands = 200;
  constexpr int runs = 200'000;
  command_set all;
  for (int i = 0; i < commands; ++i)
    if (const auto flaw = all.add(declare_command(
            fmt::format("/order-{} new {{instrument}} {{count:int=1}}", i), "Orders", order));
        !flaw.empty())
      return 1;
  const auto called = said("/order-137 new VOD 25");
  const auto none = said("Would you look at order 137 before noon, please?");
  const std::string document = "<messageML><p>/order-137 new <b>VOD</b> 25</p></messageML>";
  std::size_t kept = 0; // So that nothing is left out.
  const auto xml = each(runs, [&] { parse_alone(document); });
  const auto call = each(runs, [&] { kept += all.find(split(called), 0).index(); });
  const auto other = each(runs, [&] { kept += all.find(split(none), 0).index(); });
  fmt::print(R"({{"commands":{},"xml_us":{:.3f},"call_us":{:.3f},"other_us":{:.3f},"kept":{}}})"
             "\n",
             all.size(), xml, call, other, kept);
  return 0;
}
