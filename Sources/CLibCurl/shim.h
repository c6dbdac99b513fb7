// libcurl's variadic functions, one inline wrapper per argument type: Swift cannot call variadic C functions.
#ifndef CLOUDRAILS_CLIBCURL_SHIM_H
#define CLOUDRAILS_CLIBCURL_SHIM_H
#include <curl/curl.h>
#include <string.h>

typedef size_t (*cr_write_callback)(char *data, size_t size, size_t count, void *context);

static inline CURLcode cr_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cr_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cr_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cr_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cr_set_write(CURL *handle, CURLoption option, cr_write_callback value) {
    return curl_easy_setopt(handle, option, value);
}
// The body is copied; the size has to be set first, or libcurl takes the body for a C string.
static inline CURLcode cr_set_body(CURL *handle, const void *body, long size) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, size);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, body);
}
// Only http and https, whatever an endpoint says. The option with names came in 7.85.
static inline CURLcode cr_only_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}
static inline CURLcode cr_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode cr_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode cr_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline unsigned int cr_version_number(void) { return curl_version_info(CURLVERSION_NOW)->version_num; }
static inline const char *cr_version(void) { return curl_version_info(CURLVERSION_NOW)->version; }

#endif
