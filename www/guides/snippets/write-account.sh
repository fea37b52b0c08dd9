curl -sS --fail-with-body -X PUT "https://campaigns.example/v1/accounts/your-account" \
  -H "authorization: Bearer $ACCESS" -H "content-type: application/json" --data-binary @account.json
