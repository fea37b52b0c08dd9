curl -sS --fail-with-body "https://campaigns.example/v1/explain" \
  -H "authorization: Bearer $ACCESS" -H "content-type: application/json" \
  -d "{\"account\":\"your-account\",\"campaignId\":\"your-campaign\",\"token\":\"$TOKEN\"}" |
  jq '.verdict // error(.detail), (.checks[] | select(.status == "fail"))'
