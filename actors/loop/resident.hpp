// The base of actors that live on an Asio loop.
#pragma once

#include <actors/loop/unit.hpp>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace tutti {

/// An actor that runs on the thread of a `loop_unit`, so that it may touch what lives there. With a
/// null unit it is an ordinary scheduled actor: that is how tests run it under virtual time.
template <class Handle>
class resident;

template <class... Sigs>
class resident<caf::typed_actor<Sigs...>> : public caf::typed_event_based_actor<Sigs...> {
public:
  using actor_base = caf::typed_event_based_actor<Sigs...>;

  resident(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit)
      : actor_base(cfg), unit_(std::move(unit)) {}

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* from) override {
    actor_base::enqueue(std::move(what), unit_ ? unit_.get() : from);
  }

  void enqueue(caf::strong_actor_ptr sender, caf::message_id id, caf::message content,
               caf::execution_unit* from) override {
    actor_base::enqueue(std::move(sender), id, std::move(content), unit_ ? unit_.get() : from);
  }

  caf::resumable::subtype_t subtype() const override {
    return unit_ ? caf::resumable::io_actor : actor_base::subtype();
  }

protected:
  /// To be called first by a handler that something else than CAF runs on the loop, such as a
  /// completion: what it sends and delivers then wakes its receivers the right way.
  void entered() noexcept { this->context(unit_.get()); }

  /// The clock deadlines are kept by; virtual in tests.
  std::chrono::steady_clock::time_point now() { return this->system().clock().now(); }

private:
  std::shared_ptr<loop_unit> unit_;
};

/// Spawns a resident of class `C` on `unit`.
template <class C, class... Args>
auto spawn_resident(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                    Args&&... args) {
  caf::actor_config cfg{unit.get()};
  return system.template spawn_impl<C, caf::no_spawn_options>(cfg, unit,
                                                              std::forward<Args>(args)...);
}

} // namespace tutti
