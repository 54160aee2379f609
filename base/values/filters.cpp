#include <tutti/filters.hpp>

#include <algorithm>
#include <string_view>

namespace tutti {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

bool is_in(std::string_view part, std::string_view whole) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != whole.end() ||
         part.empty();
}

std::string either(const std::string& one, const std::string& other) {
  return one.empty() ? other : one;
}

bool has(const std::vector<std::string>& all, const std::string& wanted) {
  return std::any_of(all.begin(), all.end(), [&](const auto& each) { return same(each, wanted); });
}

} // namespace

event_filter operator&&(event_filter one, event_filter other) {
  auto flaw = either(one.flaw_, other.flaw_);
  return event_filter{[one = std::move(one.takes_), other = std::move(other.takes_)](
                          const event& what) { return one(what) && other(what); },
                      std::move(flaw)};
}

event_filter operator||(event_filter one, event_filter other) {
  auto flaw = either(one.flaw_, other.flaw_);
  return event_filter{[one = std::move(one.takes_), other = std::move(other.takes_)](
                          const event& what) { return one(what) || other(what); },
                      std::move(flaw)};
}

event_filter operator!(event_filter one) {
  return event_filter{[one = std::move(one.takes_)](const event& what) { return !one(what); },
                      std::move(one.flaw_)};
}

namespace filters {

event_filter from(user_id who) {
  return event_filter{[who](const event& what) { return what.initiator.id == who; }};
}

event_filter from(std::string who) {
  return event_filter{[who = std::move(who)](const event& what) {
    return same(what.initiator.username, who) || same(what.initiator.email, who);
  }};
}

event_filter in(stream_id where) {
  return event_filter{
      [where = std::move(where)](const event& what) { return what.stream.id == where; }};
}

event_filter in_im() {
  return event_filter{[](const event& what) {
    return what.stream.type == stream_type::im || what.stream.type == stream_type::mim;
  }};
}

event_filter in_room() {
  return event_filter{[](const event& what) { return what.stream.type == stream_type::room; }};
}

event_filter external() {
  return event_filter{[](const event& what) { return what.stream.external; }};
}

event_filter contains(std::string text) {
  return event_filter{
      [text = std::move(text)](const event& what) { return is_in(text, what.message.text()); }};
}

event_filter begins_with(std::string text) {
  return event_filter{[text = std::move(text)](const event& what) {
    const std::string_view all = what.message.text();
    return same(all.substr(0, text.size()), text);
  }};
}

event_filter matches(regular_expression what) {
  auto flaw = what.flaw();
  return event_filter{
      [what = std::move(what)](const event& each) { return what.found_in(each.message.text()); },
      std::move(flaw)};
}

event_filter mentions(user_id whom) {
  return event_filter{[whom](const event& what) {
    const auto all = what.message.mentions();
    return std::find(all.begin(), all.end(), whom) != all.end();
  }};
}

event_filter tagged(std::string tag) {
  return event_filter{
      [tag = std::move(tag)](const event& what) { return has(what.message.hashtags(), tag); }};
}

event_filter names_instrument(std::string ticker) {
  return event_filter{[ticker = std::move(ticker)](const event& what) {
    return has(what.message.cashtags(), ticker);
  }};
}

event_filter with_attachment() {
  return event_filter{[](const event& what) { return !what.message.attachments().empty(); }};
}

} // namespace filters

} // namespace tutti
