// Schemas for people at the console: who they are, their invitations and what their passkeys sign.

import { ROLES } from "../accounts/roles.js";
import * as v from "../platform/valibot.js";
import { account, anyObject, digest, flag, like, oneOf, saying, text, time } from "./pieces.js";

const role = oneOf(.../** @type {(keyof typeof ROLES)[]} */ (Object.keys(ROLES)));
const name = saying(like(/^[^\u0000-\u001f\u007f]{1,80}$/, "a name of 1 to 80 characters"), "The name that colleagues see in the list of people and beside changes.");
const id = like(/^[A-Za-z0-9_-]{16}$/, "the id of a person");
const invitation = saying(digest, "From the fragment of the invitation's link.");
const credential = saying(anyObject, "As the browser gives it: PublicKeyCredential.toJSON() (Web Authentication Level 3).");
const person = { id: text, role, name };

export const InvitationRequest = v.strictObject({
  role,
  name,
  person: v.optional(saying(id, "The person who has lost their passkey. The new passkey replaces all earlier ones of this person.")),
});
export const Invitation = v.strictObject({ id: text, link: saying(text, "Shown this once; good once. It may be mailed."), expiresAt: time });
export const People = v.strictObject({
  account: text,
  people: v.array(v.strictObject({ ...person, at: time, seen: saying(time, "The last time that this person used their passkey.") })),
  invitations: v.array(v.strictObject({ ...person, person: saying(text, "The person whom it will make, or whose passkey it replaces."), at: time, expiresAt: time })),
});

export const InvitationSecret = v.strictObject({ account, invitation });
export const Invited = v.strictObject({ account: text, role, name: text, expiresAt: time, options: saying(anyObject, "PublicKeyCredentialCreationOptionsJSON.") });
export const Enrolment = v.strictObject({ account, invitation, credential });
export const AccountNamed = v.strictObject({ account });
export const SessionQuery = v.strictObject({ account });
export const PasskeyOptions = v.strictObject({ options: saying(anyObject, "PublicKeyCredentialRequestOptionsJSON.") });
export const SignIn = v.strictObject({ account, credential });
export const Session = v.strictObject({
  account: text,
  person: v.strictObject(person),
  scope: v.array(text),
  publicUrl: saying(text, "The origin of campaigns and redirect URIs."),
  recent: saying(flag, "The passkey was used within the last five minutes."),
  expiresAt: time,
});
