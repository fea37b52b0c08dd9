//! Proof Key for Code Exchange (RFC 7636), method S256 only: there is no way to ask for `plain`.

use crate::jose::base64url;
use alloc::string::String;
use sha2::{Digest, Sha256};

/// The method's registered name.
pub(crate) const METHOD: &str = "S256";

/// Returns the challenge that goes to the authorization endpoint for a verifier that stays with us.
///
/// ```
/// // RFC 7636 appendix B
/// let challenge = handstamp::oauth::pkce::challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
/// assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
/// ```
pub fn challenge(verifier: &str) -> String {
    base64url::encode(&Sha256::digest(verifier.as_bytes()))
}

/// Checks whether a text can be a verifier: 43 to 128 unreserved characters (RFC 7636 section 4.1).
pub fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}
