curl -sS --fail-with-body "$ISSUER/.well-known/openid-configuration" | jq '{
  issuer, authorization_endpoint, token_endpoint, jwks_uri,
  pkce: (.code_challenge_methods_supported // [] | index("S256") != null),
  iss: (.authorization_response_iss_parameter_supported // false) }'
