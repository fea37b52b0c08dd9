ACCESS=$(curl -sS --fail-with-body "https://campaigns.example/v1/auth/token" -u "$CLIENT:$SECRET" \
  -d grant_type=client_credentials | jq -r '.access_token // error(.detail)')
