// The im actor in a core that allows everybody, in virtual time.
#pragma once

#include <tests/support/core_fixture.hpp>

namespace tutti::testing {

class im_test : public core_fixture {
public:
  im_test() { replacements = everybody_allowed(); }

  void SetUp() override { start(); }
};

} // namespace tutti::testing
