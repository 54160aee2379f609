// What every test reads.
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
