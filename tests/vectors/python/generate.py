"""Makes the vectors in this folder with PyJWT, jwcrypto and cryptography, so that readers and makers differ.

    python3 -m venv venv && venv/bin/pip install pyjwt==2.15.1 jwcrypto==1.6.1 cryptography==50.0.2
    venv/bin/python tests/vectors/python/generate.py [folder]

The files go into this folder, or into the one that is named. Every run makes new keys; those that sign are not kept, and the private ones in keys.json sign nothing. `key` is a KeySource or DecryptKey of the settings.
"""

import base64
import datetime
import json
import pathlib
import secrets
import sys

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from jwcrypto import jwe, jwk, jws

FOLDER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
CLAIMS = {
    "iss": "https://www.acme.example",
    "sub": "participant-7f3a",
    "campaignId": "123456",
    "iat": 1790000000,
    "exp": 4102444800,
    "limit": {"nb": 3, "canPlay": True},
    "form": {"email": "participant@example.com", "city": "Liège"},
    "optin": {"news": False},
}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def pem(key, form=PublicFormat.SubjectPublicKeyInfo):
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


def private_pem(key, form):
    return key.private_bytes(Encoding.PEM, form, serialization.NoEncryption()).decode()


def public_jwk(key):
    return json.loads(jwk.JWK.from_pem(pem(key).encode()).export_public())


def certificate(key, digest):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.acme.example")])
    start = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1234567890).not_valid_before(start)
    builder = builder.not_valid_after(start + datetime.timedelta(days=3650))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("www.acme.example")]), critical=False)
    return builder.sign(key, digest).public_bytes(Encoding.PEM).decode()


def write(name, about, vectors):
    body = {"about": about, "maker": "tests/vectors/python/generate.py", **vectors}
    (FOLDER / name).write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


RSA = rsa.generate_private_key(65537, 2048)
RSA4096 = rsa.generate_private_key(65537, 4096)
EXPONENT3 = rsa.generate_private_key(3, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()
# Private keys that stand in the vectors, to be refused.
SHOWN_RSA = rsa.generate_private_key(65537, 2048)
SHOWN_P256 = ec.generate_private_key(ec.SECP256R1())
SHOWN_ED25519 = ed25519.Ed25519PrivateKey.generate()
SECRETS = {"HS256": secrets.token_bytes(32), "HS384": secrets.token_bytes(48), "HS512": secrets.token_bytes(64)}


def signed():
    rows = []

    def add(maker, alg, key, token, header):
        rows.append({"maker": maker, "alg": alg, "key": key, "token": token, "header": header, "claims": CLAIMS})

    for alg, secret in SECRETS.items():
        source = {"method": "symmetricKey", "alg": alg, "key": b64(secret), "encoding": "base64url"}
        add("PyJWT", alg, source, jwt.encode(CLAIMS, secret, alg), {"alg": alg, "typ": "JWT"})
    for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA"]:
        key = {"RS": RSA, "PS": RSA, "ES": P256, "Ed": ED25519}[alg[:2]]
        source = {"method": "publicKey", "alg": alg, "key": pem(key)}
        add("PyJWT", alg, source, jwt.encode(CLAIMS, key, alg), {"alg": alg, "typ": "JWT"})
        kid = f"acme-{alg.lower()}"
        header = {"alg": alg, "kid": kid}
        token = jws.JWS(json.dumps(CLAIMS).encode())
        token.add_signature(jwk.JWK.from_pem(private_pem(key, serialization.PrivateFormat.PKCS8).encode()), alg=alg,
                            protected=json.dumps(header))
        entry = {**public_jwk(key), "kid": kid, "use": "sig", "alg": alg}
        source = {"method": "jwks", "keys": {"keys": [entry]}}
        add("jwcrypto", alg, source, token.serialize(compact=True), header)
    for name, key in {"RSA of 4096 bits": RSA4096, "RSA with exponent 3": EXPONENT3}.items():
        source = {"method": "publicKey", "alg": "RS256", "key": pem(key)}
        add(f"PyJWT, {name}", "RS256", source, jwt.encode(CLAIMS, key, "RS256"), {"alg": "RS256", "typ": "JWT"})
    write("signed.json", "Signed tokens that must be admitted with their key and no other.", {"tokens": rows})


def encrypted():
    rows = []
    verify = {"method": "symmetricKey", "alg": "HS256", "key": b64(SECRETS["HS256"]), "encoding": "base64url"}
    inner = jwt.encode(CLAIMS, SECRETS["HS256"], "HS256")
    es256 = jwt.encode(CLAIMS, P256, "ES256")
    for enc, size in {"A128GCM": 16, "A192GCM": 24, "A256GCM": 32}.items():
        for signed_by, token in {"HS256": inner, "ES256": es256}.items():
            secret = secrets.token_bytes(size)
            header = {"alg": "dir", "enc": enc, "cty": "JWT"}
            outer = jwe.JWE(token.encode(), json.dumps(header))
            outer.add_recipient(jwk.JWK(kty="oct", k=b64(secret)))
            rows.append({
                "maker": "jwcrypto around PyJWT", "alg": "dir", "enc": enc,
                "decrypt": {"key": b64(secret), "encoding": "base64url", "alg": "dir", "enc": enc},
                "verify": verify if signed_by == "HS256" else {"method": "publicKey", "alg": "ES256", "key": pem(P256)},
                "token": outer.serialize(compact=True), "inner": token, "claims": CLAIMS,
            })
    write("encrypted.json", "Signed tokens inside encrypted ones.", {"tokens": rows})


def refused():
    """Signatures that are mathematically related to a good one, or made with other parameters."""
    rows = []
    payload = b64(json.dumps(CLAIMS).encode())

    def add(case, alg, key, signature):
        message = f"{b64(json.dumps({'alg': alg}).encode())}.{payload}"
        source = {"method": "publicKey", "alg": alg, "key": pem(key)}
        rows.append({"case": case, "alg": alg, "key": source, "token": f"{message}.{b64(signature(message.encode()))}"})

    sha = hashes.SHA256
    for case, salt in {"PSS salt of no bytes": 0, "PSS salt of 20 bytes": 20,
                       "PSS salt of greatest length": padding.PSS.MAX_LENGTH}.items():
        add(case, "PS256", RSA, lambda m, s=salt: RSA.sign(m, padding.PSS(padding.MGF1(sha()), s), sha()))
    add("PSS with MGF1 of SHA-1", "PS256", RSA, lambda m: RSA.sign(m, padding.PSS(padding.MGF1(hashes.SHA1()), 32), sha()))
    add("PSS of SHA-384", "PS256", RSA, lambda m: RSA.sign(m, padding.PSS(padding.MGF1(hashes.SHA384()), 48), hashes.SHA384()))
    add("PKCS #1 v1.5 given as PSS", "PS256", RSA, lambda m: RSA.sign(m, padding.PKCS1v15(), sha()))
    add("PSS given as PKCS #1 v1.5", "RS256", RSA, lambda m: RSA.sign(m, padding.PSS(padding.MGF1(sha()), 32), sha()))
    add("PKCS #1 v1.5 of SHA-512", "RS256", RSA, lambda m: RSA.sign(m, padding.PKCS1v15(), hashes.SHA512()))
    modulus = RSA.public_key().public_numbers().n

    def plus_modulus(message):
        value = int.from_bytes(RSA.sign(message, padding.PKCS1v15(), sha()), "big") + modulus
        return value.to_bytes(257, "big")

    add("RSA signature plus the modulus", "RS256", RSA, plus_modulus)
    add("RSA signature with a zero in front", "RS256", RSA, lambda m: b"\0" + RSA.sign(m, padding.PKCS1v15(), sha()))
    add("RSA signature cut by one byte", "RS256", RSA, lambda m: RSA.sign(m, padding.PKCS1v15(), sha())[:-1])
    add("RSA signature of no bytes", "RS256", RSA, lambda m: b"")
    add("RSA signature zero", "RS256", RSA, lambda m: bytes(256))
    add("RSA signature one", "RS256", RSA, lambda m: bytes(255) + b"\1")
    add("ECDSA signature in DER", "ES256", P256, lambda m: P256.sign(m, ec.ECDSA(sha())))
    add("EdDSA signature of another message", "EdDSA", ED25519, lambda m: ED25519.sign(m + b"."))
    add("EdDSA signature plus the order", "EdDSA", ED25519, lambda m: malleable(ED25519.sign(m)))
    write("refused.json", "Tokens whose signature must be refused.", {"tokens": rows})


def malleable(signature):
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(signature[32:], "little") + order
    return signature[:32] + s.to_bytes(32, "little")


def keys():
    p384 = ec.generate_private_key(ec.SECP384R1())
    small = rsa.generate_private_key(65537, 1024)
    large = rsa.generate_private_key(65537, 4160)
    koblitz = ec.generate_private_key(ec.SECP256K1())
    compressed = P256.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    prefix = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    body = base64.encodebytes(prefix + compressed).decode()
    good = [
        ("RSA, SubjectPublicKeyInfo", "RS256", pem(RSA)),
        ("RSA, PKCS #1", "RS256", pem(RSA, PublicFormat.PKCS1)),
        ("RSA, certificate", "RS256", certificate(RSA, hashes.SHA256())),
        ("P-256, SubjectPublicKeyInfo", "ES256", pem(P256)),
        ("P-256, compressed point", "ES256", f"-----BEGIN PUBLIC KEY-----\n{body}-----END PUBLIC KEY-----\n"),
        ("P-256, certificate", "ES256", certificate(P256, hashes.SHA256())),
        ("Ed25519, SubjectPublicKeyInfo", "EdDSA", pem(ED25519)),
        ("Ed25519, certificate", "EdDSA", certificate(ED25519, None)),
    ]
    tokens = {alg: jwt.encode(CLAIMS, key, alg) for alg, key in [("RS256", RSA), ("ES256", P256), ("EdDSA", ED25519)]}
    pkcs8, traditional = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL
    bad = [
        ("RSA private, PKCS #8", "RS256", private_pem(SHOWN_RSA, pkcs8), "key_is_private"),
        ("RSA private, PKCS #1", "RS256", private_pem(SHOWN_RSA, traditional), "key_is_private"),
        ("P-256 private, SEC 1", "ES256", private_pem(SHOWN_P256, traditional), "key_is_private"),
        ("Ed25519 private", "EdDSA", private_pem(SHOWN_ED25519, pkcs8), "key_is_private"),
        ("certificate with its private key", "RS256", certificate(SHOWN_RSA, hashes.SHA256()) + private_pem(SHOWN_RSA, pkcs8),
         "key_is_private"),
        ("RSA of 1024 bits", "RS256", pem(small), "key_rsa_size"),
        ("RSA of 4160 bits", "RS256", pem(large), "key_rsa_size"),
        ("P-384 for ES256", "ES256", pem(p384), "key_wrong_type"),
        ("secp256k1", "ES256", pem(koblitz), "key_wrong_type"),
        ("RSA for ES256", "ES256", pem(RSA), "key_wrong_type"),
        ("P-256 for RS256", "RS256", pem(P256), "key_wrong_type"),
    ]
    write("keys.json", "Public keys in every PEM form, with a token of each; and keys that must be refused.", {
        "good": [{"case": c, "alg": a, "pem": p, "token": tokens[a]} for c, a, p in good],
        "bad": [{"case": c, "alg": a, "pem": p, "code": code} for c, a, p, code in bad],
    })
    write("key_set.json", "A key set as Keycloak publishes it, with more odd members than one server has.", {
        "keySet": {"keys": [
            {**public_jwk(RSA), "kid": "rsa-sig", "use": "sig", "alg": "RS256", "x5c": ["not a certificate"], "x5t": "?"},
            {**public_jwk(RSA4096), "kid": "rsa-enc", "use": "enc", "alg": "RSA-OAEP"},
            {**public_jwk(P256), "kid": "ec", "key_ops": ["verify"], "ext": True},
            {**public_jwk(ED25519), "kid": "ed", "use": "sig"},
            {**public_jwk(p384), "kid": "ec384", "use": "sig", "alg": "ES384"},
            {"kty": "AKP", "kid": "post-quantum", "alg": "ML-DSA-44", "pub": "AAAA"},
            {**public_jwk(small), "kid": "small", "use": "sig"},
            json.loads(jwk.JWK.from_pem(private_pem(SHOWN_P256, pkcs8).encode()).export_private()) | {"kid": "private"},
            {"kty": "oct", "kid": "secret", "k": b64(SECRETS["HS256"]), "alg": "HS256"},
            "not an object",
        ]},
        "skipped": ["rsa-enc", "post-quantum", "small", "private", "secret", None],
        "tokens": [
            {"kid": kid, "alg": alg, "token": jwt.encode(CLAIMS, key, alg, headers={"kid": kid})}
            for kid, alg, key in [("rsa-sig", "RS256", RSA), ("ec", "ES256", P256), ("ed", "EdDSA", ED25519)]
        ],
    })


signed()
encrypted()
refused()
keys()
