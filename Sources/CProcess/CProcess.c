#if defined(__linux__)
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
// The same on every architecture.
#define SYS_close_range 436
#endif

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// The sanitizer takes every call of `clone` for a fork and stops at one that shares memory. This is the same function.
int __clone(int (*)(void *), void *, int, void *, ...);
#define clone __clone
#endif
#endif

bool keyhooks_close_range(int first) {
    return syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0;
}

bool keyhooks_close_listed(int first) {
    // Makes room for the descriptor of the list.
    close(first);
    int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (list < 0) return false;
    _Alignas(8) char entries[4096];
    long count;
    while ((count = syscall(SYS_getdents64, list, entries, sizeof entries)) > 0) {
        for (long offset = 0; offset < count;) {
            // An inode, an offset, the length of the entry, a type, and the name.
            uint16_t length;
            memcpy(&length, entries + offset + 16, sizeof length);
            long number = -1;
            for (const char *digit = entries + offset + 19; *digit >= '0' && *digit <= '9'; digit++) {
                number = (number < 0 ? 0 : number * 10) + (*digit - '0');
            }
            if (number >= first && number != list) close((int)number);
            offset += length;
        }
    }
    close(list);
    return count == 0;
}

bool keyhooks_close_counted(int first) {
    struct rlimit limit;
    // What the system allows where nobody has raised it.
    rlim_t end = 1 << 20;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < end) end = limit.rlim_max;
    for (int number = first; (rlim_t)number < end; number++) close(number);
    return true;
}

bool keyhooks_tell(int descriptor, char sign, pid_t group) {
    char line[16];
    size_t start = sizeof line;
    line[--start] = '\n';
    do {
        line[--start] = (char)('0' + group % 10);
        group /= 10;
    } while (group > 0);
    line[--start] = ' ';
    line[--start] = sign;
    ssize_t length = (ssize_t)(sizeof line - start);
    ssize_t written;
    do {
        written = write(descriptor, line + start, (size_t)length);
    } while (written < 0 && errno == EINTR);
    return written == length;
}

int keyhooks_open_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

void keyhooks_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

int keyhooks_forbid_dumps(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return errno;
    return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : errno;
}

void keyhooks_share_heap(void) {
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 1);
#endif
}

struct attempt {
    const char *executable;
    char *const *arguments;
    char *const *environment;
    const char *folder;
    const int *streams;
    int watchdog;
    bool ends_with_thread;
    pid_t parent;
    int error;
    bool is_of_watchdog;
};

/// Has the calling process, which is a child, write to its parent's watchdog.
static bool tell_watchdog(int descriptor) {
    // Nobody reads it any more, perhaps; the signal that this raises goes when it is ignored.
    struct sigaction ignored = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};
    sigaction(SIGPIPE, &ignored, NULL);
    bool is_told = keyhooks_tell(descriptor, '+', getpid());
    int error = errno;
    sigaction(SIGPIPE, &usual, NULL);
    errno = error;
    return is_told;
}

/// Ends the child. The thread sanitizer would go on to ignore the parent's thread after the function of the library.
static _Noreturn void quit(void) {
    for (;;) syscall(SYS_exit_group, 127);
}

/// What the child does. It has the memory of its parent, whose thread stands still meanwhile: only calls of the system.
static int become(void *argument) {
    struct attempt *attempt = argument;
    // Signals are blocked until no handler of the parent's is left. The C library refuses those it needs itself.
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
    if (setpgid(0, 0) != 0) goto failed;
    // Who made a namespace of processes for its children is 0 here, and their numbers are others there.
    pid_t parent = attempt->parent;
    if (attempt->ends_with_thread) {
        // A sandbox that refuses it leaves the watchdog.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        parent = getppid();
        // It ended before the line above.
        if (parent != attempt->parent && parent != 0) quit();
    }
    if (chdir(attempt->folder) != 0) goto failed;
    if (attempt->watchdog >= 0 && parent != 0 && !tell_watchdog(attempt->watchdog)) {
        attempt->is_of_watchdog = true;
        goto failed;
    }
    for (int number = 0; number < 3; number++) {
        if (attempt->streams[number] < 0) {
            close(number);
        } else if (dup2(attempt->streams[number], number) < 0) {
            goto failed;
        }
    }
    // The child has a table of descriptors of its own: nothing can be opened between listing and closing.
    if (!keyhooks_close_range(3) && !keyhooks_close_listed(3)) keyhooks_close_counted(3);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(attempt->executable, attempt->arguments, attempt->environment);
failed:
    attempt->error = errno;
    quit();
}

struct keyhooks_start keyhooks_start_child(const char *executable, char *const *arguments, char *const *environment,
                                           const char *folder, const int *streams, int watchdog,
                                           bool ends_with_thread) {
    struct attempt attempt = {.executable = executable,
                              .arguments = arguments,
                              .environment = environment,
                              .folder = folder,
                              .streams = streams,
                              .watchdog = watchdog,
                              .ends_with_thread = ends_with_thread,
                              .parent = getpid()};
    _Alignas(16) char stack[32768];
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    // As vfork, but with a stack of its own. No copy of our memory, with the keys in it, is made for an instant, no
    // handler of `fork` runs, and the error is where the child put it: a pipe for it could be held open by a process
    // that another thread forks meanwhile.
    pid_t pid = clone(become, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &attempt);
    int error = pid < 0 ? errno : attempt.error;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return (struct keyhooks_start){
        .pid = pid < 0 ? 0 : pid, .error = error, .is_of_watchdog = pid > 0 && attempt.is_of_watchdog};
}
#endif
