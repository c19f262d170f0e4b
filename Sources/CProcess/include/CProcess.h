#ifndef KEYHOOKS_CPROCESS_H
#define KEYHOOKS_CPROCESS_H

// What plugin processes need of Linux and Swift cannot say: the steps between clone and exec, where only calls of the
// system are allowed, and functions that Swift's module of glibc hides. Elsewhere this header is empty.
#if defined(__linux__)

#include <stdbool.h>
#include <sys/types.h>

/// What became of it.
struct keyhooks_start {
    /// The process, which is to be collected also when it failed; 0 if there is none.
    pid_t pid;
    /// Why it isn't running; 0 if it is.
    int error;
    /// Whether writing to the watchdog is what failed.
    bool is_of_watchdog;
};

/// Starts an executable in a process group of its own, with no signal blocked or handled, in its folder, with its
/// three streams and no other descriptor.
///
/// The arguments and the environment end with a null pointer. The streams are three descriptors of ours above 2, or -1
/// for one that is closed. Before it becomes another program the process writes "+ GROUP" and a line end to the
/// watchdog; -1 for nowhere. It is killed when the calling *thread* ends if `ends_with_thread` says so.
struct keyhooks_start keyhooks_start_child(const char *executable, char *const *arguments, char *const *environment,
                                           const char *folder, const int *streams, int watchdog, bool ends_with_thread);

/// Writes a sign, a blank, a number and a line end in one step; false if that failed.
bool keyhooks_tell(int descriptor, char sign, pid_t group);

/// The three ways of closing a descriptor and all above it, the better ones first; false if it isn't to be had.
bool keyhooks_close_range(int first);
bool keyhooks_close_listed(int first);
bool keyhooks_close_counted(int first);

/// Opens a pipe that no program inherits; 0, or the number of the error.
int keyhooks_open_pipe(int ends[2]);

/// Names the calling thread.
void keyhooks_name_thread(const char *name);

/// Keeps the memory of this process out of core files and from other processes of the same user; 0, or the number of
/// the error.
int keyhooks_forbid_dumps(void);

/// Gives all threads one heap, where the C library would reserve one for each and grow it a page at a time: a process that
/// lives for milliseconds spends some of them on that.
void keyhooks_share_heap(void);

#endif
#endif
