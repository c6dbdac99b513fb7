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

// The builder keeps the pointers to the names: they have to outlive the call, as a Swift string's do not.
static inline int cr_push_rsa_public(OSSL_PARAM_BLD *build, const BIGNUM *modulus, const BIGNUM *exponent) {
    return OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
           OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) == 1;
}

#endif
