// The sign-in of a client with its secret. The access token is given to the caller, who keeps it in a variable: it is in
// no storage, no address and no cookie, and gone when the tab is.

/**
 * @param {HTMLFormElement} form with `client` and `secret`
 * @param {string} scope
 * @returns {Promise<string | undefined>} the access token; nothing when the client or its secret is not known, or may not
 */
export async function signIn(form, scope) {
  const data = new FormData(form);
  const pair = [data.get("client"), data.get("secret")].map((part) => encodeURIComponent(String(part).trim())).join(":");
  const answer = await fetch("/v1/auth/token", {
    method: "POST",
    // Else the browser asks for name and password itself when they are wrong.
    credentials: "omit",
    headers: { authorization: `Basic ${btoa(pair)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
  if (!answer.ok) return undefined;
  form.reset();
  return (await answer.json()).access_token;
}
