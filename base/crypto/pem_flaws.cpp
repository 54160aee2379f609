// OpenSSL passes over what is not quite PEM: the certificates in it would be missing without a
// word.
#include <base/crypto/private_key.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace tutti::crypto {

namespace {

constexpr std::string_view begin = "-----BEGIN ";
constexpr std::string_view end = "-----END ";
constexpr std::string_view dashes = "-----";

/// What people write beside certificates is mostly shorter; lines of a body have 64 or 76.
constexpr std::size_t shortest_line = 60;

bool is_label(std::string_view label) {
  for (const auto* known :
       {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CRL", "CERTIFICATE REQUEST",
        "NEW CERTIFICATE REQUEST", "DH PARAMETERS", "EC PARAMETERS"})
    if (label == known)
      return true;
  return label.ends_with("PRIVATE KEY") || label.ends_with("PUBLIC KEY");
}

/// A line of a certificate's body, not a fingerprint or an underline.
bool is_base64(std::string_view line) {
  if (line.size() < shortest_line)
    return false;
  const auto body = line.substr(0, line.find_last_not_of('=') + 1);
  return body.size() + 2 >= line.size() &&
         std::all_of(body.begin(), body.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '/'; }) &&
         !std::all_of(body.begin(), body.end(), [](unsigned char c) { return std::isxdigit(c); });
}

/// Whether a line was meant as a mark, with `word` (`---BEGIN `) in it, and is no comment.
bool means_a_mark(std::string_view line, std::string_view word) {
  return line.find(word) != line.npos && line.front() != '#' && line.front() != ';';
}

/// The label of a mark that is whole; nothing for any other line.
std::string_view label_of(std::string_view line, std::string_view mark) {
  if (!line.starts_with(mark) || !line.ends_with(dashes) ||
      line.size() <= mark.size() + dashes.size())
    return {};
  return line.substr(mark.size(), line.size() - mark.size() - dashes.size());
}

class pem_reader {
public:
  std::string read(std::string_view text) {
    while (!text.empty() && flaw_.empty()) {
      ++line_;
      const auto length = std::min(text.find('\n'), text.size());
      auto line = text.substr(0, length);
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
      take(line);
      text.remove_prefix(std::min(length + 1, text.size()));
    }
    if (flaw_.empty() && !label_.empty())
      flaw_ = fmt::format("line {}: the block that begins here has no end", begun_);
    return flaw_;
  }

private:
  void take(std::string_view line) {
    if (means_a_mark(line, "---BEGIN "))
      return begin_block(line);
    if (means_a_mark(line, "---END "))
      return end_block(line);
    if (label_.empty() && is_base64(line))
      object("this looks like a part of a certificate, outside of a block");
  }

  void begin_block(std::string_view line) {
    const auto label = label_of(line, begin);
    if (!label_.empty()) {
      line_ = begun_;
      return object("the block that begins here has no end");
    }
    if (label.empty())
      return object("a block begins with a line like -----BEGIN CERTIFICATE-----, and nothing "
                    "beside it");
    if (!is_label(label))
      return object(
          fmt::format("'{}' is no label of what could stand here", label.substr(0, shortest_line)));
    label_ = label;
    begun_ = line_;
  }

  void end_block(std::string_view line) {
    const auto label = label_of(line, end);
    if (label_.empty())
      return object("a block ends here that has not begun");
    if (label != label_)
      return object(
          fmt::format("the block ends with -----END {}-----, and nothing beside it", label_));
    label_ = {};
  }

  void object(const std::string& what) { flaw_ = fmt::format("line {}: {}", line_, what); }

  std::string flaw_;
  /// Of the block that has begun; empty: none has.
  std::string_view label_;
  std::size_t line_ = 0;
  std::size_t begun_ = 0;
};

} // namespace

std::string flaw_of_pem(std::string_view pem) {
  return pem_reader{}.read(pem);
}

} // namespace tutti::crypto
