// The only door to SimpleWebAuthn, which makes and judges what passkeys sign. `cargo xtask pkg` makes one file of what is
// named here. It is imported when a person signs in, as participants need nothing of it.

export {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "../../../pkg/worker/webauthn.js";
