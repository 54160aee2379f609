// The pod's own key: by it common JWTs, and those of extension apps, can be checked.
#pragma once

#include <emulator/crypto/jwt.hpp>

#include <optional>
#include <string>

namespace tutti::emulator {

class own_key {
public:
  const key_pair& pair();
  std::string certificate();

private:
  std::optional<key_pair> pair_;
  std::string certificate_;
};

} // namespace tutti::emulator
