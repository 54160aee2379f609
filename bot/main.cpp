// The program `tutti`.
#include <bot/command/command.hpp>
#include <bot/command/run/process.hpp>

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char** argv) {
  // Else the next file or socket opened would get the number of a closed standard stream.
  while (true) {
    auto lowest = ::open("/dev/null", O_RDWR);
    if (lowest < 0 || lowest > 2) {
      if (lowest > 2)
        ::close(lowest);
      break;
    }
  }
  tutti::command::prepare_process();
  return tutti::command::run(argc, argv);
}
