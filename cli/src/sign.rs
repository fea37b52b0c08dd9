//! Signing (RFC 7515) and encrypting (RFC 7516) on the own machine.

use crate::{entropy::Entropy, key::Key};
use anyhow::{Result, anyhow, bail};
use handstamp::{
    jose::{
        Signature, base64url,
        jwe::{self, EncryptKey, Labels, WrappedKey},
        jws,
        key::Key as Verification,
    },
    json::{Object, Value},
};

/// What stands in the header of a signed token.
pub struct Header<'a> {
    pub alg: &'a str,
    pub kid: Option<&'a str>,
    pub typ: Option<&'a str>,
}

/// Signs a payload.
pub fn sign(payload: &[u8], key: &Key, header: &Header<'_>, entropy: &mut Entropy) -> Result<String> {
    let mut members = Object::new();
    members.set("alg", header.alg);
    members.set_some("typ", header.typ);
    members.set_some("kid", header.kid);
    if let Key::Secret(secret) = key {
        let row = Signature::from_name(header.alg).filter(|row| row.is_symmetric());
        let row = row.ok_or_else(|| anyhow!("a shared secret signs with HS256, HS384 or HS512"))?;
        let key = Verification::from_secret(secret, row, true).map_err(|fault| anyhow!("{fault}"))?;
        return jws::sign_hmac(&members, payload, &key).map_err(|fault| anyhow!("{fault}"));
    }
    let header_text = Value::from(members).to_text();
    let input = format!("{}.{}", base64url::encode(header_text.as_bytes()), base64url::encode(payload));
    let signature = signature(input.as_bytes(), key, header.alg, entropy)?;
    Ok(format!("{input}.{}", base64url::encode(&signature)))
}

/// Signs a signing input.
pub fn signature(input: &[u8], key: &Key, alg: &str, entropy: &mut Entropy) -> Result<Vec<u8>> {
    macro_rules! ecdsa {
        ($curve:ident, $key:expr) => {{
            use $curve::ecdsa::{Signature, SigningKey, signature::Signer as _};
            let signature: Signature = SigningKey::from($key).sign(input);
            Ok(signature.to_bytes().to_vec())
        }};
    }
    match (alg, key) {
        ("ES256", Key::P256(key)) => ecdsa!(p256, key),
        ("ES384", Key::P384(key)) => ecdsa!(p384, key),
        ("ES512", Key::P521(key)) => ecdsa!(p521, key),
        ("EdDSA" | "Ed25519", Key::Ed25519(key)) => {
            use ed25519_dalek::Signer as _;
            Ok(key.sign(input).to_bytes().to_vec())
        }
        #[cfg(feature = "rsa-private")]
        (_, Key::Rsa(key)) => rsa(input, key, alg, entropy),
        _ => {
            let _ = entropy;
            bail!("the key does not sign with {alg}")
        }
    }
}

#[cfg(feature = "rsa-private")]
fn rsa(input: &[u8], key: &rsa::PrivateKey, alg: &str, entropy: &mut Entropy) -> Result<Vec<u8>> {
    use rsa::{Pkcs1v15Sign, Pss};
    use sha2::{Digest as _, Sha256, Sha384, Sha512};
    macro_rules! row {
        (pkcs1 $hash:ident) => {
            key.sign(Pkcs1v15Sign::new::<$hash>(), &$hash::digest(input))
        };
        (pss $hash:ident) => {
            key.sign_with_rng(&mut entropy.0, Pss::<$hash>::new(), &$hash::digest(input))
        };
    }
    let signature = match alg {
        "RS256" => row!(pkcs1 Sha256),
        "RS384" => row!(pkcs1 Sha384),
        "RS512" => row!(pkcs1 Sha512),
        "PS256" => row!(pss Sha256),
        "PS384" => row!(pss Sha384),
        "PS512" => row!(pss Sha512),
        other => bail!("an RSA key does not sign with {other}"),
    };
    signature.map_err(|fault| anyhow!("the key does not sign: {fault}"))
}

/// What an encrypted token is made with.
pub struct Encryption<'a> {
    pub alg: &'a str,
    pub enc: &'a str,
    pub kid: Option<&'a str>,
    pub cty: Option<&'a str>,
}

/// Encrypts under a key as the settings write it: `{ key, encoding? }`.
pub fn encrypt(
    plaintext: &[u8],
    key: &serde_json::Value,
    with: &Encryption<'_>,
    entropy: &mut Entropy,
) -> Result<String> {
    let mut setting = key.clone();
    setting["alg"] = with.alg.into();
    setting["enc"] = with.enc.into();
    let read = |text: &str| EncryptKey::from_settings(&Value::parse(text.as_bytes())?, "/key");
    let key = read(&setting.to_string()).map_err(|fault| anyhow!("{fault}"))?;
    let labels = Labels { kid: with.kid, cty: with.cty };
    if let Some(host) = key.handed_over() {
        return encrypt_to_rsa(plaintext, &key, &host, labels, entropy);
    }
    let random = entropy.bytes(key.entropy_bytes());
    jwe::encrypt(plaintext, &key, &random, labels).map_err(|fault| anyhow!("{fault}"))
}

/// The content key is encrypted here, which the core leaves to its host.
#[cfg(feature = "rsa-private")]
fn encrypt_to_rsa(
    plaintext: &[u8],
    key: &EncryptKey,
    host: &Object,
    labels: Labels<'_>,
    entropy: &mut Entropy,
) -> Result<String> {
    use handstamp::secret::Secret;
    use rsa::{BoxedUint, Oaep, PublicKey};
    let host = Value::from(host.clone());
    let bytes = |pointer: &str| {
        let text = host.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        base64url::decode(text).map_err(|fault| anyhow!("{fault}"))
    };
    let count = |name: &str| {
        host.pointer(name)
            .and_then(Value::as_i64)
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or_default()
    };
    let number = |pointer: &str| bytes(pointer).map(|bytes| BoxedUint::from_be_slice_vartime(&bytes));
    let public = PublicKey::new(number("/key/n")?, number("/key/e")?);
    let public = public.map_err(|fault| anyhow!("not an RSA key: {fault}"))?;
    let (content_key, iv) = (entropy.bytes(count("/keyBytes")), entropy.bytes(count("/ivBytes")));
    let wrapped = match host.pointer("/algorithm/hash").and_then(Value::as_str) {
        Some("SHA-1") => public.encrypt(&mut entropy.0, Oaep::<sha1::Sha1>::new(), &content_key),
        _ => public.encrypt(&mut entropy.0, Oaep::<sha2::Sha256>::new(), &content_key),
    };
    let wrapped = wrapped.map_err(|fault| anyhow!("the key does not encrypt: {fault}"))?;
    let content_key = Secret::new(content_key);
    let by_host = WrappedKey { content_key: &content_key, wrapped: &wrapped };
    jwe::encrypt_wrapped(plaintext, key, &by_host, &iv, labels).map_err(|fault| anyhow!("{fault}"))
}

#[cfg(not(feature = "rsa-private"))]
fn encrypt_to_rsa(_: &[u8], _: &EncryptKey, _: &Object, _: Labels<'_>, _: &mut Entropy) -> Result<String> {
    bail!("this build has no RSA-OAEP (feature rsa-private)")
}
