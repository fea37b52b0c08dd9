const ask = async (path, headers, body) => {
  const answer = await fetch("https://campaigns.example" + path, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text()); // the code and the fix
  return answer.json();
};
const { TOKEN } = process.env; // signed
const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const grant = { grant_type, account: "your-account", assertion: TOKEN };
const { access_token } = await ask("/v1/auth/token", {}, new URLSearchParams(grant));
const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
const { token } = await ask("/v1/crypto/encrypt", headers, JSON.stringify({ token: TOKEN }));
console.log(token);
