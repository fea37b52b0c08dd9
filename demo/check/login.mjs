// Signing in at the provider without a browser: follows its redirects and submits its forms.

/** A form of a page: where it goes, and the value of the button to press. */
const FORM = /<form method="post" action="([^"]+)">/;
const PERSON = /<button name="person" value="([^"]+)">/;

/**
 * Follows redirects until a page or another origin is reached.
 * @param {import("../site/participant.mjs").Participant} participant
 * @param {string} address @param {string} within the origin to stay in
 * @returns {Promise<{ address: string, page?: string }>} a page of the origin, or the address that leads out of it
 */
async function follow(participant, address, within) {
  for (let hop = 0; hop < 10; hop += 1) {
    if (new URL(address).origin !== within) return { address };
    const response = await participant.request(address);
    const location = response.headers.get("location");
    const page = await response.text();
    if (!location) return { address, page };
    address = new URL(location, address).href;
  }
  throw new Error("the provider redirects without end");
}

/**
 * From an authorization request to the address that the provider sends the browser back to.
 * @param {import("../site/participant.mjs").Participant} participant
 * @param {string} authorization @param {"allow" | "cancel"} [wish]
 * @returns {Promise<string>}
 */
export async function signIn(participant, authorization, wish = "allow") {
  const { origin } = new URL(authorization);
  let { address, page } = await follow(participant, authorization, origin);
  for (let form = 0; page !== undefined && form < 4; form += 1) {
    const action = FORM.exec(page)?.[1];
    if (!action) throw new Error(`the provider shows no form: ${page.replace(/<[^>]*>|\s+/g, " ").slice(0, 200)}`);
    const person = PERSON.exec(page)?.[1];
    const target = new URL(wish === "cancel" ? action.replace(/\w+$/, "cancel") : action, address).href;
    const response = await participant.request(target, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(person && wish === "allow" ? { person } : {}).toString(),
    });
    ({ address, page } = await follow(participant, new URL(response.headers.get("location") ?? "", target).href, origin));
  }
  return address;
}
