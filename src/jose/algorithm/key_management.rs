//! Key management (RFC 7518 section 4): how the content key of an encrypted token is found, and what the header
//! must carry for it. Members are read strictly before any key is touched; what fails after that is one `None`.

use super::{
    agreement,
    content::{self, Cipher},
    curve::{Curve, Point},
    key_wrap::KeyWrap,
};
use crate::{
    Code, Error, Result, bounds,
    jose::base64url,
    json::{Object, Value},
    secret::Secret,
};
use alloc::{format, string::String, vec::Vec};

/// One way of key management.
#[derive(Clone, Copy)]
pub enum Scheme {
    /// The shared secret is the content key (section 4.5).
    Direct,
    /// The shared secret wraps it (section 4.4).
    Wrap(KeyWrap),
    /// The shared secret encrypts it with AES-GCM (section 4.7).
    GcmWrap(Cipher),
    /// It is encrypted with an RSA key (section 4.3), by the host only: its hash.
    Oaep(&'static str),
    /// It is agreed (section 4.6), or a key that wraps it is.
    Agree(Option<KeyWrap>),
}

/// The header parameters of a key management algorithm.
pub enum HeaderParameters {
    /// Nothing.
    None,
    /// Of AES-GCM.
    Gcm {
        /// The IV.
        iv: Vec<u8>,
        /// The tag.
        tag: Vec<u8>,
    },
    /// Of an agreement.
    Agreement {
        /// The sender's ephemeral key.
        epk: Point,
        /// The name of the sender.
        apu: Vec<u8>,
        /// The name of the recipient.
        apv: Vec<u8>,
    },
}

impl HeaderParameters {
    /// Reads what a way of key management needs of the header.
    ///
    /// # Errors
    /// `header_invalid` with the member.
    pub fn read(scheme: &Scheme, header: &Object) -> Result<Self> {
        Ok(match scheme {
            Scheme::Direct | Scheme::Wrap(_) | Scheme::Oaep(_) => Self::None,
            Scheme::GcmWrap(_) => Self::Gcm {
                iv: exact(header, "iv", content::IV_BYTES)?,
                tag: exact(header, "tag", content::TAG_BYTES)?,
            },
            Scheme::Agree(_) => Self::Agreement {
                epk: ephemeral(header.get("epk"))?,
                apu: party(header, "apu")?,
                apv: party(header, "apv")?,
            },
        })
    }
}

/// Returns the content key under a shared secret; `None` if it is not for this secret.
pub fn unwrap_with(
    scheme: &Scheme,
    parameters: &HeaderParameters,
    secret: &Secret,
    wrapped: &[u8],
) -> Option<Secret> {
    match (scheme, parameters) {
        (Scheme::Direct, _) => wrapped.is_empty().then(|| secret.clone()),
        (Scheme::Wrap(wrap), _) => (wrap.unwrap)(secret, wrapped),
        (Scheme::GcmWrap(cipher), HeaderParameters::Gcm { iv, tag }) => {
            (cipher.open)(secret, iv, &[], wrapped, tag).map(Secret::new)
        }
        _ => None,
    }
}

/// The purpose for which an agreed key is derived: the names of the algorithms, and the length of the content key.
pub struct Derivation {
    /// `alg`.
    pub management: &'static str,
    /// `enc`.
    pub content: &'static str,
    /// Length of the content key.
    pub key_bytes: usize,
}

/// Returns the content key from what was agreed with the sender.
pub fn unwrap_agreed(
    wrap: Option<&KeyWrap>,
    parameters: &HeaderParameters,
    shared: &Secret,
    purpose: &Derivation,
    wrapped: &[u8],
) -> Option<Secret> {
    let HeaderParameters::Agreement { apu, apv, .. } = parameters else { return None };
    let derived = derive(wrap, shared, apu, apv, purpose)?;
    match wrap {
        None => wrapped.is_empty().then_some(derived),
        Some(wrap) => (wrap.unwrap)(&derived, wrapped),
    }
}

/// Returns the key that two parties derive: the content key, or the one that wraps it.
pub fn derive(
    wrap: Option<&KeyWrap>,
    shared: &Secret,
    apu: &[u8],
    apv: &[u8],
    purpose: &Derivation,
) -> Option<Secret> {
    let (algorithm, bytes) = match wrap {
        None => (purpose.content, purpose.key_bytes),
        Some(wrap) => (purpose.management, wrap.key_bytes),
    };
    agreement::derive(shared, algorithm, apu, apv, bytes)
}

/// The sender's ephemeral key, a point of its curve; whoever sends its private half along knows not what he does.
pub(in crate::jose) fn ephemeral(epk: Option<&Value>) -> Result<Point> {
    let fault = |member: &str, expected: &str, got: &str| {
        Err(Error::new(Code::HeaderInvalid).at(format!("header/epk{member}")).expected(expected).got(got))
    };
    let Some(epk) = epk.and_then(Value::as_object) else {
        return fault("", "a public key as JWK", epk.map_or("nothing", Value::kind));
    };
    let text = |name: &str| epk.get(name).and_then(Value::as_str);
    if epk.get("d").is_some_and(|d| *d != Value::Null) {
        return fault("/d", "a public key", "a private key");
    }
    if text("kty") != Some("EC") {
        return fault("/kty", "EC", "a different type");
    }
    let Some(curve) = text("crv").and_then(Curve::from_name) else {
        return fault("/crv", "P-256, P-384 or P-521", "a different curve");
    };
    let coordinate = |name| text(name).and_then(|text| base64url::decode(text).ok()).unwrap_or_default();
    let (x, y) = (coordinate("x"), coordinate("y"));
    if let Some((name, long)) =
        [("/x", &x), ("/y", &y)].into_iter().find(|(_, one)| one.len() > curve.bytes())
    {
        return fault(name, &format!("{} bytes", curve.bytes()), &format!("{} bytes", long.len()));
    }
    Point::from_short(curve, &x, &y)
        .or_else(|_| fault("", &format!("a point on {}", curve.name()), "a point that is not on it"))
}

/// A member of an exact length.
fn exact(header: &Object, name: &str, bytes: usize) -> Result<Vec<u8>> {
    let value =
        read(header, name)?.ok_or_else(|| fault(name).expected(format!("{bytes} bytes")).got("nothing"))?;
    if value.len() == bytes {
        return Ok(value);
    }
    Err(fault(name).expected(format!("{bytes} bytes")).got(format!("{} bytes", value.len())))
}

/// A party's information, which may be left out.
fn party(header: &Object, name: &str) -> Result<Vec<u8>> {
    let value = read(header, name)?.unwrap_or_default();
    if value.len() <= bounds::PARTY_INFO_BYTES {
        return Ok(value);
    }
    let expected = format!("at most {} bytes", bounds::PARTY_INFO_BYTES);
    Err(fault(name).expected(expected).got(format!("{} bytes", value.len())))
}

fn read(header: &Object, name: &str) -> Result<Option<Vec<u8>>> {
    let wrong = |got: String| fault(name).expected("base64url").got(got);
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => {
            let decoded = base64url::decode(text);
            decoded.map(Some).map_err(|error| {
                wrong(error.detail().and_then(|detail| detail.got.clone()).unwrap_or_default())
            })
        }
        Some(other) => Err(wrong(other.kind().into())),
    }
}

fn fault(name: &str) -> Error {
    Error::new(Code::HeaderInvalid).at(format!("header/{name}"))
}
