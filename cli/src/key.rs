//! Private keys and shared secrets: made, read and written as JWK or PEM.

use crate::entropy::Entropy;
use anyhow::{Context as _, Result, anyhow, bail};
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, spki::der::pem::LineEnding};
use handstamp::{account::key_turn::secret_bytes, jose::base64url};
#[cfg(feature = "rsa-private")]
use jose_jwk::Rsa;
use jose_jwk::{Ec, EcCurves, Oct, Okp, OkpCurves, jose_b64::serde::Secret};
#[cfg(feature = "rsa-private")]
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use serde::Deserialize as _;
use serde_json::{Map, Value};

const NO_KIND: &str = "the JWK is of no kind that signs here: oct, EC, OKP with Ed25519, RSA";

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
            _ => {
                let bytes = secret_bytes(alg, enc).with_context(|| format!("no secret can be made for {alg}: an unknown algorithm, or dir without --enc, which decides its length"))?;
                Ok(Self::Secret(entropy.bytes(bytes)))
            }
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

    /// Reads a JWK by the types of `jose-jwk`, as other programs of this language do.
    fn from_jwk(jwk: &Value) -> Result<Self> {
        let unreadable = |fault| anyhow!("the JWK cannot be read: {fault}");
        let secret = |d: Option<Secret>| d.context("the JWK has no d: it is a public key");
        match jose_jwk::Key::deserialize(jwk).map_err(unreadable)? {
            jose_jwk::Key::Oct(key) => Ok(Self::Secret(key.k.to_vec())),
            jose_jwk::Key::Ec(key) => {
                let d = secret(key.d)?;
                match key.crv {
                    EcCurves::P256 => Ok(Self::P256(p256::SecretKey::from_slice(&d)?)),
                    EcCurves::P384 => Ok(Self::P384(p384::SecretKey::from_slice(&d)?)),
                    EcCurves::P521 => Ok(Self::P521(p521::SecretKey::from_slice(&d)?)),
                    _ => bail!(NO_KIND),
                }
            }
            jose_jwk::Key::Okp(key) if key.crv == OkpCurves::Ed25519 => {
                Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&array(&secret(key.d)?)?)))
            }
            #[cfg(feature = "rsa-private")]
            jose_jwk::Key::Rsa(key) => {
                let private = key.prv.context("the JWK has no d: it is a public key")?;
                let parts = private.opt.context("the JWK has no primes: p, q, dp, dq and qi are needed")?;
                let number = |bytes: &[u8]| rsa::BoxedUint::from_be_slice_vartime(bytes);
                let primes = vec![number(&parts.p), number(&parts.q)];
                let key = rsa::PrivateKey::from_components(
                    number(&key.n),
                    number(&key.e),
                    number(&private.d),
                    primes,
                );
                Ok(Self::Rsa(Box::new(key.map_err(|fault| anyhow!("not an RSA key: {fault}"))?)))
            }
            _ => bail!(NO_KIND),
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
        match serde_json::to_value(self.material(private)?)? {
            Value::Object(members) => Ok(members),
            _ => bail!("a key is written as an object"),
        }
    }

    /// The key by the types of `jose-jwk`.
    fn material(&self, private: bool) -> Result<jose_jwk::Key> {
        use p256::elliptic_curve::sec1::ToSec1Point as _;
        let point = |crv, sec1: &[u8], d: &[u8]| {
            let (x, y) = sec1.get(1..).unwrap_or_default().split_at(sec1.len() / 2);
            Ec { crv, x: x.to_vec().into(), y: y.to_vec().into(), d: private.then(|| d.to_vec().into()) }
                .into()
        };
        Ok(match self {
            Self::P256(key) => {
                point(EcCurves::P256, key.public_key().to_sec1_point(false).as_bytes(), &key.to_bytes())
            }
            Self::P384(key) => {
                point(EcCurves::P384, key.public_key().to_sec1_point(false).as_bytes(), &key.to_bytes())
            }
            Self::P521(key) => {
                point(EcCurves::P521, key.public_key().to_sec1_point(false).as_bytes(), &key.to_bytes())
            }
            Self::Ed25519(key) => {
                let d = private.then(|| key.as_bytes().to_vec().into());
                Okp { crv: OkpCurves::Ed25519, x: key.verifying_key().as_bytes().to_vec().into(), d }.into()
            }
            Self::Secret(_) if !private => bail!("a shared secret has no public form"),
            Self::Secret(bytes) => Oct { k: bytes.clone().into() }.into(),
            #[cfg(feature = "rsa-private")]
            Self::Rsa(key) => Rsa {
                n: number(key.n()).into(),
                e: number(key.e()).into(),
                prv: private.then(|| rsa_private(key)).transpose()?,
            }
            .into(),
        })
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

/// The numbers of a private RSA key.
#[cfg(feature = "rsa-private")]
fn rsa_private(key: &rsa::PrivateKey) -> Result<jose_jwk::RsaPrivate> {
    let missing = || anyhow!("the RSA key has no precomputed numbers");
    let [p, q] = key.primes() else { bail!("an RSA key of two primes was expected") };
    let opt = jose_jwk::RsaOptional {
        p: number(p).into(),
        q: number(q).into(),
        dp: number(key.dp().ok_or_else(missing)?).into(),
        dq: number(key.dq().ok_or_else(missing)?).into(),
        qi: number(&key.crt_coefficient().ok_or_else(missing)?).into(),
        oth: Vec::new(),
    };
    Ok(jose_jwk::RsaPrivate { d: number(key.d()).into(), opt: Some(opt) })
}

/// A number without leading zeros (RFC 7518 section 2).
#[cfg(feature = "rsa-private")]
fn number(number: &rsa::BoxedUint) -> Vec<u8> {
    number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()
}

fn array(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| anyhow!("a key of 32 bytes was expected"))
}
