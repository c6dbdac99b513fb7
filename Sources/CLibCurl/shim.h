// libcurl's variadic functions, one inline wrapper per argument type: Swift cannot call variadic C functions.
#ifndef CLOUDRAILS_CLIBCURL_SHIM_H
#define CLOUDRAILS_CLIBCURL_SHIM_H
#include <curl/curl.h>

#endif
