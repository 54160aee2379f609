// Tokens, keys, certificates and dates that strangers wrote.
#include <base/crypto/client_certificate.hpp>
#include <base/crypto/jwt.hpp>
#include <emulator/crypto/certificate.hpp>
#include <emulator/crypto/jwt.hpp>
#include <tests/fuzz/fuzz.hpp>
#include <wire/endpoints.hpp>

namespace {

using namespace tutti;
using fuzz::must;

/// A key whose public half checks the signatures.
const emulator::key_pair& keys() {
  static const auto made = emulator::make_key_pair();
  return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto key = crypto::signing_key::parse(keys().private_pem, "the key");
  fuzz::input input{data, size};
  auto what = input.byte();
  auto text = std::string{input.rest()};
  switch (what % 7) {
  case 0:
    if (auto claims = emulator::read_jwt(text))
      must(!emulator::signed_by(text, keys().public_pem), "nobody forges a signature");
    break;
  case 1:
    if (auto parsed = crypto::signing_key::parse(text, "the key", "password"); !parsed)
      must(parsed.error().error == errc::login_refused &&
               parsed.error().detail.find("the key") != std::string::npos,
           "a key that is none is named");
    break;
  case 2:
    if (auto facts = key->look_at(text, "the certificate"); !facts)
      must(facts.error().error == errc::misconfigured, "a certificate that is none is named");
    break;
  case 3: {
    // Signed by the pod, so that the claims are what is looked at.
    static const auto certificate = emulator::self_signed(keys().private_pem, "pod");
    auto jwt = (what & 0x80) != 0 ? emulator::make_jwt(text, keys().private_pem) : text;
    auto user =
        wire::read_app_jwt(jwt, certificate, "app", std::chrono::system_clock::time_point{});
    must(user || user.error().error == errc::unauthorized, "a JWT that is none is refused");
    must(!user || user->id.value() > 0, "a JWT names a user");
    break;
  }
  case 4:
    (void)wire::expiry_of(text);
    break;
  case 5: {
    auto where = crypto::store_source{
        {"", "x", "password"}, "bot.certificate", errc::login_refused, "key_certificate"};
    auto shown = crypto::client_certificate::parse(text, where);
    must(!shown && shown.error().detail.find("bot.certificate") == 0,
         "a certificate that cannot be used is named");
    break;
  }
  default:
    (void)wire::seconds_ahead(text, std::chrono::system_clock::time_point{});
    break;
  }
  return 0;
}
