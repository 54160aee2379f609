// The program `tutti`.
#include <bot/command/command.hpp>

int main(int argc, char** argv) {
  return tutti::command::run(argc, argv);
}
