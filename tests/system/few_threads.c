/* Lets a process have TUTTI_MOST_THREADS threads beside its first at a time, as a small pids.max
 * does; preloaded by process_test.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef void* body(void*);
typedef int creates(pthread_t*, const pthread_attr_t*, body*, void*);

struct thread {
  body* run;
  void* with;
};

static atomic_int living;

static void* run_counted(void* what) {
  struct thread mine = *(struct thread*)what;
  free(what);
  void* answer = mine.run(mine.with);
  atomic_fetch_sub(&living, 1);
  return answer;
}

int pthread_create(pthread_t* made, const pthread_attr_t* how, body* run, void* with) {
  const char* most = getenv("TUTTI_MOST_THREADS");
  creates* real = (creates*)dlsym(RTLD_NEXT, "pthread_create");
  struct thread* what = malloc(sizeof *what);
  int failed = most && atomic_fetch_add(&living, 1) >= atoi(most) ? EAGAIN : 0;
  if (!failed) {
    *what = (struct thread){run, with};
    failed = real(made, how, run_counted, what);
  }
  if (failed) {
    free(what);
    atomic_fetch_sub(&living, 1);
  }
  return failed;
}
