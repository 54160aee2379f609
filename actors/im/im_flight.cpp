// Decides what a flight does next, and with which failure it ends.
#include <actors/im/im_flight.hpp>

#include <actors/im/failures.hpp>

#include <utility>

namespace tutti {

im_flight::action im_flight::begin(bool known_allowed) {
  if (step_ != step::start)
    return action::nothing;
  if (known_allowed || form_ == im_form::admin)
    return go(step::create, action::create);
  return go(step::check, action::ask_entitlement);
}

im_flight::action im_flight::checked(const entitlement_checked& what) {
  switch (step_) {
  case step::check:
    if (what.outcome == verdict::denied)
      return refuse(what.reason, what.unconnected);
    return go(step::create, action::create);
  case step::explain:
    return refuse(explained(trouble_->why, what, on_behalf_), what.unconnected);
  default:
    return action::nothing;
  }
}

im_flight::action im_flight::not_checked(const failure& why) {
  switch (step_) {
  case step::check:
    return is_advice_only(why) ? go(step::create, action::create) : fail(why);
  case step::explain: // The pod's answer is final.
    return go(step::done, action::fail);
  default:
    return action::nothing;
  }
}

im_flight::action im_flight::created() {
  return step_ == step::create ? go(step::done, action::land) : action::nothing;
}

im_flight::action im_flight::forbidden(const failure& why) {
  if (step_ != step::create)
    return action::nothing;
  if (form_ == im_form::admin)
    return fail(admin_refused(why));
  trouble_ = std::make_unique<trouble>(trouble{why});
  return go(step::explain, action::ask_why);
}

im_flight::action im_flight::not_created(const failure& why) {
  return step_ == step::create ? fail(why) : action::nothing;
}

im_flight::action im_flight::connected(const users_connected& after) {
  if (step_ != step::connect)
    return action::nothing;
  if (!all_accepted(after))
    return fail(still_unconnected(std::move(trouble_->why), after));
  trouble_.reset();
  return go(step::create, action::create);
}

im_flight::action im_flight::not_connected(const failure& why) {
  return step_ == step::connect ? fail(why) : action::nothing;
}

im_flight::action im_flight::fail(failure why) {
  trouble_ = std::make_unique<trouble>(trouble{std::move(why)});
  return go(step::done, action::fail);
}

im_flight::action im_flight::refuse(failure why, const participant_set& unconnected) {
  if (policy_ == connect_policy::never || connection_asked_ || unconnected.empty() ||
      why.error != errc::not_connected)
    return fail(std::move(why));
  connection_asked_ = true;
  trouble_ = std::make_unique<trouble>(trouble{std::move(why), unconnected});
  return go(step::connect, action::connect);
}

} // namespace tutti
