// OpenSSL's libcrypto: hashes and the node key pair.
#ifndef CLOUDRAILS_CLIBCRYPTO_SHIM_H
#define CLOUDRAILS_CLIBCRYPTO_SHIM_H
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// Macros in OpenSSL's headers, so functions here.
static inline int cr_public_key_selection(void) { return EVP_PKEY_PUBLIC_KEY; }
static inline EVP_PKEY *cr_generate_ed25519(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }

#endif
