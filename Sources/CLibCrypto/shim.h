// OpenSSL's libcrypto: hashes and the node key pair.
#ifndef CLOUDRAILS_CLIBCRYPTO_SHIM_H
#define CLOUDRAILS_CLIBCRYPTO_SHIM_H
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#endif
