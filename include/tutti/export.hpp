// TUTTI_API: what libtutti.so shows to bots and plugins; everything else is hidden.
#pragma once

#define TUTTI_API __attribute__((visibility("default")))
/// Shown to the program `tutti`, which is built beside the library; no header of it is installed.
#define TUTTI_FRONT_DOOR TUTTI_API
