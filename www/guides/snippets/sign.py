import base64, hashlib, hmac, json, os, time

def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

now = int(time.time())
claims = {"sub": "1234", "campaignId": "your-campaign",
          "iat": now, "exp": now + 300,
          "form": {"firstname": "Zoë", "email": "zoe@example.com"}}
parts = [{"alg": "HS256"}, claims]
text = ".".join(part(json.dumps(each).encode()) for each in parts)
key = base64.urlsafe_b64decode(os.environ["TOKEN_KEY"] + "==")
print(text + "." + part(hmac.new(key, text.encode(), hashlib.sha256).digest()))
