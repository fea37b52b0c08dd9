curl -sS --fail-with-body -X POST "https://campaigns.example/v1/accounts/your-account/connection-links" \
  -H "authorization: Bearer $ACCESS" | jq -r '.link // error(.detail)'
