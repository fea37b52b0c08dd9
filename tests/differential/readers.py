"""Reads tokens with PyJWT and jwcrypto: one JSON object a line in, one line of readings out.

Called by run.mjs; needs PyJWT[crypto] and jwcrypto, in an environment of its own.
"""

import json
import sys

import jwt
from jwcrypto import jwe, jwk
from jwcrypto import jwt as jwcrypto_jwt


def spelled(value):
    """Claims in one spelling, as readers.mjs has it."""

    def pairs(part):
        if isinstance(part, dict):
            return [[name, pairs(member)] for name, member in sorted(part.items())]
        if isinstance(part, float) and part.is_integer():
            return int(part)
        return [pairs(member) for member in part] if isinstance(part, list) else part

    return json.dumps(pairs(value), separators=(",", ":"), ensure_ascii=False)


def decrypted(item):
    if "decrypt" not in item:
        return item["token"]
    box = jwe.JWE(algs=["dir", item["decrypt"]["enc"]])
    box.deserialize(item["token"], jwk.JWK(kty="oct", k=item["decrypt"]["k"]))
    return box.payload.decode("utf-8")


def by_pyjwt(item):
    key = jwt.PyJWK({**item["key"], "alg": item["alg"]}).key
    return jwt.decode(decrypted(item), key, algorithms=[item["alg"]], options={"verify_aud": False})


def by_jwcrypto(item):
    token = jwcrypto_jwt.JWT(algs=[item["alg"]], expected_type="JWS")
    token.leeway = 0
    token.deserialize(decrypted(item), jwk.JWK(**item["key"]))
    return json.loads(token.claims)


def reading(reader, item):
    try:
        return {"accepted": True, "what": spelled(reader(item))}
    except Exception as error:  # Whatever a library throws at a hostile token is its refusal.
        return {"accepted": False, "what": type(error).__name__}


for line in sys.stdin:
    item = json.loads(line)
    print(json.dumps({"PyJWT": reading(by_pyjwt, item), "jwcrypto": reading(by_jwcrypto, item)}), flush=True)
