//! A checked header in, the `Protected` of `jose-jws` out (RFC 7515 section 4): `alg`, `kid`, `typ` and `cty`. Keys and URLs
//! that a header contains are never looked at, and stay behind.

use crate::{
    Code, Error, Result,
    jose::Header,
    json::{Object, Value},
};
use jose_jws::Protected;

/// The header of a JWS; that of a JWE is refused, for `Protected` has no name for its algorithms.
///
/// ```
/// use handstamp::jose::Header;
/// let header = Header::signed(br#"{ "alg": "ES256", "kid": "2026a" }"#)?;
/// let theirs = jose_jws::Protected::try_from(&header)?;
/// assert_eq!(theirs.oth.kid.as_deref(), Some("2026a"));
/// # Ok::<(), handstamp::Error>(())
/// ```
impl TryFrom<&Header> for Protected {
    type Error = Error;

    fn try_from(header: &Header) -> Result<Self> {
        let refused = || Error::new(Code::AlgNotAllowed).at("header/alg").got(header.alg());
        let row = header.signature().ok_or_else(refused)?;
        let mut members = Object::new();
        members.set("alg", row.name());
        members.set_some("kid", header.kid());
        members.set_some("typ", header.typ());
        members.set_some("cty", header.cty());
        serde_json::from_str(&Value::from(members).to_text()).map_err(|_| refused())
    }
}
