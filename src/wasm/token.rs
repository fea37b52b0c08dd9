//! The secure token: a handle on prepared settings, and what is asked of it.

use super::convert::{Answer, answer, asking, count, fields, json, refusal, time, token};
use crate::admission::{Admission, Provenance, remark_to_json};
use crate::json::{Object, Value};
use crate::secure_token::{self, Settings};
use crate::{Result, explain};
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Settings with their keys prepared.
#[wasm_bindgen]
pub struct Verifier(Settings);

#[wasm_bindgen]
impl Verifier {
    /// Reads the settings.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &[u8]) -> core::result::Result<Verifier, JsValue> {
        Settings::parse(settings).map(Self).map_err(refusal)
    }

    /// The admission, with `provenance` added.
    pub fn admit(
        &self,
        compact: &[u8],
        campaign_id: &str,
        now: f64,
        participations: Option<f64>,
        form: Option<String>,
        host: Option<String>,
    ) -> Answer {
        let (form, count) = (fields(form).map_err(refusal)?, count(participations));
        let campaign = (campaign_id, form.as_ref());
        asking(host, |host| {
            let admission =
                secure_token::admit_by(&self.0, token(compact)?, campaign, time(now), count, host);
            admission.map(|admission| whole(&admission))
        })
    }

    /// An admission completed with the profile that it asked for.
    pub fn complete(&self, admission: &str, profile: &str, form: Option<String>) -> Answer {
        let complete = || {
            let form = fields(form)?;
            secure_token::complete(read(admission)?, &json(profile)?, self.0.mapping(), form.as_ref())
        };
        answer(complete().map(|admission| whole(&admission)))
    }

    /// Encryption, signature and standard claims: `{ header, source, warnings }`, and on the next line the claims as they
    /// were signed.
    pub fn verify(&self, compact: &[u8], now: f64, host: Option<String>) -> Answer {
        let mut claims = String::new();
        let answer = asking(host, |host| {
            let (header, valid) = secure_token::verify_text_by(&self.0, token(compact)?, time(now), host)?;
            let mut out = Object::new();
            out.set("header", header.members().clone());
            out.set_some("source", i64::try_from(valid.source).ok());
            out.set("warnings", valid.remarks.iter().map(remark_to_json).collect::<Vec<_>>());
            claims = valid.text;
            Ok(out)
        });
        answer.map(|mut answer| {
            if !claims.is_empty() {
                answer.push('\n');
                answer.push_str(&claims);
            }
            answer
        })
    }

    /// Whether only its signature stands against a token: `true` or `false`.
    #[wasm_bindgen(js_name = wouldPass)]
    pub fn would_pass(
        &self,
        compact: &[u8],
        campaign_id: Option<String>,
        now: f64,
        host: Option<String>,
    ) -> Answer {
        asking(host, |host| {
            let campaign = campaign_id.as_deref();
            secure_token::would_pass(&self.0, token(compact)?, campaign, time(now), host).map(Value::Bool)
        })
    }

    /// Every check with its outcome, without the words of the catalogue.
    pub fn explain(
        &self,
        compact: &[u8],
        campaign_id: Option<String>,
        now: f64,
        host: Option<String>,
    ) -> Answer {
        asking(host, |host| {
            let campaign = campaign_id.as_deref();
            Ok(explain::explain_by(&self.0, token(compact)?, campaign, time(now), host).outline())
        })
    }

    /// The key sets that are given by address: `[{ index, url }]`.
    #[wasm_bindgen(js_name = keySetUrls)]
    pub fn key_set_urls(&self) -> String {
        let urls = self.0.sources().iter().enumerate().filter_map(|(index, source)| {
            let mut out = Object::new();
            out.set("index", i64::try_from(index).ok()?);
            out.set("url", source.url()?);
            Some(Value::from(out))
        });
        Value::Array(urls.collect()).to_text()
    }

    /// Installs a key set that was fetched: the warnings.
    #[wasm_bindgen(js_name = installKeySet)]
    pub fn install_key_set(&mut self, index: usize, text: &[u8]) -> Answer {
        answer(
            self.0.install(index, text).map(|remarks| remarks.iter().map(remark_to_json).collect::<Vec<_>>()),
        )
    }
}

/// What a token says of itself.
#[wasm_bindgen]
pub fn inspect(compact: &[u8]) -> Answer {
    answer(token(compact).map(explain::inspect))
}

/// An admission with what it rests on.
fn whole(admission: &Admission) -> Object {
    let mut out = admission.to_json();
    out.set("provenance", admission.provenance.to_json());
    out
}

fn read(text: &str) -> Result<Admission> {
    let value = json(text)?;
    let provenance = value.as_object().and_then(|members| members.get("provenance"));
    let provenance = provenance.map(|value| Provenance::from_json(value, "/provenance")).transpose()?;
    Admission::from_json(&value, provenance.unwrap_or_default())
}
