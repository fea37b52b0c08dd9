export JWE_KEY=$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')
curl -sS --fail-with-body -X PUT "https://campaigns.example/v1/accounts/your-account/secrets/JWE_KEY" \
  -H "authorization: Bearer $ACCESS" -H "content-type: application/json" \
  -d "{\"purpose\":\"decrypt\",\"value\":\"$JWE_KEY\"}"
echo "$JWE_KEY"   # only if you encrypt yourself
