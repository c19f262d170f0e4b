// What a transport over libcurl is measured against: the library itself, in the shortest way.
#include "BareCurl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void *(*init)(void);
static int (*setopt)(void *, int, ...);
static int (*perform)(void *);
static int (*getinfo)(void *, int, ...);
static void *(*append)(void *, const char *);

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

void *bare_curl_new(const char *url, const char *token) {
    void *image = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!image) return NULL;
    init = (void *(*)(void))dlsym(image, "curl_easy_init");
    setopt = (int (*)(void *, int, ...))dlsym(image, "curl_easy_setopt");
    perform = (int (*)(void *))dlsym(image, "curl_easy_perform");
    getinfo = (int (*)(void *, int, ...))dlsym(image, "curl_easy_getinfo");
    append = (void *(*)(void *, const char *))dlsym(image, "curl_slist_append");
    if (!init || !setopt || !perform || !getinfo || !append) return NULL;
    enum { URL = 10002, HTTPHEADER = 10023, WRITEFUNCTION = 20011, NOSIGNAL = 99 };
    void *handle = init();
    char header[256];
    snprintf(header, sizeof header, "X-Vault-Token: %s", token);
    setopt(handle, URL, url);
    setopt(handle, HTTPHEADER, append(append(NULL, header), "X-Vault-Request: true"));
    setopt(handle, WRITEFUNCTION, take);
    setopt(handle, NOSIGNAL, 1L);
    return handle;
}

long bare_curl_get(void *handle) {
    enum { RESPONSE_CODE = 0x200002 };
    long status = 0;
    if (perform(handle) == 0) getinfo(handle, RESPONSE_CODE, &status);
    return status;
}
