curl -sS --fail-with-body "https://campaigns.example/v1/crypto/your-account/jwks.json" | jq .keys
