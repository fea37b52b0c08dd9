import base64, json, os, time
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key

def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

now = int(time.time())
claims = {"sub": "1234", "campaignId": "your-campaign",
          "iat": now, "exp": now + 300,
          "form": {"firstname": "Zoë", "email": "zoe@example.com"}}
parts = [{"alg": "ES256", "kid": "2026a"}, claims]
text = ".".join(part(json.dumps(each).encode()) for each in parts)
key = load_pem_private_key(os.environ["PRIVATE_KEY"].encode(), None)  # private.pem
der = key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
# A token has the two numbers of 32 bytes each, one after the other.
print(text + "." + part(b"".join(n.to_bytes(32, "big") for n in utils.decode_dss_signature(der))))
