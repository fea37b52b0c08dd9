//! New keys for a rotation: made here, or given.

use super::turn::Turning;
use crate::{
    files,
    key::{Key, Purpose},
};
use anyhow::{Context as _, Result, bail};
use handstamp::jose::base64url;
use serde_json::{Map, Value};

const BITS: usize = 2048;
const CURVE: &str = "P-256";

/// A shared secret for an algorithm, in base64url: a new one, or that of `--key`.
pub fn secret(turning: &mut Turning<'_>, alg: &str, enc: Option<&str>) -> Result<String> {
    let key = match &turning.options.key {
        Some(path) => Key::read(&files::read(path)?, Some("base64url"))?,
        None => Key::generate(&Purpose { alg, enc, crv: CURVE, bits: BITS }, &mut turning.entropy)?,
    };
    match key {
        Key::Secret(bytes) => Ok(base64url::encode(&bytes)),
        _ => bail!("{alg} needs a shared secret, not a pair of keys"),
    }
}

/// A pair of keys for an algorithm: the private and the public JWK, with their labels.
pub fn pair(turning: &mut Turning<'_>, alg: &str, labels: &[(&str, &str)]) -> Result<(Value, Value)> {
    let key = match &turning.options.key {
        Some(path) => Key::read(&files::read(path)?, None)?,
        None => Key::generate(&Purpose { alg, enc: None, crv: CURVE, bits: BITS }, &mut turning.entropy)?,
    };
    let half = |private| -> Result<Value> {
        let mut jwk = key.to_jwk(private)?;
        jwk.extend(labels.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))));
        Ok(jwk.into())
    };
    Ok((half(true)?, half(false)?))
}

/// What a file holds that somebody else has made: JSON as it is, any other text without the line break at its end.
pub fn given(turning: &Turning<'_>, what: &str) -> Result<Value> {
    let path = turning.options.key.as_deref().with_context(|| format!("say --key FILE: {what}"))?;
    let text = files::read(path)?;
    let json: Option<Map<String, Value>> = serde_json::from_str(&text).ok();
    Ok(json.map_or_else(|| Value::from(text.trim_end_matches(['\r', '\n'])), Value::Object))
}
