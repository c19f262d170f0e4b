#ifndef BENCHMARKS_BARE_CURL_H
#define BENCHMARKS_BARE_CURL_H

/// A handle that gets a URL over a connection it keeps; null without libcurl.
void *bare_curl_new(const char *url, const char *token);

/// Gets it, by `curl_easy_perform` and nothing else; the status, or 0.
long bare_curl_get(void *handle);

#endif
