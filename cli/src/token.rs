//! `handstamp token`: sign, encrypt, verify, explain.

use crate::{
    entropy::Entropy,
    files,
    key::Key,
    show,
    sign::{Encryption, Header, encrypt, sign},
};
use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand};
use handstamp::{
    explain::{Verdict, explain},
    json::Value,
    secure_token::{self, Settings},
    time::UnixTime,
};
use serde_json::json;
use std::{path::PathBuf, time::SystemTime};

#[derive(Subcommand)]
pub enum Command {
    /// Sign claims: prints the token.
    Sign {
        /// Private key: JWK, PKCS#8 PEM, or a secret whose --encoding is said.
        #[arg(long)]
        key: PathBuf,
        /// Default: the alg of the JWK.
        #[arg(long)]
        alg: Option<String>,
        #[arg(long)]
        encoding: Option<String>,
        /// Default: the kid of the JWK.
        #[arg(long)]
        kid: Option<String>,
        #[arg(long, default_value = "JWT")]
        typ: String,
        /// Random bytes from a seed, for tests: the salt of a PS signature.
        #[arg(long)]
        seed: Option<String>,
        /// Set iat to now and exp to so many seconds later.
        #[arg(long)]
        expires_in: Option<i64>,
        /// The claims as a JSON file; - is standard input.
        #[arg(default_value = "-")]
        claims: PathBuf,
    },
    /// Encrypt a signed token: prints the encrypted one.
    Encrypt {
        /// A shared secret or the recipient's public key: JWK, PEM, or a secret whose --encoding is said.
        #[arg(long)]
        key: PathBuf,
        #[arg(long)]
        encoding: Option<String>,
        #[arg(long)]
        alg: String,
        #[arg(long)]
        enc: String,
        #[arg(long)]
        kid: Option<String>,
        #[arg(long, default_value = "JWT")]
        cty: String,
        /// Random bytes from a seed, for tests only: an IV must never repeat under one key.
        #[arg(long)]
        seed: Option<String>,
        /// The token; without it, that of standard input.
        token: Option<String>,
    },
    /// Verify a token: prints header and claims.
    Verify(Verification),
    /// Say why a token is refused, or what is remarkable about it.
    Explain(Verification),
}

#[derive(Args)]
pub struct Verification {
    /// The settings of the secure token (or an account document) as a JSON file.
    #[arg(long, required_unless_present = "key")]
    settings: Option<PathBuf>,
    /// Instead of settings: a public key or JWKS file, or a secret whose --encoding is said.
    #[arg(long, conflicts_with = "settings")]
    key: Option<PathBuf>,
    /// The algorithm of --key.
    #[arg(long, requires = "key")]
    alg: Option<String>,
    #[arg(long, requires = "key")]
    encoding: Option<String>,
    /// The campaign that is opened.
    #[arg(long)]
    campaign: Option<String>,
    /// The time that it is, in seconds since 1970.
    #[arg(long)]
    now: Option<i64>,
    /// The token; without it, that of standard input.
    token: Option<String>,
}

pub fn run(command: Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Sign { key, alg, encoding, kid, typ, seed, expires_in, claims } => {
            let text = files::read(&key)?;
            let jwk: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let stated = |name: &str| jwk[name].as_str().map(str::to_owned);
            let Some(alg) = alg.or_else(|| stated("alg")) else { bail!("say --alg: the key names none") };
            let kid = kid.or_else(|| stated("kid"));
            let mut claims = files::read_json(&claims)?;
            if let Some(seconds) = expires_in {
                let now = now();
                claims["iat"] = now.into();
                claims["exp"] = now.saturating_add(seconds).into();
            }
            let key = Key::read(&text, encoding.as_deref())?;
            let header = Header { alg: &alg, kid: kid.as_deref(), typ: Some(&typ) };
            let token =
                sign(claims.to_string().as_bytes(), &key, &header, &mut Entropy::new(seed.as_deref())?)?;
            print(&token, as_json)
        }
        Command::Encrypt { key, encoding, alg, enc, kid, cty, seed, token } => {
            let token = files::token(token)?;
            let key = setting_of_key(&files::read(&key)?, encoding.as_deref());
            let with = Encryption { alg: &alg, enc: &enc, kid: kid.as_deref(), cty: Some(&cty) };
            print(&encrypt(token.as_bytes(), &key, &with, &mut Entropy::new(seed.as_deref())?)?, as_json)
        }
        Command::Verify(verification) => {
            let (settings, token, now) = verification.read()?;
            match secure_token::verify(&settings, &token, now) {
                Ok((header, valid)) => {
                    let claims: serde_json::Value = serde_json::from_str(valid.text())?;
                    let header: serde_json::Value =
                        serde_json::from_str(&Value::from(header.members().clone()).to_text())?;
                    show::document(&json!({ "header": header, "claims": claims }), as_json);
                    Ok(true)
                }
                Err(fault) => {
                    show::refusal(&fault, as_json);
                    Ok(false)
                }
            }
        }
        Command::Explain(verification) => {
            let campaign = verification.campaign.clone();
            let (settings, token, now) = verification.read()?;
            let report = explain(&settings, &token, campaign.as_deref(), now);
            show::report(&report, as_json);
            Ok(report.verdict() == Verdict::Accepted)
        }
    }
}

impl Verification {
    fn read(self) -> Result<(Settings, String, UnixTime)> {
        let document = match (&self.settings, &self.key) {
            (Some(path), _) => {
                let mut document = files::read_json(path)?;
                // An account document holds the settings among others.
                if document.get("secureToken").is_some() { document["secureToken"].take() } else { document }
            }
            (None, Some(path)) => json!({ "verify": self.source(&files::read(path)?)? }),
            (None, None) => bail!("say --settings or --key"),
        };
        let settings = Settings::parse(document.to_string().as_bytes());
        let settings = settings.map_err(|fault| anyhow!("{}: {fault}", fault.code().as_str()))?;
        let now = self.now.unwrap_or_else(now);
        Ok((settings, files::token(self.token)?, UnixTime(now)))
    }

    /// A key file as a source of keys.
    fn source(&self, text: &str) -> Result<serde_json::Value> {
        let document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        if document.get("keys").is_some() {
            return Ok(json!({ "method": "jwks", "keys": document }));
        }
        let alg = self.alg.clone().or_else(|| document["alg"].as_str().map(str::to_owned));
        let Some(alg) = alg else { bail!("say --alg: the key names none") };
        let mut source = setting_of_key(text, self.encoding.as_deref());
        source["method"] = if alg.starts_with("HS") { "symmetricKey" } else { "publicKey" }.into();
        source["alg"] = alg.into();
        Ok(source)
    }
}

/// A key file as settings write a key: `{ key, encoding? }`.
fn setting_of_key(text: &str, encoding: Option<&str>) -> serde_json::Value {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(jwk) if jwk.is_object() => json!({ "key": jwk }),
        _ if text.contains("-----BEGIN") => json!({ "key": text }),
        // The line break that a file ends with is none of the secret.
        _ => {
            let secret = text.strip_suffix('\n').unwrap_or(text);
            match encoding {
                Some(encoding) => json!({ "key": secret, "encoding": encoding }),
                None => json!({ "key": secret }),
            }
        }
    }
}

/// Seconds since 1970.
pub fn now() -> i64 {
    UnixTime::from(SystemTime::now()).0
}

fn print(token: &str, as_json: bool) -> Result<bool> {
    if as_json {
        show::document(&json!({ "token": token }), true);
    } else {
        anstream::println!("{token}");
    }
    Ok(true)
}
