curl -sS --fail-with-body "https://campaigns.example/v1/accounts/your-account" \
  -H "authorization: Bearer $ACCESS" | jq '.document // error(.detail)' > account.json
