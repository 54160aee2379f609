/* Refuses memory in pieces of more than TUTTI_NO_MEMORY_ABOVE bytes while the file
 * TUTTI_NO_MEMORY_FILE exists; preloaded by process_test.py. */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

static const char* file;
static size_t above;

__attribute__((constructor)) static void read_environment(void) {
  const char* bytes = getenv("TUTTI_NO_MEMORY_ABOVE");
  above = bytes ? (size_t)atol(bytes) : 0;
  file = getenv("TUTTI_NO_MEMORY_FILE");
}

static int refused(size_t size) {
  int before = errno;
  int is = file && size > above && access(file, F_OK) == 0;
  errno = is ? ENOMEM : before;
  return is;
}

void* malloc(size_t size) {
  return refused(size) ? NULL : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  return (size && count > SIZE_MAX / size) || refused(count * size) ? NULL
                                                                    : __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
  return refused(size) ? NULL : __libc_realloc(old, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  return refused(size) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void** made, size_t alignment, size_t size) {
  if (refused(size))
    return ENOMEM;
  *made = __libc_memalign(alignment, size);
  return *made ? 0 : ENOMEM;
}
