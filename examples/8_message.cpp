// Builds a message whose text comes from a person, and reads it as a bot would receive it.
#include <tutti/message_reader.hpp>
#include <tutti/messageml.hpp>

#include <iostream>

int main() {
  using namespace tutti::messageml;
  const auto ada = tutti::user_id::make(8933531975682).value();
  const std::string typed = "<b>5 > 4</b> & ${x}"; // A person's text is never markup.

  auto order = message{}
                   .p("Hello ", mention(ada), ", you wrote: ", i(typed))
                   .form("order", text_field("quantity", {.label = "How many?", .required = true}),
                         action("send", "Send"));
  std::cout << order.xml() << "\n" << order.to_text() << "\n";

  try {
    order.form("again", text_field("quantity", {.max_length = 1'000}), action("send", "Send"));
  } catch (const build_error& error) {
    std::cout << error.what() << "\n";
  }

  const auto read =
      read_message("<div data-format=\"PresentationML\" data-version=\"2.0\">"
                   "<p>/buy <span class=\"entity\" data-entity-id=\"0\">$IBM</span></p></div>",
                   R"({"0":{"type":"org.symphonyoss.fin.security","version":"1.0",
                                    "id":[{"type":"org.symphonyoss.fin.security.id.ticker","value":"IBM"}]}})");
  std::cout << read.text << " names " << read.values(piece_kind::cashtag).at(0) << "\n";
}
