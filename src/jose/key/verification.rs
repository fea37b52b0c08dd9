//! A verification key: its material, its name, and the algorithms it may serve. One key, one algorithm
//! (RFC 8725 section 3.1): the token's header only picks among the rows that the key already has.

use super::{disguise, jwk, pem, thumbprint::Thumbprint};
#[cfg(feature = "whole")]
use crate::jose::{
    algorithm::ecdsa,
    host::{Outcome, Work, checks},
};
use crate::{
    Code, Error, Result, bounds,
    jose::{
        algorithm::{Signature, material::Material},
        header,
        host::{self, Host},
    },
    json::{Object, Value},
    secret::Secret,
};
use alloc::{borrow::ToOwned, string::String, sync::Arc, vec::Vec};

/// A signature, and what it is to be one of.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    pub alg: Signature,
    pub message: &'a [u8],
    pub signature: &'a [u8],
}

/// A key that is ready to verify.
#[derive(Clone, Debug)]
pub struct Key {
    kid: Option<String>,
    rows: Vec<Signature>,
    material: Arc<Material>,
    thumbprint: Thumbprint,
    short_coordinate: Option<&'static str>,
}

impl Key {
    /// Parses a public key from PEM text.
    ///
    /// # Errors
    /// Those of [`pem::read`]; `key_wrong_type` if the key does not fit the algorithm.
    pub fn from_pem(text: &str, alg: Signature) -> Result<Self> {
        let material = pem::read(text)?;
        fits(&material, alg)?;
        Ok(Self::new(None, alloc::vec![alg], material))
    }

    /// Returns a key from a JWK. With `alg` it serves that row alone; without, the row that it names itself, or else
    /// every row of its kind.
    ///
    /// # Errors
    /// Those of the JWK (RFC 7517, RFC 7518 section 6); `key_use` if `use`, `key_ops` or `alg` say that it is not meant for this;
    /// `key_wrong_type` if it does not fit; `key_too_short` for a secret.
    pub fn from_jwk(members: &Object, alg: Option<Signature>, allow_short: bool) -> Result<Self> {
        let allowed = match alg {
            Some(_) => alg.as_slice(),
            None => Signature::ALL,
        };
        let key = Self::from_jwk_within(members, allowed, allow_short)?;
        if !key.rows.is_empty() {
            return Ok(key);
        }
        let unfit =
            alg.map(|alg| fits(&key.material, alg).err().unwrap_or_else(|| key_use("/alg", alg.name())));
        Err(unfit.unwrap_or_else(|| Error::new(Code::KeyWrongType)))
    }

    /// A key from a JWK with the rows among `allowed` that it may serve, which can be none.
    pub(super) fn from_jwk_within(
        members: &Object,
        allowed: &[Signature],
        allow_short: bool,
    ) -> Result<Self> {
        let named = purpose(members)?;
        let kid = members.get("kid").map(|kid| check_kid(kid)).transpose()?;
        let material = jwk::read(members)?;
        if let Some(named) = named {
            fits(&material, named).map_err(|error| error.at("/alg"))?;
        }
        let mut rows = allowed.to_vec();
        rows.retain(|row| {
            row.is_served() && row.kind() == material.kind() && named.is_none_or(|named| named == *row)
        });
        if let Material::Secret(secret) = &material {
            if secret_is_blank(secret) {
                return Err(blank().at("/k"));
            }
            let fault = rows.iter().map(|row| long_enough(secret, *row, allow_short)).find_map(Result::err);
            rows.retain(|row| long_enough(secret, *row, allow_short).is_ok());
            if let (true, Some(fault)) = (rows.is_empty(), fault) {
                return Err(fault.at("/k"));
            }
        }
        let short_coordinate = match &material {
            Material::Ec(key) => jwk::short_coordinate(members, key.point()),
            _ => None,
        };
        Ok(Self { short_coordinate, ..Self::new(kid.map(ToOwned::to_owned), rows, material) })
    }

    /// Creates a shared secret.
    ///
    /// # Errors
    /// `key_is_pem` and `key_is_public` for a public key in disguise, `key_wrong_type` for an algorithm that is not HMAC,
    /// `key_too_short` for fewer bytes than the hash has; with `allow_short`, fewer than 16.
    pub fn from_secret(bytes: &[u8], alg: Signature, allow_short: bool) -> Result<Self> {
        disguise::check(bytes)?;
        let secret = Secret::new(bytes);
        if secret_is_blank(&secret) {
            return Err(blank());
        }
        let material = Material::Secret(secret.clone());
        fits(&material, alg)?;
        long_enough(&secret, alg, allow_short)?;
        Ok(Self::new(None, alloc::vec![alg], material))
    }

    fn new(kid: Option<String>, rows: Vec<Signature>, material: Material) -> Self {
        let thumbprint = Thumbprint::of(&material);
        Self { kid, rows, thumbprint, material: Arc::new(material), short_coordinate: None }
    }

    /// Returns the key's name in its set.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns the rows it may serve.
    pub fn rows(&self) -> &[Signature] {
        &self.rows
    }

    /// Checks whether it may serve a row.
    pub fn serves(&self, alg: Signature) -> bool {
        self.rows.contains(&alg)
    }

    /// Returns the thumbprint of a public key (RFC 7638 with SHA-256): its name where it has no other.
    ///
    /// ```
    /// use handstamp::{jose::{Signature, key::Key}, json::Value};
    /// let jwk = br#"{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }"#;
    /// let key = Key::from_jwk(&Value::parse_object(jwk)?, Some(Signature::EDDSA), false)?;
    /// assert_eq!(key.thumbprint().as_deref(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")); // RFC 8037 A.3
    /// # Ok::<(), handstamp::Error>(())
    /// ```
    pub fn thumbprint(&self) -> Option<String> {
        (!self.is_symmetric()).then(|| self.thumbprint.to_text())
    }

    /// The thumbprint of any key, to compare keys by.
    pub(crate) const fn known_by(&self) -> Thumbprint {
        self.thumbprint
    }

    /// Checks whether it is a shared secret.
    pub fn is_symmetric(&self) -> bool {
        self.secret().is_some()
    }

    /// Checks whether it is a secret shorter than the hash it serves: allowed by the settings, worth a warning.
    pub fn is_short(&self) -> bool {
        self.secret().is_some_and(|secret| self.rows.iter().any(|row| secret.len() < row.hash_bytes()))
    }

    /// Returns the coordinate that its JWK writes without the leading zeros, worth a warning.
    pub const fn short_coordinate(&self) -> Option<&'static str> {
        self.short_coordinate
    }

    /// Checks a signature over a message.
    ///
    /// # Errors
    /// `alg_not_allowed` for a row that the key does not serve, `sync_unsupported` for one that is not computed
    /// here, `signature_invalid` without any detail.
    pub fn verify(&self, alg: Signature, message: &[u8], signature: &[u8]) -> Result<()> {
        let signed = Signed { alg, message, signature };
        host::here(self.verifying(signed, None, &Host::none()))
    }

    /// Checks a signature by the module, or by the host, which may know the key by its place.
    ///
    /// # Errors
    /// As [`verify`](Self::verify), and `needs_webcrypto` where neither can.
    pub(crate) async fn verifying(
        &self,
        Signed { alg, message, signature }: Signed<'_>,
        place: Option<u32>,
        host: &Host,
    ) -> Result<()> {
        if !self.serves(alg) {
            return Err(self.not_served(alg));
        }
        #[cfg(feature = "whole")]
        let good = {
            let work = checks::work(alg, &self.material, message);
            let prepared = work.name == checks::PREPARED;
            let handover = || checks::verification(alg, &self.material, place, message, signature);
            let outcome = host.compute(alg.is_computed(), work, &handover).await;
            match outcome.map_err(|error| error.at("header/alg").got(alg.name()))? {
                Outcome::Here => self.computed(alg, message, signature, prepared.then_some(host)).await?,
                Outcome::Flag(good) => good,
                Outcome::Bytes(_) => false,
            }
        };
        // The small module has no host, and no code for one.
        #[cfg(not(feature = "whole"))]
        let good = {
            let _ = (place, host);
            alg.verify(&self.material, message, signature)
        };
        if good { Ok(()) } else { Err(Error::new(Code::SignatureInvalid)) }
    }

    /// Computes a signature in the module. With a prepared key, hashing is most of a long message: the host may do that.
    #[cfg(feature = "whole")]
    async fn computed(
        &self,
        alg: Signature,
        message: &[u8],
        signature: &[u8],
        hashes: Option<&Host>,
    ) -> Result<bool> {
        if let (Some(host), Material::Ec(key)) = (hashes, self.material.as_ref()) {
            let work = Work { name: "SHA-256", bytes: message.len() };
            let hash = host.compute(true, work, &|| checks::digest(message)).await?;
            if let Outcome::Bytes(hash) = hash
                && let Some(good) = ecdsa::verify_hash(key, &hash, signature)
            {
                return Ok(good);
            }
        }
        Ok(alg.verify(&self.material, message, signature))
    }

    /// Signs a message with a shared secret.
    ///
    /// # Errors
    /// `alg_not_allowed` for a row that the key does not serve, `key_wrong_type` for a public key.
    pub(in crate::jose) fn sign(&self, alg: Signature, message: &[u8]) -> Result<Vec<u8>> {
        if !self.serves(alg) {
            return Err(self.not_served(alg));
        }
        let signature = self.secret().and_then(|secret| alg.sign(secret, message));
        signature.ok_or_else(|| Error::new(Code::KeyWrongType).expected("a shared secret"))
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    pub(crate) fn secret(&self) -> Option<&Secret> {
        if let Material::Secret(secret) = self.material() { Some(secret) } else { None }
    }

    pub(super) fn not_served(&self, alg: Signature) -> Error {
        let names = || self.rows.iter().map(|row| row.name()).collect::<Vec<_>>();
        Error::new(Code::AlgNotAllowed)
            .at("header/alg")
            .expected(told!("{}", names().join(" or ")))
            .got(alg.name())
    }
}

/// Checks the name of a key.
fn check_kid(kid: &Value) -> Result<&str> {
    header::check_kid(kid).map_err(|error| {
        let fault = Error::new(Code::KeyInvalid).at("/kid").expected("a string of 1 to 256 characters");
        fault.got(error.detail().and_then(|detail| detail.got.as_deref()).unwrap_or_default())
    })
}

/// Checks `use`, `key_ops` and `alg` of a JWK (RFC 7517 section 4); the row that it names.
fn purpose(members: &Object) -> Result<Option<Signature>> {
    jwk::check_purpose(members, "sig", &["verify"])?;
    match members.get("alg") {
        None => Ok(None),
        Some(alg) => {
            let row = alg.as_str().and_then(Signature::from_name);
            row.map(Some).ok_or_else(|| key_use("/alg", "a signature algorithm"))
        }
    }
}

fn key_use(place: &str, expected: &str) -> Error {
    Error::new(Code::KeyUse).at(place).expected(expected)
}

fn fits(material: &Material, alg: Signature) -> Result<()> {
    if alg.kind() == material.kind() {
        return Ok(());
    }
    let expected = told!("{} for {}", alg.kind().as_str(), alg.name());
    Err(Error::new(Code::KeyWrongType).expected(expected).got(material.kind().as_str()))
}

fn long_enough(secret: &Secret, alg: Signature, allow_short: bool) -> Result<()> {
    let least = if allow_short { bounds::SHORT_SECRET_BYTES } else { alg.hash_bytes() };
    if secret.len() >= least {
        return Ok(());
    }
    let got = told!("{} bytes", secret.len());
    Err(Error::new(Code::KeyTooShort).expected(told!("at least {least} bytes for {}", alg.name())).got(got))
}

/// A placeholder that was never filled in is long enough and still no secret.
fn secret_is_blank(secret: &Secret) -> bool {
    secret.expose().iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
}

fn blank() -> Error {
    Error::new(Code::KeyTooShort).expected("a secret").got("only spaces or zero bytes")
}
