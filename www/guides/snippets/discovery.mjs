const { ISSUER } = process.env;
const answer = await fetch(`${ISSUER}/.well-known/openid-configuration`);
const server = await answer.json();
const checks = {
  "issuer is exactly the same": server.issuer === ISSUER,
  "code flow": server.response_types_supported.includes("code"),
  "PKCE with S256": server.code_challenge_methods_supported?.includes("S256"),
  "sends iss with its answer": server.authorization_response_iss_parameter_supported,
};
for (const [what, well] of Object.entries(checks)) {
  console.log(well ? "yes" : "NO ", what);
}
