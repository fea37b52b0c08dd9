//! The keys of the pack and the settings that go with them.

use crate::{
    entropy::Entropy,
    key::{Key, Purpose},
};
use anyhow::{Context as _, Result};
use handstamp::jose::base64url;
use serde_json::{Map, Value, json};

/// Everything that the rows are made of.
pub struct Material {
    pub entropy: Entropy,
    keys: Vec<(&'static str, Key)>,
    settings: Map<String, Value>,
}

/// The signing keys: a name, an algorithm.
const KEYS: [(&str, &str); 10] = [
    ("rsa", "RS256"),
    ("rsa-other", "RS256"),
    ("ec", "ES256"),
    ("ec-other", "ES256"),
    ("p384", "ES384"),
    ("p521", "ES512"),
    ("ed25519", "EdDSA"),
    ("secret", "HS256"),
    ("secret-64", "HS512"),
    ("secret-other", "HS256"),
];

impl Material {
    /// Makes all keys from a seed.
    pub fn new(seed: &str) -> Result<Self> {
        let mut keys = Vec::new();
        for (name, alg) in KEYS {
            // Each from a seed of its own, so that a key that is added leaves the others alone.
            let mut entropy = Entropy::new(Some(&format!("{seed}/{name}")))?;
            let purpose = Purpose { alg, enc: None, crv: "P-256", bits: 2048 };
            keys.push((name, Key::generate(&purpose, &mut entropy)?));
        }
        keys.push(("ec-short", with_short_coordinate(seed)?));
        let entropy = Entropy::new(Some(&format!("{seed}/tokens")))?;
        let mut material = Self { entropy, keys, settings: Map::new() };
        material.settings = settings(&material)?;
        Ok(material)
    }

    pub fn key(&self, name: &str) -> Result<&Key> {
        let found = self.keys.iter().find(|(known, _)| *known == name);
        found.map(|(_, key)| key).with_context(|| format!("the pack has no key {name}"))
    }

    /// The bytes of a shared secret.
    pub fn secret(&self, name: &str) -> Result<&[u8]> {
        match self.key(name)? {
            Key::Secret(bytes) => Ok(bytes),
            _ => anyhow::bail!("{name} is not a shared secret"),
        }
    }

    pub fn settings(&self, name: &str) -> Result<&Value> {
        self.settings.get(name).with_context(|| format!("the pack has no settings {name}"))
    }

    pub fn all_settings(&self) -> Value {
        self.settings.clone().into()
    }

    /// Every key as private JWK, to make more tokens with.
    pub fn keys(&self) -> Result<Value> {
        let mut out = Map::new();
        for (name, key) in &self.keys {
            out.insert((*name).to_owned(), key.to_jwk(true)?.into());
        }
        Ok(out.into())
    }

    fn public(&self, name: &str, kid: Option<&str>) -> Result<Value> {
        let mut jwk = self.key(name)?.to_jwk(false)?;
        if let Some(kid) = kid {
            jwk.insert("kid".to_owned(), kid.into());
        }
        Ok(jwk.into())
    }

    fn shared(&self, name: &str, alg: &str) -> Result<Value> {
        let key = base64url::encode(self.secret(name)?);
        Ok(json!({ "method": "symmetricKey", "alg": alg, "key": key, "encoding": "base64url" }))
    }
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// A key that encrypts, for `dir` with AES-GCM.
pub fn content_key(material: &Material) -> Result<Value> {
    let key = base64url::encode(material.secret("secret-other")?);
    Ok(json!({ "key": key, "encoding": "base64url" }))
}

/// A key on P-256 whose x begins with a zero.
fn with_short_coordinate(seed: &str) -> Result<Key> {
    let purpose = Purpose { alg: "ES256", enc: None, crv: "P-256", bits: 2048 };
    for number in 0..5000 {
        let mut entropy = Entropy::new(Some(&format!("{seed}/ec-short/{number}")))?;
        let key = Key::generate(&purpose, &mut entropy)?;
        if base64url::decode(coordinate(&key.to_jwk(false)?)).is_ok_and(|x| x.starts_with(&[0])) {
            return Ok(key);
        }
    }
    anyhow::bail!("no such key")
}

fn coordinate(jwk: &Map<String, Value>) -> &str {
    jwk.get("x").and_then(Value::as_str).unwrap_or_default()
}

fn settings(material: &Material) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let mut set = |name: &str, verify: Value| drop(out.insert(name.to_owned(), json!({ "verify": verify })));
    let pem = |name: &str| material.key(name)?.to_pem(false);
    let public = |alg: &str, key: Value| json!({ "method": "publicKey", "alg": alg, "key": key });
    let rsa = pem("rsa")?;
    set("rsa", public("RS256", rsa.as_str().into()));
    set("rsa-escaped-lines", public("RS256", rsa.replace('\n', "\\n").into()));
    let body: String = rsa.lines().filter(|line| !line.starts_with("-----")).collect();
    set("rsa-without-lines", public("RS256", body.into()));
    set("rsa-private", public("RS256", material.key("rsa")?.to_pem(true)?.into()));
    set("rsa-pkcs1", public("RS256", pkcs1(material.key("rsa")?)?.into()));
    set("ec-for-rs256", public("RS256", pem("ec")?.into()));
    for (name, key, alg) in [
        ("rs384", "rsa", "RS384"),
        ("rs512", "rsa", "RS512"),
        ("ps256", "rsa", "PS256"),
        ("ps384", "rsa", "PS384"),
        ("ps512", "rsa", "PS512"),
        ("es256", "ec", "ES256"),
        ("es384", "p384", "ES384"),
        ("es512", "p521", "ES512"),
        ("eddsa", "ed25519", "EdDSA"),
    ] {
        set(name, public(alg, material.public(key, None)?));
    }
    for (name, key, alg) in
        [("secret", "secret", "HS256"), ("hs384", "secret-64", "HS384"), ("hs512", "secret-64", "HS512")]
    {
        set(name, material.shared(key, alg)?);
    }
    let utf8 =
        |text: String| json!({ "method": "symmetricKey", "alg": "HS256", "key": text, "encoding": "utf8" });
    set("secret-base64-as-text", utf8(base64(material.secret("secret")?)));
    set("secret-text", utf8("a secret that is read from a file".to_owned()));
    let set_of = |names: &[&str]| -> Result<Value> {
        let keys: Vec<_> =
            names.iter().map(|name| material.public(name, Some(name))).collect::<Result<_>>()?;
        Ok(json!({ "method": "jwks", "keys": { "keys": keys } }))
    };
    set("jwks", set_of(&["rsa", "ec", "ec-other"])?);
    let mut short = material.public("ec-short", Some("ec-short"))?;
    let x = base64url::decode(short["x"].as_str().unwrap_or_default()).unwrap_or_default();
    short["x"] = base64url::encode(x.strip_prefix(&[0]).unwrap_or(&x)).into();
    set("jwks-short", json!({ "method": "jwks", "keys": { "keys": [short] } }));
    set("secret-prefixed", utf8(format!("base64:{}", base64(material.secret("secret")?))));
    set("secret-public-jwk", utf8(material.public("ec", None)?.to_string()));
    set("secret-public-base64", utf8(base64(rsa.as_bytes())));
    let mut decrypt = content_key(material)?;
    decrypt["alg"] = "dir".into();
    decrypt["enc"] = "A256GCM".into();
    let encrypted = json!({ "verify": public("ES256", material.public("ec", None)?), "decrypt": decrypt });
    out.insert("encrypted".to_owned(), encrypted);
    let issuer =
        json!({ "verify": material.shared("secret", "HS256")?, "issuer": "https://id.acme.example" });
    out.insert("issuer".to_owned(), issuer);
    Ok(out)
}

/// The older form of an RSA public key, which OpenSSL writes with `-RSAPublicKey_out`.
#[cfg(feature = "rsa-private")]
fn pkcs1(key: &Key) -> Result<String> {
    use rsa::pkcs1::{EncodeRsaPublicKey as _, LineEnding};
    match key {
        Key::Rsa(key) => Ok(key.to_public_key().to_pkcs1_pem(LineEnding::LF)?),
        _ => anyhow::bail!("no RSA key"),
    }
}

#[cfg(not(feature = "rsa-private"))]
fn pkcs1(_: &Key) -> Result<String> {
    anyhow::bail!("this build has no RSA with private keys (feature rsa-private)")
}
