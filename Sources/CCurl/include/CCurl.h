#ifndef KEYHOOKS_CCURL_H
#define KEYHOOKS_CCURL_H

// The part of libcurl's documented interface that KeyHooks uses, loaded at run time: neither libcurl nor its headers are
// needed to build or to link. Numbers are those of https://curl.se/libcurl/c/, which never change. Elsewhere than on
// Linux this header is empty.
#if defined(__linux__)

#include <stddef.h>
#include <stdint.h>

/// A libcurl that was loaded. It is never unloaded and never changes, so any thread may use it.
struct keyhooks_curl;

/// Why a library cannot be used.
enum {
    KEYHOOKS_CURL_MISSING = 1,
    KEYHOOKS_CURL_TOO_OLD,
    KEYHOOKS_CURL_INCOMPLETE,
    KEYHOOKS_CURL_WITHOUT_TLS,
    KEYHOOKS_CURL_NOT_STARTED,
};

enum { KEYHOOKS_CURL_OLDEST = 0x074400 };

/// Loads the library with a file name or a path and starts it.
///
/// Returns null if it can't be used; `reason` then says why, and `text` holds the loader's message, the version that was
/// found or the name of the function that it lacks.
const struct keyhooks_curl *keyhooks_curl_load(const char *name, int *reason, char *text, size_t capacity);

/// Its version, such as `7.88.1`, and that of its TLS library, such as `OpenSSL/3.0.19`.
const char *keyhooks_curl_version(const struct keyhooks_curl *library);
const char *keyhooks_curl_tls(const struct keyhooks_curl *library);

/// The number of an option by its name without `CURLOPT_`; 0 if it has none, -1 if this version can't tell. For tests.
int keyhooks_curl_option_number(const struct keyhooks_curl *library, const char *name);

void *keyhooks_curl_easy_new(const struct keyhooks_curl *library);
void keyhooks_curl_easy_free(const struct keyhooks_curl *library, void *easy);
int keyhooks_curl_easy_perform(const struct keyhooks_curl *library, void *easy);

/// Reads a byte of a connection with which nothing else is done, without waiting; 81 if there is none yet.
int keyhooks_curl_easy_receive(const struct keyhooks_curl *library, void *easy);

typedef size_t (*keyhooks_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

// Each returns a `CURLcode`.
int keyhooks_curl_set_number(const struct keyhooks_curl *library, void *easy, int option, long value);
int keyhooks_curl_set_size(const struct keyhooks_curl *library, void *easy, int option, int64_t value);
int keyhooks_curl_set_text(const struct keyhooks_curl *library, void *easy, int option, const char *value);
int keyhooks_curl_set_pointer(const struct keyhooks_curl *library, void *easy, int option, const void *value);
/// Gives libcurl a copy of what it would otherwise read from a file; null bytes take it back.
int keyhooks_curl_set_blob(
    const struct keyhooks_curl *library, void *easy, int option, const void *bytes, size_t count);
int keyhooks_curl_set_receiver(
    const struct keyhooks_curl *library, void *easy, int option, keyhooks_curl_receiver receiver);

/// Has sockets give a connection up whose data nobody acknowledged for so many milliseconds.
int keyhooks_curl_set_user_timeout(const struct keyhooks_curl *library, void *easy, unsigned milliseconds);

/// What libcurl says while it works, without what is sent or received.
struct keyhooks_curl_notes {
    size_t count;
    char text[4096];
};

/// Has libcurl write its notes; the text of a fault is only the first of them.
int keyhooks_curl_set_notes(const struct keyhooks_curl *library, void *easy, struct keyhooks_curl_notes *notes);

/// A number of the transfer that has ended; 0 if there is none.
long keyhooks_curl_number(const struct keyhooks_curl *library, void *easy, int information);

/// A line `NAME:VALUE` about the server's certificate; null after the last.
const char *keyhooks_curl_certificate_line(const struct keyhooks_curl *library, void *easy, int index);

void *keyhooks_curl_list_append(const struct keyhooks_curl *library, void *list, const char *text);
void keyhooks_curl_list_free(const struct keyhooks_curl *library, void *list);

void *keyhooks_curl_multi_new(const struct keyhooks_curl *library);
void keyhooks_curl_multi_free(const struct keyhooks_curl *library, void *multi);
int keyhooks_curl_multi_set_number(const struct keyhooks_curl *library, void *multi, int option, long value);
int keyhooks_curl_multi_add(const struct keyhooks_curl *library, void *multi, void *easy);
int keyhooks_curl_multi_remove(const struct keyhooks_curl *library, void *multi, void *easy);
int keyhooks_curl_multi_perform(const struct keyhooks_curl *library, void *multi);

/// Waits for the transfers, and until a descriptor can be read from; -1 for none.
int keyhooks_curl_multi_poll(const struct keyhooks_curl *library, void *multi, int descriptor, int milliseconds);

/// The next transfer that has ended, and its `CURLcode`; null if none has.
void *keyhooks_curl_multi_ended(const struct keyhooks_curl *library, void *multi, int *code);

/// An event descriptor for a thread to wait for; negative if the system has none left.
int keyhooks_event_new(void);
void keyhooks_event_free(int descriptor);
void keyhooks_event_signal(int descriptor);
/// Takes signals back.
void keyhooks_event_clear(int descriptor);

/// Runs a function on a thread of its own that gets no signals; 0 or an error number.
int keyhooks_thread_start(void (*body)(void *context), void *context);

/// Overwrites memory, which no optimiser leaves out.
void keyhooks_wipe(void *bytes, size_t count);

enum {
    KEYHOOKS_CURLOPT_VERBOSE = 41,
    KEYHOOKS_CURLOPT_NOBODY = 44,
    KEYHOOKS_CURLOPT_POST = 47,
    KEYHOOKS_CURLOPT_FOLLOWLOCATION = 52,
    KEYHOOKS_CURLOPT_NETRC = 51,
    KEYHOOKS_CURLOPT_SSL_VERIFYPEER = 64,
    KEYHOOKS_CURLOPT_FRESH_CONNECT = 74,
    KEYHOOKS_CURLOPT_FORBID_REUSE = 75,
    KEYHOOKS_CURLOPT_HTTPGET = 80,
    KEYHOOKS_CURLOPT_SSL_VERIFYHOST = 81,
    KEYHOOKS_CURLOPT_HTTP_VERSION = 84,
    KEYHOOKS_CURLOPT_BUFFERSIZE = 98,
    KEYHOOKS_CURLOPT_NOSIGNAL = 99,
    KEYHOOKS_CURLOPT_SSLVERSION = 32,
    KEYHOOKS_CURLOPT_TCP_NODELAY = 121,
    KEYHOOKS_CURLOPT_CONNECT_ONLY = 141,
    KEYHOOKS_CURLOPT_SSL_SESSIONID_CACHE = 150,
    KEYHOOKS_CURLOPT_CONNECTTIMEOUT_MS = 156,
    KEYHOOKS_CURLOPT_HTTP_CONTENT_DECODING = 158,
    KEYHOOKS_CURLOPT_CERTINFO = 172,
    KEYHOOKS_CURLOPT_PROTOCOLS = 181,
    KEYHOOKS_CURLOPT_REDIR_PROTOCOLS = 182,
    KEYHOOKS_CURLOPT_TCP_KEEPALIVE = 213,
    KEYHOOKS_CURLOPT_TCP_KEEPIDLE = 214,
    KEYHOOKS_CURLOPT_TCP_KEEPINTVL = 215,
    KEYHOOKS_CURLOPT_HEADEROPT = 229,
    KEYHOOKS_CURLOPT_PATH_AS_IS = 234,
    KEYHOOKS_CURLOPT_SUPPRESS_CONNECT_HEADERS = 265,
    KEYHOOKS_CURLOPT_DISALLOW_USERNAME_IN_URL = 278,
    KEYHOOKS_CURLOPT_PROXY_SSLVERSION = 250,
    KEYHOOKS_CURLOPT_HTTP09_ALLOWED = 285,
    KEYHOOKS_CURLOPT_MAXLIFETIME_CONN = 314,
    KEYHOOKS_CURLOPT_CA_CACHE_TIMEOUT = 321,
    KEYHOOKS_CURLOPT_QUICK_EXIT = 322,

    KEYHOOKS_CURLOPT_WRITEDATA = 10001,
    KEYHOOKS_CURLOPT_URL = 10002,
    KEYHOOKS_CURLOPT_PROXY = 10004,
    KEYHOOKS_CURLOPT_ERRORBUFFER = 10010,
    KEYHOOKS_CURLOPT_POSTFIELDS = 10015,
    KEYHOOKS_CURLOPT_USERAGENT = 10018,
    KEYHOOKS_CURLOPT_HTTPHEADER = 10023,
    KEYHOOKS_CURLOPT_SSLCERT = 10025,
    KEYHOOKS_CURLOPT_KEYPASSWD = 10026,
    KEYHOOKS_CURLOPT_HEADERDATA = 10029,
    KEYHOOKS_CURLOPT_CUSTOMREQUEST = 10036,
    KEYHOOKS_CURLOPT_CAINFO = 10065,
    KEYHOOKS_CURLOPT_SSLKEY = 10087,
    KEYHOOKS_CURLOPT_DEBUGDATA = 10095,
    KEYHOOKS_CURLOPT_CAPATH = 10097,
    KEYHOOKS_CURLOPT_SOCKOPTDATA = 10149,
    KEYHOOKS_CURLOPT_NOPROXY = 10177,
    KEYHOOKS_CURLOPT_UNIX_SOCKET_PATH = 10231,
    KEYHOOKS_CURLOPT_CONNECT_TO = 10243,
    KEYHOOKS_CURLOPT_PROXY_CAINFO = 10246,
    KEYHOOKS_CURLOPT_PROXY_CAPATH = 10247,

    KEYHOOKS_CURLOPT_WRITEFUNCTION = 20011,
    KEYHOOKS_CURLOPT_HEADERFUNCTION = 20079,
    KEYHOOKS_CURLOPT_DEBUGFUNCTION = 20094,
    KEYHOOKS_CURLOPT_SOCKOPTFUNCTION = 20148,

    KEYHOOKS_CURLOPT_POSTFIELDSIZE_LARGE = 30120,

    // Since 7.77, and not with every TLS library.
    KEYHOOKS_CURLOPT_CAINFO_BLOB = 40309,
    KEYHOOKS_CURLOPT_PROXY_CAINFO_BLOB = 40310,

    KEYHOOKS_CURLINFO_RESPONSE_CODE = 0x200002,
    KEYHOOKS_CURLINFO_SSL_VERIFYRESULT = 0x20000D,
    KEYHOOKS_CURLINFO_HTTP_CONNECTCODE = 0x200016,
    KEYHOOKS_CURLINFO_OS_ERRNO = 0x200019,
    KEYHOOKS_CURLINFO_NUM_CONNECTS = 0x20001A,
    KEYHOOKS_CURLINFO_PROXY_SSL_VERIFYRESULT = 0x20002F,
    KEYHOOKS_CURLINFO_CERTINFO = 0x400022,

    KEYHOOKS_CURLMOPT_MAXCONNECTS = 6,
};

#endif
#endif
