// What to call when an operation is over, kept without allocating.
#pragma once

#include <boost/system/error_code.hpp>

#include <array>
#include <cassert>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace tutti::transport {

/// At most one handler of any type at a time. Its move must not throw; Asio's do not, though they
/// do not say so.
class completion {
public:
  completion() = default;
  ~completion() { reset(); }

  completion(completion&& other) noexcept { take(other); }
  completion& operator=(completion&&) = delete;

  bool pending() const noexcept { return how_ != nullptr; }

  /// Nothing may be pending.
  template <class Handler>
  void hold(Handler handler) {
    assert(!pending());
    static_assert(sizeof(Handler) <= room && alignof(Handler) <= alignof(std::max_align_t));
    ::new (static_cast<void*>(storage_.data())) Handler{std::move(handler)};
    static constexpr operations made{&call<Handler>, &move<Handler>, &destroy<Handler>};
    how_ = &made;
  }

  /// Calls it, once; the next may be held meanwhile.
  void operator()(const boost::system::error_code& ec, std::size_t bytes) {
    completion now{std::move(*this)};
    now.how_->call(now.storage_.data(), ec, bytes);
  }

private:
  /// A TLS stream's own, around a handler of two pointers, takes 120 bytes.
  static constexpr std::size_t room = 256;

  struct operations {
    void (*call)(void*, const boost::system::error_code&, std::size_t);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };

  template <class Handler>
  static Handler& in(void* where) noexcept {
    return *std::launder(static_cast<Handler*>(where));
  }
  template <class Handler>
  static void call(void* where, const boost::system::error_code& ec, std::size_t bytes) {
    in<Handler>(where)(ec, bytes);
  }
  template <class Handler>
  static void move(void* from, void* to) noexcept {
    ::new (to) Handler{std::move(in<Handler>(from))};
    in<Handler>(from).~Handler();
  }
  template <class Handler>
  static void destroy(void* where) noexcept {
    in<Handler>(where).~Handler();
  }

  void take(completion& other) noexcept {
    how_ = std::exchange(other.how_, nullptr);
    if (how_)
      how_->move(other.storage_.data(), storage_.data());
  }

  void reset() noexcept {
    if (auto* how = std::exchange(how_, nullptr))
      how->destroy(storage_.data());
  }

  alignas(std::max_align_t) std::array<std::byte, room> storage_;
  const operations* how_ = nullptr;
};

} // namespace tutti::transport
