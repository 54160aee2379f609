#include <emulator/state/login/own_key.hpp>

#include <emulator/crypto/certificate.hpp>

namespace tutti::emulator {

const key_pair& own_key::pair() {
  if (!pair_) // Not before it is needed: making one takes a tenth of a second.
    pair_ = make_key_pair();
  return *pair_;
}

std::string own_key::certificate() {
  if (certificate_.empty())
    certificate_ = self_signed(pair().private_pem, "tutti-pod");
  return certificate_;
}

} // namespace tutti::emulator
