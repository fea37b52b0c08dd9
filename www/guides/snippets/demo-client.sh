CLIENT=operator
SECRET=$(jq -r .operator.secret .handstamp/secrets.json)
HANDSTAMP=http://127.0.0.1:8787
OIDC_CLIENT=$(jq -r .oidcClient .handstamp/secrets.json)   # of the demo’s identity provider
