// Bodies of the contract's values.
#include <tutti/connection.hpp>
#include <tutti/health.hpp>
#include <tutti/http_message.hpp>
#include <tutti/log.hpp>
#include <tutti/metrics.hpp>
#include <tutti/participants.hpp>
#include <tutti/protocol/error.hpp>
#include <tutti/protocol/im.hpp>
#include <tutti/stream.hpp>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <memory_resource>

namespace tutti {

namespace {

constexpr std::array<std::string_view, 19> errc_names{
    "none",           "invalid_participants", "multi_party_unsupported",
    "unknown_user",   "not_entitled",         "not_connected",
    "login_refused",  "unauthorized",         "rejected",
    "rate_limited",   "overloaded",           "deadline_exceeded",
    "cancelled",      "unreachable",          "tls_failed",
    "protocol_error", "shutting_down",        "misconfigured",
    "internal"};
static_assert(errc_names.size() == errc_count);

/// By character: its counterpart in URL-safe Base64; 0 for what is none in either dialect.
constexpr auto url_safe = [] {
  std::array<char, 256> table{};
  for (auto c :
       std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"})
    table[static_cast<unsigned char>(c)] = c;
  table['+'] = '-';
  table['/'] = '_';
  return table;
}();

} // namespace

// -- errc -------------------------------------------------------------------

std::string_view to_string(errc code) noexcept {
  auto index = static_cast<std::size_t>(code);
  return index < errc_names.size() ? errc_names[index] : std::string_view{"unknown"};
}

std::string to_string(const failure& why) {
  auto text = std::string{to_string(why.error)};
  if (!why.detail.empty())
    text.append(": ").append(why.detail);
  return text;
}

caf::error to_error(const failure& why) {
  return caf::error{static_cast<std::uint8_t>(why.error), caf::atom("tutti"),
                    caf::make_message(why.detail, static_cast<std::int32_t>(why.status), why.code)};
}

caf::error to_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return to_error({errc::internal, error.what(), 0, "exception"});
  } catch (...) {
    return to_error({errc::internal, "something that is no exception was thrown", 0, "exception"});
  }
}

failure to_failure(const caf::error& error) {
  if (error.category() == caf::atom("tutti") && error.code() < errc_names.size()) {
    auto why = failure{static_cast<errc>(error.code()), {}, 0, {}};
    const auto& context = error.context();
    if (context.match_elements<std::string, std::int32_t, std::string>()) {
      why.detail = context.get_as<std::string>(0);
      why.status = context.get_as<std::int32_t>(1);
      why.code = context.get_as<std::string>(2);
    }
    return why;
  }
  if (error == caf::sec::request_receiver_down || error == caf::exit_reason::user_shutdown)
    return failure{errc::shutting_down, "the actor asked has ended", 0, {}};
  return failure{
      errc::internal, "an actor answered with a foreign error: " + to_string(error), 0, {}};
}

// -- ids --------------------------------------------------------------------

result<user_id> user_id::make(std::int64_t value) {
  if (value <= 0)
    return failure{errc::invalid_participants,
                   std::to_string(value) + " is not a user id: give a positive number",
                   0,
                   {}};
  return user_id{value};
}

result<user_id> user_id::parse(std::string_view digits) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return failure{errc::invalid_participants,
                   "'" + std::string{digits} + "' is not a user id: give a positive number",
                   0,
                   {}};
  return make(value);
}

result<stream_id> stream_id::make(std::string_view text) {
  while (!text.empty() && text.back() == '=')
    text.remove_suffix(1);
  if (text.empty())
    return failure{errc::protocol_error, "the stream id is empty", 0, {}};
  stream_id made;
  std::shared_ptr<std::string> longer;
  if (text.size() > stream_id::room)
    longer = std::make_shared<std::string>(text.size(), '\0');
  else
    made.size_ = static_cast<std::uint8_t>(text.size());
  bool foreign = false;
  std::transform(text.begin(), text.end(), longer ? longer->data() : made.here_.data(),
                 [&](char c) {
                   auto safe = url_safe[static_cast<unsigned char>(c)];
                   foreign = foreign || safe == 0;
                   return safe;
                 });
  if (foreign)
    return failure{errc::protocol_error,
                   "'" + std::string{text.substr(0, 80)} + "' is not a stream id (Base64)",
                   0,
                   {}};
  made.longer_ = std::move(longer);
  return made;
}

std::string to_string(const stream_id& id) {
  return std::string{id.text()};
}

call_ticket call_ticket::next() noexcept {
  static std::atomic<std::uint64_t> last{0};
  call_ticket made;
  made.value_ = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return made;
}

// -- participants -----------------------------------------------------------

namespace {

/// Sorted, each once, without `caller`; on the stack unless there are many.
class tidy_users {
public:
  tidy_users(std::span<const user_id> users, user_id caller) : all_(&room_) {
    all_.reserve(users.size());
    std::copy_if(users.begin(), users.end(), std::back_inserter(all_),
                 [&](user_id each) { return each != caller || caller == user_id{}; });
    std::sort(all_.begin(), all_.end());
    all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
  }

  std::span<const user_id> all() const noexcept { return all_; }

private:
  std::array<std::byte, 256> stack_;
  std::pmr::monotonic_buffer_resource room_{stack_.data(), stack_.size()};
  std::pmr::vector<user_id> all_;
};

} // namespace

participant_set::participant_set(std::span<const user_id> sorted) {
  if (sorted.size() > few_.size()) {
    many_ = std::make_shared<const std::vector<user_id>>(sorted.begin(), sorted.end());
  } else {
    std::copy(sorted.begin(), sorted.end(), few_.begin());
    size_ = sorted.size();
  }
}

participant_set participant_set::of(std::span<const user_id> users) {
  return participant_set{tidy_users{users, user_id{}}.all()};
}

result<participant_set> participant_set::make(im_form form, std::span<const user_id> asked,
                                              user_id caller, multi_party policy) {
  const auto wanted = form == im_form::inclusive ? std::size_t{1} : std::size_t{2};
  auto set =
      participant_set{tidy_users{asked, form == im_form::inclusive ? caller : user_id{}}.all()};
  if (!set.empty() && set.users().front() == user_id{})
    return failure{errc::invalid_participants, "a participant has no id", 0, {}};
  if (set.size() < wanted) {
    const auto* rule = form == im_form::inclusive
                           ? "an IM needs one participant other than the caller"
                           : "an IM without the caller needs two distinct participants";
    return failure{errc::invalid_participants,
                   std::string{rule} +
                       "; given: " + (asked.empty() ? "nobody" : to_string(of(asked))),
                   0,
                   {}};
  }
  if (set.size() > wanted && policy == multi_party::refuse)
    return failure{errc::multi_party_unsupported,
                   "Symphony no longer supports IMs with several participants (" + to_string(set) +
                       "): create a room and add them as members, or "
                       "set im.multiParty: allow",
                   0,
                   {}};
  return set;
}

std::string to_string(const participant_set& users) {
  std::string text;
  for (auto user : users.users()) {
    if (!text.empty())
      text += ", ";
    text += std::to_string(user.value());
  }
  return text;
}

// -- enumerators ------------------------------------------------------------

std::string_view to_string(stream_type type) noexcept {
  switch (type) {
  case stream_type::im:
    return "IM";
  case stream_type::mim:
    return "MIM";
  case stream_type::room:
    return "ROOM";
  case stream_type::post:
    return "POST";
  case stream_type::other:
    break;
  }
  return "OTHER";
}

std::string_view to_string(connection_status status) noexcept {
  switch (status) {
  case connection_status::none:
    return "NONE";
  case connection_status::pending_incoming:
    return "PENDING_INCOMING";
  case connection_status::pending_outgoing:
    return "PENDING_OUTGOING";
  case connection_status::accepted:
    return "ACCEPTED";
  case connection_status::rejected:
    return "REJECTED";
  }
  return "NONE";
}

std::string to_string(const identity& who) {
  if (who.is_app())
    return "app";
  return who.is_bot() ? "bot" : std::to_string(who.user().value());
}

std::string_view to_string(im_origin origin) noexcept {
  switch (origin) {
  case im_origin::pod:
    return "pod";
  case im_origin::directory:
    return "directory";
  case im_origin::joined:
    return "joined";
  }
  return "pod";
}

std::string_view to_string(http_method method) noexcept {
  switch (method) {
  case http_method::get:
    return "GET";
  case http_method::post:
    return "POST";
  case http_method::put:
    return "PUT";
  case http_method::del:
    return "DELETE";
  }
  return "";
}

std::string_view to_string(exchange_end how) noexcept {
  switch (how) {
  case exchange_end::ok:
    return "ok";
  case exchange_end::refused:
    return "refused";
  case exchange_end::rate_limited:
    return "rate_limited";
  case exchange_end::server_error:
    return "server_error";
  case exchange_end::unreachable:
    return "unreachable";
  case exchange_end::tls_failed:
    return "tls_failed";
  case exchange_end::protocol_error:
    return "protocol_error";
  case exchange_end::given_up:
    return "given_up";
  }
  return "";
}

std::string_view to_string(health_state state) noexcept {
  switch (state) {
  case health_state::stopped:
    return "stopped";
  case health_state::starting:
    return "starting";
  case health_state::ready:
    return "ready";
  case health_state::degraded:
    return "degraded";
  case health_state::stopping:
    return "stopping";
  }
  return "";
}

std::string_view to_string(log_level level) noexcept {
  switch (level) {
  case log_level::trace:
    return "trace";
  case log_level::debug:
    return "debug";
  case log_level::info:
    return "info";
  case log_level::warn:
    return "warn";
  case log_level::error:
    return "error";
  case log_level::off:
    return "off";
  }
  return "off";
}

} // namespace tutti

std::size_t
std::hash<tutti::participant_set>::operator()(const tutti::participant_set& x) const noexcept {
  std::size_t hash = 0xcbf29ce484222325ULL;
  for (auto user : x.users()) {
    hash ^= static_cast<std::size_t>(user.value());
    hash *= 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
  }
  return hash;
}
