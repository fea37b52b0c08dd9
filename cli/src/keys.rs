//! `handstamp keys`: new keys for signing and encrypting, and their rotation.

use crate::{
    entropy::Entropy,
    key::{Key, Purpose},
    rotate,
};
use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

#[derive(Subcommand)]
pub enum Command {
    /// Make a key for an algorithm and print it.
    Generate {
        /// HS256 … EdDSA to sign; dir, A256KW, A256GCMKW, RSA-OAEP-256, ECDH-ES … to encrypt.
        #[arg(long)]
        alg: String,
        /// Content encryption, for dir.
        #[arg(long)]
        enc: Option<String>,
        /// Name of the key.
        #[arg(long)]
        kid: Option<String>,
        /// Curve of an ECDH-ES key.
        #[arg(long, default_value = "P-256")]
        crv: String,
        /// Size of an RSA key.
        #[arg(long, default_value_t = 2048)]
        bits: usize,
        #[arg(long, value_enum, default_value_t = Form::Jwk)]
        form: Form,
        /// Print the public half only.
        #[arg(long)]
        public: bool,
        /// Make the same key again for the same seed: for tests, never for a real key.
        #[arg(long)]
        seed: Option<String>,
    },
    /// Print the public half of a private key, with the kid, alg and use of a JWK.
    Public {
        /// A JWK or PEM file; - is standard input.
        key: std::path::PathBuf,
        /// Name of the key, where it has none or shall have another.
        #[arg(long)]
        kid: Option<String>,
        #[arg(long, value_enum, default_value_t = Form::Jwk)]
        form: Form,
    },
    /// Rotate keys without refusing anybody: one step of it, or where it stands.
    Rotate(rotate::Options),
}

/// How a key is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A JSON Web Key (RFC 7517).
    Jwk,
    /// A set of this one key, to be published.
    Jwks,
    /// PEM: PKCS#8, or SPKI for the public half.
    Pem,
}

pub fn run(command: &Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Rotate(options) => rotate::run(options, as_json),
        Command::Generate { alg, enc, kid, crv, bits, form, public, seed } => {
            let mut entropy = Entropy::new(seed.as_deref())?;
            let purpose = Purpose { alg, enc: enc.as_deref(), crv, bits: *bits };
            let key = Key::generate(&purpose, &mut entropy)?;
            let signs =
                !alg.contains("KW") && !["dir", "ECDH-ES"].contains(&alg.as_str()) && !alg.contains("OAEP");
            let labels = [
                ("kid", kid.as_deref()),
                ("alg", Some(alg)),
                ("use", Some(if signs { "sig" } else { "enc" })),
            ];
            print(&key, *form, !*public && *form != Form::Jwks, &labels)
        }
        Command::Public { key, kid, form } => {
            let text = crate::files::read(key)?;
            let jwk: Value = serde_json::from_str(&text).unwrap_or_default();
            let label = |name| (name, jwk[name].as_str());
            let named = ("kid", kid.as_deref().or(jwk["kid"].as_str()));
            print(&Key::read(&text, None)?, *form, false, &[named, label("alg"), label("use")])
        }
    }
}

fn print(key: &Key, form: Form, private: bool, labels: &[(&str, Option<&str>)]) -> Result<bool> {
    if form == Form::Pem {
        anstream::print!("{}", key.to_pem(private)?);
        return Ok(true);
    }
    let mut jwk = key.to_jwk(private)?;
    for (name, value) in labels {
        if let Some(value) = value {
            jwk.insert((*name).to_owned(), Value::from(*value));
        }
    }
    if form == Form::Jwks && !jwk.contains_key("kid") {
        bail!("a key in a set needs a --kid: tokens name it");
    }
    let document = if form == Form::Jwks { json!({ "keys": [jwk] }) } else { jwk.into() };
    anstream::println!("{document:#}");
    Ok(true)
}
