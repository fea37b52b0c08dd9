export TOKEN_KEY=$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')
curl -sS --fail-with-body -X PUT "https://campaigns.example/v1/accounts/your-account/secrets/TOKEN_KEY" \
  -H "authorization: Bearer $ACCESS" -H "content-type: application/json" \
  -d "{\"purpose\":\"verify\",\"value\":\"$TOKEN_KEY\"}"
echo "$TOKEN_KEY"   # for the secrets of your own server
