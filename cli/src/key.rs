//! Private keys and shared secrets: made, read and written as JWK or PEM.

use crate::entropy::Entropy;
use anyhow::{Context as _, Result, anyhow, bail};
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, spki::der::pem::LineEnding};
use handstamp::jose::base64url;
use serde_json::{Map, Value};

/// A key that signs or decrypts.
pub enum Key {
    Secret(Vec<u8>),
    P256(p256::SecretKey),
    P384(p384::SecretKey),
    P521(p521::SecretKey),
    Ed25519(ed25519_dalek::SigningKey),
    #[cfg(feature = "rsa-private")]
    Rsa(Box<rsa::PrivateKey>),
}

/// What a new key is for.
pub struct Purpose<'a> {
    pub alg: &'a str,
    /// Content encryption, which decides the length of a `dir` secret.
    pub enc: Option<&'a str>,
    /// Curve of an ECDH-ES key.
    pub crv: &'a str,
    pub bits: usize,
}

impl Key {
    /// Makes a key for an algorithm.
    pub fn generate(purpose: &Purpose<'_>, entropy: &mut Entropy) -> Result<Self> {
        let Purpose { alg, enc, crv, bits } = *purpose;
        let curve = match alg {
            "ES256" => Some("P-256"),
            "ES384" => Some("P-384"),
            "ES512" => Some("P-521"),
            alg if alg.starts_with("ECDH-ES") => Some(crv),
            _ => None,
        };
        if let Some(curve) = curve {
            return Self::on_curve(curve, entropy);
        }
        match alg {
            "EdDSA" | "Ed25519" => {
                Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&array(&entropy.bytes(32))?)))
            }
            alg if alg.starts_with("RS") || alg.starts_with("PS") => Self::rsa(bits, entropy),
            _ => Ok(Self::Secret(entropy.bytes(secret_bytes(alg, enc)?))),
        }
    }

    fn on_curve(curve: &str, entropy: &mut Entropy) -> Result<Self> {
        // Nearly every number is one of the curve; P-521 has seven bits less than its bytes.
        for _ in 0..1024 {
            let key = match curve {
                "P-256" => p256::SecretKey::from_slice(&entropy.bytes(32)).ok().map(Self::P256),
                "P-384" => p384::SecretKey::from_slice(&entropy.bytes(48)).ok().map(Self::P384),
                "P-521" => {
                    let mut bytes = entropy.bytes(66);
                    if let Some(first) = bytes.first_mut() {
                        *first &= 1;
                    }
                    p521::SecretKey::from_slice(&bytes).ok().map(Self::P521)
                }
                other => bail!("unknown curve {other}: P-256, P-384 or P-521"),
            };
            if let Some(key) = key {
                return Ok(key);
            }
        }
        bail!("no key came of the random bytes")
    }

    #[cfg(feature = "rsa-private")]
    fn rsa(bits: usize, entropy: &mut Entropy) -> Result<Self> {
        if !(2048..=4096).contains(&bits) {
            bail!("an RSA key has 2048 to 4096 bits");
        }
        let key =
            rsa::PrivateKey::new(&mut entropy.0, bits).map_err(|fault| anyhow!("no RSA key: {fault}"))?;
        Ok(Self::Rsa(Box::new(key)))
    }

    #[cfg(not(feature = "rsa-private"))]
    fn rsa(_: usize, _: &mut Entropy) -> Result<Self> {
        bail!("this build has no RSA with private keys (feature rsa-private)")
    }

    /// Reads a JWK, a PKCS#8 PEM, or a secret whose encoding is said.
    pub fn read(text: &str, encoding: Option<&str>) -> Result<Self> {
        if text.trim_start().starts_with('{') {
            let jwk = serde_json::from_str(text).context("the key is not JSON")?;
            return Self::from_jwk(&jwk);
        }
        if text.contains("-----BEGIN") {
            return Self::from_pem(text);
        }
        let text = text.strip_suffix('\n').unwrap_or(text);
        let bytes = match encoding {
            None => bail!("the key is neither a JWK nor PEM: say the --encoding of the secret"),
            Some("utf8") => Some(text.as_bytes().to_vec()),
            Some("hex") => (0..text.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
                .collect(),
            Some("base64" | "base64url") => {
                let plain = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
                base64url::decode(&plain).ok()
            }
            Some(other) => bail!("unknown encoding {other}: utf8, base64, base64url or hex"),
        };
        bytes.map(Self::Secret).context("the secret does not fit its encoding")
    }

    fn from_jwk(jwk: &Value) -> Result<Self> {
        let bytes = |name: &str| -> Result<Vec<u8>> {
            let text = jwk[name].as_str().with_context(|| format!("the JWK has no {name}"))?;
            base64url::decode(text).map_err(|_| anyhow!("{name} of the JWK is not base64url"))
        };
        match (jwk["kty"].as_str(), jwk["crv"].as_str()) {
            (Some("oct"), _) => Ok(Self::Secret(bytes("k")?)),
            (Some("EC"), Some("P-256")) => Ok(Self::P256(p256::SecretKey::from_slice(&bytes("d")?)?)),
            (Some("EC"), Some("P-384")) => Ok(Self::P384(p384::SecretKey::from_slice(&bytes("d")?)?)),
            (Some("EC"), Some("P-521")) => Ok(Self::P521(p521::SecretKey::from_slice(&bytes("d")?)?)),
            (Some("OKP"), Some("Ed25519")) => {
                Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&array(&bytes("d")?)?)))
            }
            #[cfg(feature = "rsa-private")]
            (Some("RSA"), _) => {
                let number =
                    |name: &str| bytes(name).map(|bytes| rsa::BoxedUint::from_be_slice_vartime(&bytes));
                let primes = vec![number("p")?, number("q")?];
                let key = rsa::PrivateKey::from_components(number("n")?, number("e")?, number("d")?, primes);
                Ok(Self::Rsa(Box::new(key.map_err(|fault| anyhow!("not an RSA key: {fault}"))?)))
            }
            _ => bail!("the JWK is of no kind that signs here: oct, EC, OKP with Ed25519, RSA"),
        }
    }

    fn from_pem(text: &str) -> Result<Self> {
        if let Ok(key) = p256::SecretKey::from_pkcs8_pem(text) {
            return Ok(Self::P256(key));
        }
        if let Ok(key) = p384::SecretKey::from_pkcs8_pem(text) {
            return Ok(Self::P384(key));
        }
        if let Ok(key) = p521::SecretKey::from_pkcs8_pem(text) {
            return Ok(Self::P521(key));
        }
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(text) {
            return Ok(Self::Ed25519(key));
        }
        #[cfg(feature = "rsa-private")]
        if let Ok(key) = rsa::PrivateKey::from_pkcs8_pem(text) {
            return Ok(Self::Rsa(Box::new(key)));
        }
        bail!(
            "the PEM is not a private key that can sign: use PKCS#8 (-----BEGIN PRIVATE KEY-----), not encrypted"
        )
    }

    /// The key as JWK; `private` with what must stay secret. A shared secret has no public form.
    pub fn to_jwk(&self, private: bool) -> Result<Map<String, Value>> {
        let mut jwk = Map::new();
        let mut set = |name: &str, value: &str| drop(jwk.insert(name.to_owned(), value.into()));
        use p256::elliptic_curve::sec1::ToSec1Point as _;
        let mut point = |crv: &str, sec1: &[u8], d: &[u8]| {
            let (x, y) = sec1.get(1..).unwrap_or_default().split_at(sec1.len() / 2);
            for (name, value) in [("kty", "EC"), ("crv", crv)] {
                set(name, value);
            }
            for (name, value) in [("x", x), ("y", y)] {
                set(name, &base64url::encode(value));
            }
            if private {
                set("d", &base64url::encode(d));
            }
        };
        match self {
            Self::P256(key) => {
                point("P-256", key.public_key().to_sec1_point(false).as_bytes(), &key.to_bytes())
            }
            Self::P384(key) => {
                point("P-384", key.public_key().to_sec1_point(false).as_bytes(), &key.to_bytes())
            }
            Self::P521(key) => {
                point("P-521", key.public_key().to_sec1_point(false).as_bytes(), &key.to_bytes())
            }
            Self::Ed25519(key) => {
                set("kty", "OKP");
                set("crv", "Ed25519");
                set("x", &base64url::encode(key.verifying_key().as_bytes()));
                if private {
                    set("d", &base64url::encode(key.as_bytes()));
                }
            }
            Self::Secret(_) if !private => bail!("a shared secret has no public form"),
            Self::Secret(bytes) => {
                set("kty", "oct");
                set("k", &base64url::encode(bytes));
            }
            #[cfg(feature = "rsa-private")]
            Self::Rsa(key) => {
                use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
                set("kty", "RSA");
                let mut number = |name: &str, bytes: Box<[u8]>| {
                    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                    set(name, &base64url::encode(bytes.get(zeros..).unwrap_or_default()));
                };
                number("n", key.n().to_be_bytes());
                number("e", key.e().to_be_bytes());
                if private {
                    number("d", key.d().to_be_bytes());
                    for (name, prime) in ["p", "q"].into_iter().zip(key.primes()) {
                        number(name, prime.to_be_bytes());
                    }
                    let missing = || anyhow!("the RSA key has no precomputed numbers");
                    number("dp", key.dp().ok_or_else(missing)?.to_be_bytes());
                    number("dq", key.dq().ok_or_else(missing)?.to_be_bytes());
                    number("qi", key.crt_coefficient().ok_or_else(missing)?.to_be_bytes());
                }
            }
        }
        Ok(jwk)
    }

    /// The key as PEM: PKCS#8, or SPKI for the public half.
    pub fn to_pem(&self, private: bool) -> Result<String> {
        let fault = |fault| anyhow!("cannot write PEM: {fault}");
        macro_rules! pem {
            ($private:expr, $public:expr) => {
                if private {
                    $private.to_pkcs8_pem(LineEnding::LF).map(|text| text.to_string()).map_err(fault)
                } else {
                    $public
                        .to_public_key_pem(LineEnding::LF)
                        .map_err(|spki| anyhow!("cannot write PEM: {spki}"))
                }
            };
        }
        match self {
            Self::P256(key) => pem!(key, key.public_key()),
            Self::P384(key) => pem!(key, key.public_key()),
            Self::P521(key) => pem!(key, key.public_key()),
            Self::Ed25519(key) => pem!(key, key.verifying_key()),
            #[cfg(feature = "rsa-private")]
            Self::Rsa(key) => pem!(key, key.to_public_key()),
            Self::Secret(_) => bail!("a shared secret has no PEM form: take jwk"),
        }
    }
}

fn array(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| anyhow!("a key of 32 bytes was expected"))
}

/// Length of a shared secret.
fn secret_bytes(alg: &str, enc: Option<&str>) -> Result<usize> {
    Ok(match (alg, enc) {
        ("HS256", _) => 32,
        ("HS384", _) => 48,
        ("HS512", _) => 64,
        ("A128KW" | "A128GCMKW", _) => 16,
        ("A192KW" | "A192GCMKW", _) => 24,
        ("A256KW" | "A256GCMKW", _) => 32,
        ("dir", Some("A128GCM")) => 16,
        ("dir", Some("A192GCM")) => 24,
        ("dir", Some("A256GCM" | "A128CBC-HS256")) => 32,
        ("dir", Some("A192CBC-HS384")) => 48,
        ("dir", Some("A256CBC-HS512")) => 64,
        ("dir", _) => bail!("say --enc: it decides the length of a dir secret"),
        (other, _) => bail!("unknown algorithm {other}"),
    })
}
