curl -sS --fail-with-body -X PUT "https://campaigns.example/v1/accounts/your-account/secrets/OIDC_CLIENT" \
  -H "authorization: Bearer $ACCESS" -H "content-type: application/json" \
  -d "{\"purpose\":\"client\",\"value\":\"$OIDC_CLIENT\"}"
