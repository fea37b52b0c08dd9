"""Makes management.json: one token of jwcrypto for each key management algorithm, curve and content encryption.

    python3 -m venv venv && venv/bin/pip install jwcrypto==1.6.1
    venv/bin/python tests/vectors/python/management.py

Every run makes new keys, which encrypt nothing else. `decrypt` is a DecryptKey of the settings, `pem` its key once
more as PKCS#8.
"""

import json
import pathlib

from jwcrypto import jwe, jwk

HERE = pathlib.Path(__file__).parent
CONTENT = {"A128GCM": 128, "A192GCM": 192, "A256GCM": 256, "A128CBC-HS256": 256, "A192CBC-HS384": 384, "A256CBC-HS512": 512}
PLAINTEXT = "Rosalind reads; Olivia répond."


def row(alg, enc, key, **more):
    header = {"alg": alg, "enc": enc, **more}
    token = jwe.JWE(PLAINTEXT.encode(), protected=json.dumps(header))
    token.add_recipient(key)
    out = {"alg": alg, "enc": enc, "decrypt": {"key": json.loads(key.export()), "alg": alg, "enc": enc}}
    if key["kty"] != "oct":
        out["curve"] = json.loads(key.export()).get("crv", "RSA")
        out["pem"] = key.export_to_pem(private_key=True, password=None).decode()
    return {**out, "token": token.serialize(compact=True)}


rows = []
for enc, bits in CONTENT.items():
    rows.append(row("dir", enc, jwk.JWK.generate(kty="oct", size=bits)))
for bits in (128, 192, 256):
    for alg in (f"A{bits}KW", f"A{bits}GCMKW"):
        key = jwk.JWK.generate(kty="oct", size=bits)
        rows += [row(alg, enc, key) for enc in CONTENT]
for curve in ("P-256", "P-384", "P-521"):
    key = jwk.JWK.generate(kty="EC", crv=curve)
    for alg in ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"):
        encs = CONTENT if alg == "ECDH-ES" else ("A128GCM", "A256CBC-HS512")
        rows += [row(alg, enc, key, apu="QWxpY2U", apv="Qm9i") for enc in encs]
key = jwk.JWK.generate(kty="RSA", size=2048)
rows += [row(alg, enc, key) for alg in ("RSA-OAEP", "RSA-OAEP-256") for enc in ("A128GCM", "A256CBC-HS512")]

text = json.dumps({"source": "jwcrypto 1.6.1", "plaintext": PLAINTEXT, "tokens": rows}, ensure_ascii=False, indent=1)
(HERE / "management.json").write_text(text + "\n")
