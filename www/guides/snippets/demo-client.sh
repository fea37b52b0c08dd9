CLIENT=operator
SECRET=$(jq -r .operator.secret .handstamp/secrets.json)
HANDSTAMP=http://127.0.0.1:8787
