// Tokens, keys, certificates and dates that strangers wrote.
#include <actors/wire/endpoints.hpp>
#include <actors/wire/jwt.hpp>
#include <emulator/jwt.hpp>
#include <tests/fuzz/fuzz.hpp>

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
  static const auto key = wire::signing_key::parse(keys().private_pem, "the key");
  fuzz::input input{data, size};
  auto what = input.byte();
  auto text = std::string{input.rest()};
  switch (what % 4) {
  case 0:
    if (auto claims = emulator::read_jwt(text))
      must(!emulator::signed_by(text, keys().public_pem), "nobody forges a signature");
    break;
  case 1:
    if (auto parsed = wire::signing_key::parse(text, "the key", "password"); !parsed)
      must(parsed.error().error == errc::login_refused &&
               parsed.error().detail.find("the key") != std::string::npos,
           "a key that is none is named");
    break;
  case 2:
    if (auto facts = key->look_at(text, "the certificate"); !facts)
      must(facts.error().error == errc::misconfigured, "a certificate that is none is named");
    break;
  default:
    (void)wire::seconds_ahead(text, std::chrono::system_clock::time_point{});
    break;
  }
  return 0;
}
