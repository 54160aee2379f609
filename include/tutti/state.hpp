// State that the journal keeps for handlers: `co_await chat.state<basket>("basket")`.
#pragma once

#include <tutti/chat.hpp>
#include <tutti/described.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <typeinfo>
#include <utility>

namespace tutti {

namespace detail {

/// A name of a scope, in one handler.
struct state_cell {
  std::string scope;
  std::string name;
  /// As it is in the journal.
  std::optional<std::string> stored;
  /// A `T`, once the handler has asked for it.
  std::shared_ptr<void> value;
  const std::type_info* type = nullptr;
  /// What is stored does not count any more.
  bool forgotten = false;
  /// As it is to be in the journal; null until it is asked for.
  std::function<std::optional<std::string>()> text;
};

/// Thrown as `request_failed`: the event is given up after its attempts.
[[noreturn]] TUTTI_API void refuse_state(const state_cell& which, const std::string& why);

/// The layout of `T`, which its author counts up: `static constexpr int state_version = 2;`.
template <class T>
constexpr int state_version() {
  if constexpr (requires { T::state_version; })
    return T::state_version;
  else
    return 1;
}

template <class T>
void read_state_into(const state_cell& from, T& into) {
  try {
    auto read = read_json(*from.stored);
    if (!read)
      throw misfit_error{read.error().detail};
    auto version = 0;
    json_value value;
    if (const auto* found = read->find("version"))
      read_value(*found, version);
    if (const auto* found = read->find("state"))
      value = *found;
    if (version > state_version<T>())
      throw misfit_error{"it was written by a newer program, in version " +
                         std::to_string(version)};
    if constexpr (requires { T::migrate(value, version); }) {
      if (version < state_version<T>())
        T::migrate(value, version);
    }
    read_value(value, into);
  } catch (const misfit_error& error) {
    refuse_state(from, error.what());
  }
}

} // namespace detail

/// Lives on with copies; what it holds at the end of the event is kept.
template <class T>
class kept {
public:
  explicit kept(std::shared_ptr<detail::state_cell> cell)
      : cell_(std::move(cell)), value_(cell_->value) {}

  T& operator*() const { return *static_cast<T*>(value_.get()); }
  T* operator->() const { return &**this; }
  /// Whether the journal had it.
  bool known() const noexcept { return cell_->stored.has_value(); }
  /// Nothing is kept any more; the next one who asks gets a new `T`.
  void forget() {
    cell_->forgotten = true;
    cell_->type = nullptr;
    cell_->text = [] { return std::optional<std::string>{}; };
  }

private:
  std::shared_ptr<detail::state_cell> cell_;
  std::shared_ptr<void> value_;
};

/// `T`: what `to_value` and `read_value` take; a class is described with BOOST_DESCRIBE_STRUCT and
/// can be made without arguments. At most 256 KiB as JSON. A class that changes may count up
/// `T::state_version`; `T::migrate(json_value& stored, int version)` is then called with what an
/// older one has kept. Throws `request_failed` when it cannot be read, and std::logic_error for a
/// name that the same handler has asked for as another type.
template <class T>
task<kept<T>> chat::state(std::string name, state_scope of) {
  auto cell = co_await this->cell(std::move(name), of);
  if (cell->type && *cell->type != typeid(T))
    throw std::logic_error{"chat.state: '" + cell->name + "' was asked for as another type before"};
  if (!cell->type) {
    auto made = std::make_shared<T>();
    if (cell->stored && !cell->forgotten)
      detail::read_state_into(*cell, *made);
    cell->type = &typeid(T);
    cell->text = [held = made.get()]() -> std::optional<std::string> {
      json_value::object all;
      all.emplace("version", json_value{std::int64_t{detail::state_version<T>()}});
      all.emplace("state", to_value(*held));
      return to_json({std::move(all)});
    };
    cell->value = std::move(made);
  }
  co_return kept<T>{std::move(cell)};
}

} // namespace tutti
