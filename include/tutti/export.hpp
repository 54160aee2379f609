// TUTTI_API: what libtutti.so shows to bots and plugins; everything else is hidden.
#pragma once

#define TUTTI_API __attribute__((visibility("default")))
