ACCESS=$(curl -sS --fail-with-body "https://campaigns.example/v1/auth/token" \
  -d grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer \
  -d account=your-account -d "assertion=$TOKEN" | jq -r '.access_token // error(.detail)')
curl -sS --fail-with-body "https://campaigns.example/v1/crypto/encrypt" \
  -H "authorization: Bearer $ACCESS" -H "content-type: application/json" \
  -d "{\"token\":\"$TOKEN\"}" | jq -r '.token // error(.detail)'
