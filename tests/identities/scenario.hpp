// Who may act at the pod, and a bot for each way to do so.
#pragma once

#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>

#include <functional>
#include <string>
#include <vector>

namespace tutti::testing {

/// One way to act.
struct part {
  std::string name;
  /// What the configuration needs, as the page says it.
  std::string needs;
  bool tls = false;
  std::function<void(config&)> settle;
  /// The identity IMs are opened as; asks the bot where that takes a question.
  std::function<result<identity>(bot&, pod_fixture&)> as;
};

/// Every way there is, in the order of the page.
const std::vector<part>& all_parts();

/// A pod that knows them all.
class stage {
public:
  explicit stage(const part& played);

  config settings();

  pod_fixture pod;

private:
  const part& played_;
};

} // namespace tutti::testing
