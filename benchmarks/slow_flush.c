/* Makes every flush to disk take at least FLUSH_US microseconds more, so that a fast disk behaves like a slow one.
   Loaded with LD_PRELOAD by the benchmarks; never by the product. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_longer(void) {
    static int microseconds = -1;
    if (microseconds < 0) {
        const char *wanted = getenv("FLUSH_US");
        microseconds = wanted ? atoi(wanted) : 0;
    }
    if (microseconds > 0) usleep((useconds_t)microseconds);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = real(file);
    wait_longer();
    return result;
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = real(file);
    wait_longer();
    return result;
}
