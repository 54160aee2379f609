// OpenSSL's own complaints name its functions; these name what people have done.
#include <base/crypto/private_key.hpp>

#include <tutti/secret_file.hpp>

#include <fmt/format.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace tutti::crypto {

namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view mark_end = "-----";

/// Nothing ever prompts: without a password an encrypted key is an error.
int answer_password(char* into, int room, int, void* password) {
  const auto& given = *static_cast<const std::string*>(password);
  if (given.empty() || std::ssize(given) > room)
    return -1;
  std::copy(given.begin(), given.end(), into);
  return static_cast<int>(given.size());
}

/// Overwrites a text at the end of its scope.
struct wiped {
  std::string& text;
  ~wiped() { cleanse(text); }
};

/// What a command is to be given: the file, or one in the place of a text of the configuration.
std::string_view file_of(std::string_view source) {
  return source.ends_with("content") ? "key-as-it-is.pem" : source;
}

/// One block of a PEM text, from its first dash to its last.
struct block {
  std::string label;
  std::string_view text;
};

std::optional<block> next_block(std::string_view pem, std::size_t from) {
  const auto begin = pem.find(begin_mark, from);
  if (begin == pem.npos)
    return std::nullopt;
  const auto label = begin + begin_mark.size();
  const auto label_end = pem.find(mark_end, label);
  if (label_end == pem.npos)
    return std::nullopt;
  block found;
  found.label = pem.substr(label, label_end - label);
  const auto last = "-----END " + found.label + "-----";
  const auto end = pem.find(last, label_end);
  // Without its end the block goes on to that of the text: OpenSSL says that it is damaged.
  found.text = pem.substr(begin, end == pem.npos ? pem.npos : end + last.size() - begin);
  return found;
}

/// The body of a block that has no line break in it, with one for each run of blanks.
std::string with_breaks(const block& one) {
  const auto head = begin_mark.size() + one.label.size() + mark_end.size();
  const auto tail = one.text.rfind("-----END ");
  // Of an old encrypted one the head (Proc-Type) has lines of its own, which are lost.
  if (tail == one.text.npos || one.text.find('\n') != one.text.npos ||
      one.text.find("Proc-Type:") != one.text.npos)
    return std::string{one.text};
  std::string made;
  made.reserve(2 * one.text.size() + 2); // No copy is left behind by growing.
  made.append(one.text.substr(0, head));
  for (auto blank = true; char c : one.text.substr(head, tail - head)) {
    if (c != ' ' && c != '\t') {
      if (blank)
        made += '\n';
      made += c;
    }
    blank = c == ' ' || c == '\t';
  }
  made += '\n';
  return made.append(one.text.substr(tail)) + "\n";
}

/// With line breaks for those written as backslash and letter, and one between the end of a block
/// and the next one.
std::string with_written_breaks(std::string_view text) {
  constexpr std::string_view glued = "----------BEGIN ";
  std::string made;
  made.reserve(2 * text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    if (rest.starts_with("\\r\\n")) {
      made += '\n';
      at += 4;
    } else if (rest.starts_with("\\n")) {
      made += '\n';
      at += 2;
    } else if (rest.starts_with(glued)) {
      made.append(mark_end).append("\n");
      at += mark_end.size();
    } else {
      made += text[at++];
    }
  }
  return made;
}

/// Whether OpenSSL knows a cipher or digest no more that the key is encrypted with.
bool of_an_old_cipher() {
  auto old = false;
  while (auto code = ERR_get_error())
    old =
        old || ERR_GET_REASON(code) == ERR_R_UNSUPPORTED ||
        (ERR_GET_LIB(code) == ERR_LIB_EVP &&
         (ERR_GET_REASON(code) == EVP_R_UNSUPPORTED_ALGORITHM ||
          ERR_GET_REASON(code) == EVP_R_UNSUPPORTED_CIPHER ||
          ERR_GET_REASON(code) == EVP_R_UNKNOWN_PBE_ALGORITHM)) ||
        (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_UNSUPPORTED_ENCRYPTION);
  return old;
}

std::string last_words() {
  char text[256] = "unknown reason";
  if (auto code = ERR_peek_last_error(); code != 0)
    ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

/// The bytes behind a block's Base64.
std::vector<unsigned char> bytes_of(std::string pem) {
  const wiped in_the_end{pem};
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio{
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all};
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  std::vector<unsigned char> made;
  if (PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
    made.assign(data, data + size);
    OPENSSL_cleanse(data, static_cast<std::size_t>(size));
  }
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  ERR_clear_error();
  return made;
}

bool is_key(std::vector<unsigned char> der) {
  const auto* at = der.data();
  const key_ptr key{d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size()))};
  ERR_clear_error();
  OPENSSL_cleanse(der.data(), der.size());
  return key != nullptr;
}

bool is_pkcs12(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  auto* store = d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size()));
  const auto is = store != nullptr;
  PKCS12_free(store);
  ERR_clear_error();
  return is;
}

no_key told(std::string_view source, const std::string& what) {
  return {fmt::format("{}: {}", source, what)};
}

/// Of a text without any PEM block.
no_key no_pem(std::string_view text, std::string_view source) {
  using namespace std::string_view_literals;
  if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv) ||
      (text.size() > 1 && text[0] == '\0') || (text.size() > 1 && text[1] == '\0'))
    return told(source, fmt::format("this is UTF-16, not plain text; convert it: iconv -f UTF-16 "
                                    "-t UTF-8 {} > key.pem",
                                    file_of(source)));
  if (text.starts_with("\x30")) { // An ASN.1 sequence.
    if (is_pkcs12(text))
      return told(source, fmt::format("this is a PKCS#12 store, not a PEM key; take the key out: "
                                      "openssl pkcs12 -in {} -nocerts -nodes -out key.pem",
                                      file_of(source)));
    return told(source, fmt::format("this is DER, not PEM; convert it: openssl pkey -inform DER "
                                    "-in {} -out key.pem",
                                    file_of(source)));
  }
  return told(source, "no PEM private key in it (it should begin with -----BEGIN)");
}

/// Of PEM blocks among which there is no key.
no_key no_key_among(const std::string& labels, std::string_view source) {
  if (labels.find("PUBLIC KEY") != labels.npos || labels.find("CERT") != labels.npos)
    return told(source, "this is the public half; the bot signs with the private key");
  return told(source, "no private key in it, but: " + labels);
}

/// Of a block that OpenSSL does not take for what it says it is.
no_key unreadable(const block& one, std::string_view pem, std::string_view source) {
  const auto why = last_words();
  const auto begin = static_cast<std::size_t>(one.text.data() - pem.data());
  if (begin > 0 && (pem[begin - 1] == ' ' || pem[begin - 1] == '\t'))
    return told(source, fmt::format("the lines of the key are indented; take the blanks away: sed "
                                    "'s/^[ \\t]*//' {} > key.pem",
                                    file_of(source)));
  if (is_key(bytes_of(with_breaks(one))))
    return told(source, fmt::format("the key is of another kind than its label '{}' says; change "
                                    "the label: sed 's/{}-----/{}-----/' {} > key.pem",
                                    one.label, one.label,
                                    one.label == "PRIVATE KEY" ? "RSA PRIVATE KEY" : "PRIVATE KEY",
                                    file_of(source)));
  return told(source, fmt::format("the private key cannot be read: {}; is the file whole?", why));
}

} // namespace

std::string tidy_pem(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with(mark))
    text.remove_prefix(mark.size());
  if (text.find("-----BEGIN") == text.npos)
    return std::string{text};
  auto made = with_written_breaks(text);
  const wiped in_the_end{made};
  // Files that were put together on Windows have one before each.
  for (auto at = made.find(mark); at != made.npos; at = made.find(mark, at))
    made.erase(at, mark.size());
  std::string whole;
  whole.reserve(2 * made.size() + 2);
  std::size_t from = 0;
  while (const auto one = next_block(made, from)) {
    const auto begin = static_cast<std::size_t>(one->text.data() - made.data());
    auto broken = with_breaks(*one);
    const wiped after_use{broken};
    whole.append(made, from, begin - from).append(broken);
    from = begin + one->text.size();
  }
  return whole.append(made, from);
}

std::string line_of_block(std::string_view pem, std::string_view label, std::size_t number) {
  std::size_t at = 0;
  while ((at = pem.find(begin_mark, at)) != pem.npos) {
    const auto begin = at + begin_mark.size();
    const auto end = pem.find("-----", begin);
    if (end != pem.npos && pem.substr(begin, end - begin).ends_with(label) && --number == 0)
      return fmt::format(" (line {})", 1 + std::count(pem.begin(), pem.begin() + at, '\n'));
    at = begin;
  }
  return {};
}

std::variant<key_ptr, no_key> read_private_key(std::string_view text, std::string_view source,
                                               const std::string& password,
                                               std::string_view password_key) {
  if (text.find("-----BEGIN") == text.npos)
    return no_pem(text, source);
  auto pem = tidy_pem(text);
  const wiped in_the_end{pem};
  std::string labels;
  std::optional<block> found;
  for (auto one = next_block(pem, 0); one && !found;
       one = next_block(pem, static_cast<std::size_t>(one->text.data() - pem.data()) +
                                 one->text.size())) {
    labels.append(labels.empty() ? "" : ", ").append(one->label);
    if (one->label.ends_with("PRIVATE KEY"))
      found = one;
  }
  if (!found)
    return no_key_among(labels, source);
  if (found->label == "OPENSSH PRIVATE KEY")
    return told(source, fmt::format("this is a key in OpenSSH's own form; convert it (in place): "
                                    "ssh-keygen -p -m PEM -f {}",
                                    file_of(source)));
  const auto encrypted = found->text.find("ENCRYPTED") != found->text.npos;
  if (encrypted && password.empty())
    return no_key{fmt::format("{}: the key is encrypted; set {}, or decrypt it: openssl pkey -in "
                              "{} -out plain.pem",
                              source, password_key, file_of(source)),
                  true};
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio{
      BIO_new_mem_buf(found->text.data(), static_cast<int>(found->text.size())), &BIO_free_all};
  ERR_clear_error();
  key_ptr key{PEM_read_bio_PrivateKey(bio.get(), nullptr, answer_password,
                                      const_cast<std::string*>(&password))};
  if (key) {
    ERR_clear_error();
    return key;
  }
  if (!encrypted)
    return unreadable(*found, pem, source);
  if (of_an_old_cipher())
    return no_key{fmt::format("{}: the key is encrypted with a cipher that OpenSSL 3 has left "
                              "behind; encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc "
                              "-provider default -provider legacy -in {} -out key.pem",
                              source, file_of(source)),
                  true};
  return no_key{fmt::format("{}: the key cannot be decrypted; is {} right?", source, password_key),
                true};
}

} // namespace tutti::crypto
