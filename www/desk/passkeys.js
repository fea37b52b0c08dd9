// Passkeys, as the browser makes and uses them (Web Authentication Level 3, with its own reading of JSON).

import { say } from "./words/speech.js";

/** @param {any} options PublicKeyCredentialCreationOptionsJSON */
export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return toJson(await navigator.credentials.create({ publicKey }));
}

/** @param {any} options PublicKeyCredentialRequestOptionsJSON */
export async function usePasskey(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return toJson(await navigator.credentials.get({ publicKey }));
}

/** @param {Credential | null} credential */
function toJson(credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("no passkey", "NotAllowedError");
  return credential.toJSON();
}

/** Says in a sentence why there is no passkey; nothing for another fault. @param {unknown} fault */
export function passkeyFault(fault) {
  if (!(fault instanceof DOMException)) return undefined;
  return fault.name === "NotAllowedError" ? say("passkey.none") : say("passkey.unable");
}
