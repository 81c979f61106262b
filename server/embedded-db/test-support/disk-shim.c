// A disk that can be watched and made to fail: loaded into a process before libc (LD_PRELOAD), tests only.
// Every change to the database files below DISK_ROOT goes into DISK_LOG in its order, before the call returns:
// kind, length of the path (8 bytes of this machine), path, a number (8), number of bytes (8), bytes. Kinds:
//   W written at an offset · T cut or grown to a length · S synced · C made · U removed · D directory synced
// While DISK_RULES/<rule> exists: `full` refuses growth with ENOSPC, `full-file` that of the file
// alone, `quota` growth with EDQUOT, `eio-write` and `eio-sync` fail with EIO,
// `no-sync` says that a sync is done and does not do it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MAX_FD 4096
#define REAL(name) ((typeof(&name))real(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static char root[PATH_MAX];
static char names[MAX_FD][PATH_MAX]; /* "" for what is not watched */

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
  const char *where = getenv("DISK_ROOT"), *log = getenv("DISK_LOG");
  if (where == NULL) return;
  snprintf(root, sizeof root, "%s", where);
  if (log != NULL) log_fd = REAL(open64)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int rule(const char *name) {
  const char *folder = getenv("DISK_RULES");
  char path[PATH_MAX];
  if (folder == NULL) return 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return REAL(access)(path, F_OK) == 0;
}

static int watched(const char *path) {
  size_t length = strlen(root);
  return length > 0 && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Only the database and its log count: the shared index (-shm) does not outlive a power cut. */
static int kept(const char *path) {
  return strstr(path, "database.sqlite") != NULL && strstr(path, "-shm") == NULL;
}

static const char *name_of(int fd) {
  return fd >= 0 && fd < MAX_FD && names[fd][0] ? names[fd] : NULL;
}

static void put(const void *bytes, size_t length) {
  if (REAL(write)(log_fd, bytes, length) != (ssize_t)length) abort();
}

static void note(char kind, const char *path, int64_t a, const void *bytes, int64_t length) {
  if (log_fd < 0) return;
  int64_t size = (int64_t)strlen(path);
  pthread_mutex_lock(&lock);
  put(&kind, 1);
  put(&size, 8);
  put(path, size);
  put(&a, 8);
  put(&length, 8);
  if (length > 0) put(bytes, length);
  pthread_mutex_unlock(&lock);
}

static int opened(int fd, const char *path, int flags, int existed) {
  char whole[PATH_MAX];
  if (fd < 0 || fd >= MAX_FD) return fd;
  names[fd][0] = 0;
  if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
  else return fd;
  if (!watched(whole)) return fd;
  strcpy(names[fd], whole);
  if (!existed && (flags & O_CREAT) && kept(whole)) note('C', whole, 0, NULL, 0);
  if (existed && (flags & O_TRUNC) && kept(whole)) note('T', whole, 0, NULL, 0);
  return fd;
}

#define OPEN(function)                                                   \
  int function(const char *path, int flags, ...) {                       \
    va_list args;                                                        \
    va_start(args, flags);                                               \
    int mode = va_arg(args, int);                                        \
    va_end(args);                                                        \
    int existed = REAL(access)(path, F_OK) == 0;                         \
    return opened(REAL(function)(path, flags, mode), path, flags, existed); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd >= 0 && fd < MAX_FD) names[fd][0] = 0;
  return REAL(close)(fd);
}

static int refuse_write(int fd, int64_t end) {
  struct stat now;
  const char *name = name_of(fd);
  if (name == NULL) return 0;
  int is_file = strstr(name, "database.sqlite") != NULL && strstr(name, "sqlite-") == NULL;
  int is_full = rule("full") || (is_file && rule("full-file"));
  int code = is_full ? ENOSPC : rule("quota") ? EDQUOT : 0;
  if (code && fstat(fd, &now) == 0 && end > now.st_size) return code;
  return kept(name) && rule("eio-write") ? EIO : 0;
}

static ssize_t written(int fd, const void *bytes, ssize_t done, int64_t offset) {
  const char *name = name_of(fd);
  if (done > 0 && name != NULL && kept(name)) note('W', name, offset, bytes, done);
  return done;
}

#define PWRITE(function, offset_type)                                                 \
  ssize_t function(int fd, const void *bytes, size_t length, offset_type offset) {    \
    int refused = refuse_write(fd, (int64_t)offset + (int64_t)length);                \
    if (refused) { errno = refused; return -1; }                                      \
    return written(fd, bytes, REAL(function)(fd, bytes, length, offset), offset);     \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length) {
  if (name_of(fd) == NULL) return REAL(write)(fd, bytes, length);
  int64_t offset = lseek64(fd, 0, SEEK_CUR);
  int refused = refuse_write(fd, offset + (int64_t)length);
  if (refused) { errno = refused; return -1; }
  return written(fd, bytes, REAL(write)(fd, bytes, length), offset);
}

#define TRUNCATE(function, offset_type)                                   \
  int function(int fd, offset_type length) {                              \
    const char *name = name_of(fd);                                       \
    int refused = refuse_write(fd, length);                               \
    if (refused) { errno = refused; return -1; }                          \
    int done = REAL(function)(fd, length);                                \
    if (done == 0 && name != NULL && kept(name)) note('T', name, length, NULL, 0); \
    return done;                                                          \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

static int synced(int fd, int (*sync)(int)) {
  const char *name = name_of(fd);
  struct stat what;
  if (name == NULL) return sync(fd);
  int is_directory = fstat(fd, &what) == 0 && S_ISDIR(what.st_mode);
  if (!is_directory && !kept(name)) return sync(fd);
  if (!is_directory && rule("eio-sync")) { errno = EIO; return -1; }
  if (rule("no-sync")) return 0;
  /* The page cache is enough here: what counts is what the log says was synced when. */
  note(is_directory ? 'D' : 'S', name, 0, NULL, 0);
  return 0;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int unlink(const char *path) {
  int done = REAL(unlink)(path);
  if (done == 0 && watched(path) && kept(path)) note('U', path, 0, NULL, 0);
  return done;
}
