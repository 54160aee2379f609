// tutti-bench-messages FOLDER: what building, checking and reading a message of 1 kB costs, as a
// line of JSON; the message as a bot receives it is written to FOLDER, for the kits.
#include <bench/messages/expat_alone.hpp>

#include <wire/messageml/messageml.hpp>

#include <tutti/message_reader.hpp>
#include <tutti/messageml.hpp>

#include <fmt/format.h>

#include <fstream>

namespace {

using namespace tutti::messageml;
using tutti::bench::each;
using tutti::bench::parse_alone;

std::string build() {
  static const auto ada = tutti::user_id::make(13537736916993).value();
  static const auto ben = tutti::user_id::make(13537736916994).value();
  return message{}
      .heading(2, "Block trade for ", mention(ada), " to confirm")
      .p("Desk 7 asks ", b("today before 16:30"), " whether you, ", mention(ben),
         ", take the other side of this order in ", cashtag("IBM"), ": 25,000 at 142.35 & better.")
      .add(bullets(item("Settlement in two days, no lending, ", i("all or none")),
                   item("Counterparty as agreed in the contract of last year, <see below>"),
                   item("Limit per hour: 5,000; questions go to the desk, by telephone please")))
      .p("The whole of it is in ",
         hyperlink("https://orders.example.com/2026/11/order-4711", "the book"), ", ",
         hashtag("blocktrade"), " ", emoji("smiley"))
      .add(table(row(header_cell("Quantity"), header_cell("Price"), header_cell("Venue")),
                 row(cell("15,000"), cell("142.35"), cell("XNYS")),
                 row(cell("10,000"), cell("142.40"), cell("XLON"))))
      .p("Answer with take or leave; the first answer counts, and the desk informs all others "
         "here.")
      .xml();
}

std::string build_form() {
  return message{}
      .form("order", text_field("quantity", {.label = "How many?", .required = true}),
            select("side", {{"buy", "Buy"}, {"sell", "Sell"}}), action("send", "Send"))
      .xml();
}

} // namespace

int main(int argc, char** argv) {
  const auto sent = build();
  const auto stored = std::get<prepared>(prepare(sent));
  if (argc == 2) {
    std::ofstream{std::string{argv[1]} + "/message.xml"} << stored.presentation;
    std::ofstream{std::string{argv[1]} + "/data.json"} << stored.entities;
  }
  std::string many;
  while (many.size() < 50'000)
    many += "<p>" + std::string(300, 'x') + " <b>bold</b> and <i>italic</i></p>";
  many = "<messageML>" + many + "</messageML>";
  std::size_t kept = 0; // So that nothing is left out.
  const auto xml = each(20'000, [&] { parse_alone(sent); });
  const auto made = each(50'000, [&] { kept += build().size(); });
  const auto form = each(5'000, [&] { kept += build_form().size(); });
  const auto checked = each(10'000, [&] { kept += prepare(sent).index(); });
  const auto large = each(500, [&] { kept += prepare(many).index(); });
  const auto read = each(
      20'000, [&] { kept += read_message(stored.presentation, stored.entities).pieces.size(); });
  fmt::print(
      R"({{"message_bytes":{},"received_bytes":{},"xml_us":{:.3f},"build_us":{:.3f},)"
      R"("build_form_us":{:.3f},"check_us":{:.3f},"check_mb_per_s":{:.1f},"large_mb_per_s":{:.1f},)"
      R"("read_us":{:.3f},"kept":{}}})"
      "\n",
      sent.size(), stored.presentation.size() + stored.entities.size(), xml, made, form, checked,
      static_cast<double>(sent.size()) / checked, static_cast<double>(many.size()) / large, read,
      kept);
  return 0;
}
