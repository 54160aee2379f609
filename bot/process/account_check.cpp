// On a thread of its own: a file may be a pipe, or on a disk that is away.
#include <bot/process/account_check.hpp>

#include <base/crypto/exit_guard.hpp>
#include <base/threads/off_thread.hpp>

#include <tutti/secret_file.hpp>

namespace tutti::command {

namespace {

failure silence(const crypto::key_source& where, std::chrono::milliseconds patience) {
  return {errc::login_refused, where.place + ".path: " + file_is_silent(where.given.path, patience),
          0, "key_file"};
}

failure silence(const crypto::store_source& where, std::chrono::milliseconds patience) {
  return where.wrong(file_is_silent(where.given.path, patience));
}

result<std::string> read(const crypto::key_source& where) {
  return crypto::read_key(where);
}
result<std::string> read(const crypto::store_source& where) {
  return crypto::read_store(where);
}

result<crypto::signing_key> parse(const std::string& text, const crypto::key_source& where) {
  return crypto::parse_key(text, where);
}
result<std::shared_ptr<const crypto::client_certificate>> parse(const std::string& bytes,
                                                                const crypto::store_source& where) {
  return crypto::client_certificate::parse(bytes, where);
}

/// What `where` holds; nothing when it has not answered.
template <class Source>
auto load(const Source& where, std::chrono::milliseconds patience) {
  using loaded = decltype(parse(std::string{}, where));
  auto parsed = [where](result<std::string> text) -> loaded {
    if (!text)
      return text.error();
    auto made = parse(*text, where);
    cleanse(*text);
    return made;
  };
  if (where.given.path.empty())
    return std::optional<loaded>{parsed(read(where))};
  return within<crypto::exit_guard>(
      patience, [where] { return read(where); }, parsed);
}

template <class Source>
auto load_or_say(const Source& where, std::chrono::milliseconds patience) {
  auto loaded = load(where, patience);
  return loaded ? std::move(*loaded) : decltype(parse({}, where)){silence(where, patience)};
}

template <class Source>
std::optional<account_flaw> flaw_in(const Source& where, std::chrono::milliseconds patience) {
  auto loaded = load(where, patience);
  if (!loaded)
    return account_flaw{silence(where, patience), true};
  return *loaded ? std::nullopt : std::optional{account_flaw{loaded->error()}};
}

template <class Account>
std::optional<account_flaw> flaw_of(const Account& given, const char* word,
                                    std::chrono::milliseconds patience) {
  if (given.private_key.given())
    return flaw_in(crypto::key_of(given), patience);
  if (given.certificate.given())
    return flaw_in(certificate_of(given.certificate, word), patience);
  return std::nullopt;
}

/// What was noted of the configuration may be the reason: a password that ends with a line break.
std::optional<account_flaw> with_notes(std::optional<account_flaw> wrong, const config& settings) {
  if (wrong)
    for (const auto& each : settings.notes)
      wrong->why.detail += "; " + each;
  return wrong;
}

} // namespace

result<crypto::signing_key> load_key(const crypto::key_source& where,
                                     std::chrono::milliseconds patience) {
  return load_or_say(where, patience);
}

result<std::shared_ptr<const crypto::client_certificate>>
load_certificate(const crypto::store_source& where, std::chrono::milliseconds patience) {
  return load_or_say(where, patience);
}

std::optional<account_flaw> flaw_of_bot(const config& settings,
                                        std::chrono::milliseconds patience) {
  return settings.bot.username.empty()
             ? std::nullopt
             : with_notes(flaw_of(settings.bot, "bot", patience), settings);
}

std::optional<account_flaw> flaw_of_app(const config& settings,
                                        std::chrono::milliseconds patience) {
  return settings.app.id.empty() ? std::nullopt
                                 : with_notes(flaw_of(settings.app, "app", patience), settings);
}

std::optional<failure> unusable_account(const config& settings) {
  constexpr std::chrono::milliseconds time_for_keys{500};
  for (auto look : {&flaw_of_bot, &flaw_of_app})
    if (auto wrong = look(settings, time_for_keys); wrong && !wrong->silent)
      return std::move(wrong->why);
  return std::nullopt;
}

} // namespace tutti::command
