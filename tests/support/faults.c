/* Counts every event of a process and its children that changes a file or a process, and makes one of them fail.
 *
 * Loaded with LD_PRELOAD. Events: files made, written, synced, renamed, linked, deleted, folders, modes, programs started
 * and ended. Written by a regular file's descriptor only: what goes through a pipe changes nothing on disk.
 *
 *   FAULT_COUNTER  a file of 8 bytes that all processes share: events so far
 *   FAULT_LOG      a line per event: number, program, operation, path
 *   FAULT_AT       the event that fails; 0: none
 *   FAULT_HOW      "group": SIGKILL for the process group before it; "self": for this process only; a number: it
 *                  fails with that errno, instead of being done
 *   FAULT_LASTING  1: so does every later one that writes (a disk that is full stays full)
 *   FAULT_ONLY     count only programs whose name begins so
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic uint64_t *counter;
static const char *log_path;
static uint64_t fault_at;
static int fault_errno, is_group, is_lasting, is_counted = 1;
static char program[64] = "?";

static void name_program(void) {
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = 0;
  const char *base = strrchr(path, '/');
  snprintf(program, sizeof program, "%.60s", base ? base + 1 : path);
}

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW"), *only = getenv("FAULT_ONLY");
  const char *path = getenv("FAULT_COUNTER");
  if (!path) return;
  int descriptor = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  if (descriptor < 0) return;
  void *shared = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  syscall(SYS_close, descriptor);
  if (shared == MAP_FAILED) return;
  name_program();
  log_path = getenv("FAULT_LOG");
  is_counted = !only || !*only || !strncmp(program, only, strlen(only));
  fault_at = at ? strtoull(at, NULL, 10) : 0;
  is_group = how && !strcmp(how, "group");
  fault_errno = how ? atoi(how) : 0;
  is_lasting = getenv("FAULT_LASTING") && *getenv("FAULT_LASTING") == '1';
  counter = shared;
}

/* Whether the operation must fail; errno is set then. `writes`: a full disk refuses it. */
static int event(const char *operation, const char *path, int writes) {
  if (!counter || !is_counted) return 0;
  int before = errno;
  uint64_t number = atomic_fetch_add(counter, 1) + 1;
  /* Opened anew each time: a child closes every descriptor before it starts its program. */
  int log = log_path ? syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_APPEND | O_CLOEXEC, 0) : -1;
  if (log >= 0) {
    char line[4300];
    int length = snprintf(line, sizeof line, "%llu\t%s\t%s\t%s\n", (unsigned long long)number, program, operation, path);
    if (length > 0) syscall(SYS_write, log, line, length < (int)sizeof line ? length : (int)sizeof line - 1);
    syscall(SYS_close, log);
  }
  int now = fault_at && (number == fault_at || (is_lasting && writes && number > fault_at));
  if (now && !fault_errno) {
    syscall(SYS_kill, is_group ? 0 : (long)getpid(), SIGKILL);
    for (;;) pause();
  }
  errno = now && writes ? fault_errno : before;
  return now && writes;
}

static int is_file(int descriptor, char *path, size_t size) {
  struct stat status;
  int before = errno;
  if (!counter || fstat(descriptor, &status) || !S_ISREG(status.st_mode)) {
    errno = before;
    return 0;
  }
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, size - 1);
  path[length > 0 ? length : 0] = 0;
  errno = before;
  return 1;
}

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))
#define ON_PATH(name, writes, path, parameters, arguments)          \
  int name parameters {                                             \
    if (event(#name, path, writes)) return -1;                      \
    return REAL(name) arguments;                                    \
  }
#define ON_FILE(type, name, parameters, arguments)                           \
  type name parameters {                                                     \
    char path[4096];                                                         \
    if (is_file(fd, path, sizeof path) && event(#name, path, 1)) return -1;  \
    return REAL(name) arguments;                                             \
  }
#define OPENS(name, folder, parameters, arguments)                                   \
  int name parameters {                                                              \
    mode_t mode = 0;                                                                 \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                           \
      va_list rest;                                                                  \
      va_start(rest, flags);                                                         \
      mode = va_arg(rest, mode_t);                                                   \
      va_end(rest);                                                                  \
    }                                                                                \
    if ((flags & (O_CREAT | O_TRUNC)) && event(#name, path, 1)) return -1;           \
    return REAL(name) arguments;                                                     \
  }

OPENS(open, , (const char *path, int flags, ...), (path, flags, mode))
OPENS(open64, , (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat, , (int at, const char *path, int flags, ...), (at, path, flags, mode))
OPENS(openat64, , (int at, const char *path, int flags, ...), (at, path, flags, mode))

ON_PATH(rename, 1, to, (const char *from, const char *to), (from, to))
ON_PATH(renameat, 1, to, (int a, const char *from, int b, const char *to), (a, from, b, to))
ON_PATH(link, 1, to, (const char *from, const char *to), (from, to))
ON_PATH(linkat, 1, to, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
ON_PATH(symlink, 1, to, (const char *from, const char *to), (from, to))
ON_PATH(mkdir, 1, path, (const char *path, mode_t mode), (path, mode))
ON_PATH(mkdirat, 1, path, (int at, const char *path, mode_t mode), (at, path, mode))
ON_PATH(unlink, 0, path, (const char *path), (path))
ON_PATH(unlinkat, 0, path, (int at, const char *path, int flags), (at, path, flags))
ON_PATH(rmdir, 0, path, (const char *path), (path))
ON_PATH(chmod, 0, path, (const char *path, mode_t mode), (path, mode))

ON_FILE(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
ON_FILE(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at))
ON_FILE(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
ON_FILE(int, fsync, (int fd), (fd))
ON_FILE(int, fdatasync, (int fd), (fd))
ON_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length))

/* What stdio holds back is written when it is flushed or closed. */
int fclose(FILE *stream) {
  char path[4096];
  int fd = fileno(stream);
  if (fd > 2 && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY && is_file(fd, path, sizeof path)) event("fclose", path, 0);
  return REAL(fclose)(stream);
}

int execve(const char *path, char *const argv[], char *const envp[]) {
  if (access(path, X_OK) == 0) event("execve", path, 0);
  return REAL(execve)(path, argv, envp);
}

__attribute__((destructor)) static void end(void) { event("exit", "", 0); }
