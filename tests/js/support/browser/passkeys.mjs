// A device with passkeys for a window: Chromium's own virtual authenticator, which confirms that its person is there and verified.

/** @param {import("playwright-core").Page} page */
export async function withPasskeys(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = /** @type {const} */ ({ protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true });
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  return { forget: () => devtools.send("WebAuthn.clearCredentials", { authenticatorId }) };
}
