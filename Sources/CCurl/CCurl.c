#if defined(__linux__)
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CCurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

// The start of `curl_version_info_data`, as it has been since its first edition but for the last field.
struct version {
    int age;
    const char *version;
    unsigned number;
    const char *host;
    int features;
    const char *tls;
};

enum { FEATURE_TLS = 1 << 2, GLOBAL_DEFAULT = 3, MESSAGE_DONE = 1 };

struct list {
    char *data;
    struct list *next;
};

struct certificates {
    int count;
    struct list **lines;
};

struct message {
    int kind;
    void *easy;
    union {
        void *whatever;
        int code;
    } data;
};

struct descriptor {
    int descriptor;
    short events, found;
};

struct blob {
    void *bytes;
    size_t count;
    unsigned flags;
};

struct option {
    const char *name;
    int number;
};

struct keyhooks_curl {
    const struct version *version;
    int (*global_init)(long);
    void *(*easy_init)(void);
    void (*easy_cleanup)(void *);
    int (*easy_perform)(void *);
    int (*easy_recv)(void *, void *, size_t, size_t *);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_getinfo)(void *, int, ...);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
    void *(*multi_init)(void);
    int (*multi_cleanup)(void *);
    int (*multi_setopt)(void *, int, ...);
    int (*multi_add_handle)(void *, void *);
    int (*multi_remove_handle)(void *, void *);
    int (*multi_perform)(void *, int *);
    int (*multi_poll)(void *, struct descriptor *, unsigned, int, int *);
    struct message *(*multi_info_read)(void *, int *);
    // Since 7.73; may be null.
    const struct option *(*easy_option_by_name)(const char *);
};

const struct keyhooks_curl *keyhooks_curl_load(const char *name, int *reason, char *text, size_t capacity) {
    *reason = KEYHOOKS_CURL_MISSING;
    void *image = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!image) {
        const char *message = dlerror();
        snprintf(text, capacity, "%s", message ? message : name);
        return NULL;
    }
    // Before anything else, so that an old one is called old and not incomplete.
    const struct version *(*version_info)(int) = (const struct version *(*)(int))dlsym(image, "curl_version_info");
    const struct version *version = version_info ? version_info(0) : NULL;
    if (!version) {
        *reason = KEYHOOKS_CURL_INCOMPLETE;
        snprintf(text, capacity, "curl_version_info");
        goto unusable;
    }
    if (version->number < KEYHOOKS_CURL_OLDEST) {
        *reason = KEYHOOKS_CURL_TOO_OLD;
        snprintf(text, capacity, "%s", version->version);
        goto unusable;
    }
    if (!(version->features & FEATURE_TLS) || !version->tls) {
        *reason = KEYHOOKS_CURL_WITHOUT_TLS;
        snprintf(text, capacity, "%s", version->version);
        goto unusable;
    }
    struct keyhooks_curl *library = calloc(1, sizeof *library);
    if (!library) goto unusable;
    library->version = version;
    const struct {
        const char *name;
        void *place;
    } functions[] = {
        {"curl_global_init", &library->global_init},
        {"curl_easy_init", &library->easy_init},
        {"curl_easy_cleanup", &library->easy_cleanup},
        {"curl_easy_perform", &library->easy_perform},
        {"curl_easy_recv", &library->easy_recv},
        {"curl_easy_setopt", &library->easy_setopt},
        {"curl_easy_getinfo", &library->easy_getinfo},
        {"curl_slist_append", &library->slist_append},
        {"curl_slist_free_all", &library->slist_free_all},
        {"curl_multi_init", &library->multi_init},
        {"curl_multi_cleanup", &library->multi_cleanup},
        {"curl_multi_setopt", &library->multi_setopt},
        {"curl_multi_add_handle", &library->multi_add_handle},
        {"curl_multi_remove_handle", &library->multi_remove_handle},
        {"curl_multi_perform", &library->multi_perform},
        {"curl_multi_poll", &library->multi_poll},
        {"curl_multi_info_read", &library->multi_info_read},
    };
    for (size_t index = 0; index < sizeof functions / sizeof *functions; index++) {
        // POSIX has a pointer of `dlsym` hold a function.
        if ((*(void **)functions[index].place = dlsym(image, functions[index].name))) continue;
        *reason = KEYHOOKS_CURL_INCOMPLETE;
        snprintf(text, capacity, "%s", functions[index].name);
        free(library);
        goto unusable;
    }
    *(void **)&library->easy_option_by_name = dlsym(image, "curl_easy_option_by_name");
    if (library->global_init(GLOBAL_DEFAULT) != 0) {
        *reason = KEYHOOKS_CURL_NOT_STARTED;
        snprintf(text, capacity, "%s", version->version);
        free(library);
        goto unusable;
    }
    *reason = 0;
    return library;
unusable:
    dlclose(image);
    return NULL;
}

const char *keyhooks_curl_version(const struct keyhooks_curl *library) { return library->version->version; }

const char *keyhooks_curl_tls(const struct keyhooks_curl *library) { return library->version->tls; }

int keyhooks_curl_option_number(const struct keyhooks_curl *library, const char *name) {
    if (!library->easy_option_by_name) return -1;
    const struct option *option = library->easy_option_by_name(name);
    return option ? option->number : 0;
}

void *keyhooks_curl_easy_new(const struct keyhooks_curl *library) { return library->easy_init(); }

void keyhooks_curl_easy_free(const struct keyhooks_curl *library, void *easy) { library->easy_cleanup(easy); }

int keyhooks_curl_easy_perform(const struct keyhooks_curl *library, void *easy) {
    return library->easy_perform(easy);
}

int keyhooks_curl_easy_receive(const struct keyhooks_curl *library, void *easy) {
    char byte;
    size_t count = 0;
    return library->easy_recv(easy, &byte, 1, &count);
}

int keyhooks_curl_set_number(const struct keyhooks_curl *library, void *easy, int option, long value) {
    return library->easy_setopt(easy, option, value);
}

int keyhooks_curl_set_size(const struct keyhooks_curl *library, void *easy, int option, int64_t value) {
    return library->easy_setopt(easy, option, value);
}

int keyhooks_curl_set_text(const struct keyhooks_curl *library, void *easy, int option, const char *value) {
    return library->easy_setopt(easy, option, value);
}

int keyhooks_curl_set_pointer(const struct keyhooks_curl *library, void *easy, int option, const void *value) {
    return library->easy_setopt(easy, option, value);
}

int keyhooks_curl_set_blob(
    const struct keyhooks_curl *library, void *easy, int option, const void *bytes, size_t count) {
    enum { COPY = 1 };
    struct blob blob = {(void *)(uintptr_t)bytes, count, COPY};
    return library->easy_setopt(easy, option, bytes ? &blob : NULL);
}

int keyhooks_curl_set_receiver(
    const struct keyhooks_curl *library, void *easy, int option, keyhooks_curl_receiver receiver) {
    return library->easy_setopt(easy, option, receiver);
}

static int limit_silence(void *milliseconds, int descriptor, int purpose) {
    (void)purpose;
    unsigned value = (unsigned)(uintptr_t)milliseconds;
    // Fails for a Unix socket, which needs none.
    setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
    return 0;
}

int keyhooks_curl_set_user_timeout(const struct keyhooks_curl *library, void *easy, unsigned milliseconds) {
    void *context = (void *)(uintptr_t)milliseconds;
    int code = library->easy_setopt(easy, KEYHOOKS_CURLOPT_SOCKOPTDATA, context);
    return code ? code : library->easy_setopt(easy, KEYHOOKS_CURLOPT_SOCKOPTFUNCTION, limit_silence);
}

static int note(void *easy, int kind, char *bytes, size_t count, void *context) {
    (void)easy;
    enum { TEXT = 0 };
    struct keyhooks_curl_notes *notes = context;
    size_t room = sizeof notes->text - notes->count;
    if (kind != TEXT || room == 0) return 0;
    if (count > room) count = room;
    memcpy(notes->text + notes->count, bytes, count);
    notes->count += count;
    return 0;
}

int keyhooks_curl_set_notes(const struct keyhooks_curl *library, void *easy, struct keyhooks_curl_notes *notes) {
    int code = library->easy_setopt(easy, KEYHOOKS_CURLOPT_DEBUGDATA, notes);
    if (!code) code = library->easy_setopt(easy, KEYHOOKS_CURLOPT_DEBUGFUNCTION, note);
    return code ? code : library->easy_setopt(easy, KEYHOOKS_CURLOPT_VERBOSE, 1L);
}

long keyhooks_curl_number(const struct keyhooks_curl *library, void *easy, int information) {
    long value = 0;
    return library->easy_getinfo(easy, information, &value) == 0 ? value : 0;
}

const char *keyhooks_curl_certificate_line(const struct keyhooks_curl *library, void *easy, int index) {
    struct certificates *certificates = NULL;
    if (library->easy_getinfo(easy, KEYHOOKS_CURLINFO_CERTINFO, &certificates) != 0) return NULL;
    if (!certificates || certificates->count < 1) return NULL;
    struct list *line = certificates->lines[0];
    while (line && index-- > 0) line = line->next;
    return line ? line->data : NULL;
}

void *keyhooks_curl_list_append(const struct keyhooks_curl *library, void *list, const char *text) {
    return library->slist_append(list, text);
}

void keyhooks_curl_list_free(const struct keyhooks_curl *library, void *list) { library->slist_free_all(list); }

void *keyhooks_curl_multi_new(const struct keyhooks_curl *library) { return library->multi_init(); }

void keyhooks_curl_multi_free(const struct keyhooks_curl *library, void *multi) { library->multi_cleanup(multi); }

int keyhooks_curl_multi_set_number(const struct keyhooks_curl *library, void *multi, int option, long value) {
    return library->multi_setopt(multi, option, value);
}

int keyhooks_curl_multi_add(const struct keyhooks_curl *library, void *multi, void *easy) {
    return library->multi_add_handle(multi, easy);
}

int keyhooks_curl_multi_remove(const struct keyhooks_curl *library, void *multi, void *easy) {
    return library->multi_remove_handle(multi, easy);
}

int keyhooks_curl_multi_perform(const struct keyhooks_curl *library, void *multi) {
    int running = 0;
    return library->multi_perform(multi, &running);
}

int keyhooks_curl_multi_poll(const struct keyhooks_curl *library, void *multi, int descriptor, int milliseconds) {
    enum { WAIT_FOR_INPUT = 1 };
    struct descriptor own = {descriptor, WAIT_FOR_INPUT, 0};
    int found = 0;
    return library->multi_poll(multi, &own, descriptor < 0 ? 0 : 1, milliseconds, &found);
}

void *keyhooks_curl_multi_ended(const struct keyhooks_curl *library, void *multi, int *code) {
    int left = 0;
    struct message *message;
    while ((message = library->multi_info_read(multi, &left))) {
        if (message->kind != MESSAGE_DONE) continue;
        *code = message->data.code;
        return message->easy;
    }
    return NULL;
}

int keyhooks_event_new(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void keyhooks_event_free(int descriptor) { close(descriptor); }

void keyhooks_event_signal(int descriptor) {
    int before = errno;
    // Fails only if it is signalled already, many times over.
    (void)!eventfd_write(descriptor, 1);
    errno = before;
}

void keyhooks_event_clear(int descriptor) {
    eventfd_t count;
    (void)!eventfd_read(descriptor, &count);
}

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int keyhooks_thread_start(void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    *start = (struct start){body, context};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // Musl's default is too small for TLS.
    pthread_attr_setstacksize(&attributes, 1 << 20);
    // Handlers belong to the program's own threads, and a TLS library that writes to a closed connection raises SIGPIPE.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int code = pthread_create(&thread, &attributes, run, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (code) free(start);
    return code;
}

void keyhooks_wipe(void *bytes, size_t count) { explicit_bzero(bytes, count); }

#endif
