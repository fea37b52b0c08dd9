//! The secure token: a handle on prepared settings, and what is asked of it.

use super::convert::{
    Returned, answer, asked, asking, count, host as host_of, json, numbered, refusal, time, token,
};
use super::remembered::fields;
use crate::admission::{Admission, Provenance, remark_to_json};
use crate::claims::ValidText;
use crate::jose::header::Header;
use crate::jose::host::Host;
use crate::jose::nested::Opened;
use crate::json::{Object, Value};
use crate::profile::Fields;
use crate::secure_token::{self, AdmitOptions, Pending, Refused, Settings, Waiting};
use crate::{Code, Result, explain};
use alloc::{format, string::String, vec::Vec};
use core::cell::RefCell;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Settings with their keys prepared, and the tokens that wait for the host.
#[wasm_bindgen]
pub struct Verifier {
    pub(super) settings: Settings,
    pub(super) waiting: RefCell<Waiting>,
}

#[wasm_bindgen]
impl Verifier {
    /// Reads the settings.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &[u8]) -> core::result::Result<Verifier, JsValue> {
        Settings::parse(settings)
            .map(|settings| Self { settings, waiting: RefCell::default() })
            .map_err(refusal)
    }

    /// Returns the admission, with `provenance` added.
    pub fn admit(
        &self,
        compact: &[u8],
        campaign_id: &str,
        now: f64,
        participations: Option<f64>,
        form: Option<String>,
        host: Option<String>,
    ) -> Returned {
        let form = fields(form).map_err(refusal)?;
        let options = options(campaign_id, now, participations, form.as_deref());
        asking(host, |host| {
            let admission = secure_token::admit_by(&self.settings, token(compact)?, &options, host);
            admission.map(|admission| whole(&admission))
        })
    }

    /// Returns an admission completed with the profile that it asked for.
    pub fn complete(&self, admission: &str, profile: &str, form: Option<String>) -> Returned {
        let complete = || {
            let form = fields(form)?;
            secure_token::complete(
                read(admission)?,
                &json(profile)?,
                self.settings.mapping(),
                form.as_deref(),
            )
        };
        answer(complete().map(|admission| whole(&admission)))
    }

    /// Encryption, signature and standard claims: `{ header, source, warnings }`, and on the next line the claims as they
    /// were signed. Of a token that came readable and without warnings, its source alone instead: the header is there
    /// for everybody to read.
    pub fn verify(&self, compact: &[u8], now: f64, host: Option<String>) -> Returned {
        let mut host = host_of(host).map_err(refusal)?;
        let opened = token(compact).and_then(|token| secure_token::open_by(&self.settings, token, &mut host));
        match host.take_operation() {
            Some(operation) => Ok(asked(operation)),
            None => opened.and_then(|opened| self.verified(opened, now)).map_err(refusal),
        }
    }

    /// Begins to verify for a host that has answered nothing yet, told as [`Host::from_bits`] has it: what `verify` says
    /// where the module needs nobody else; nothing where the token waits under [`Verifier::number`] for the host to decrypt
    /// it or to compute its signature; or else `{ operation }`.
    #[wasm_bindgen(js_name = beginVerify)]
    pub fn begin_verify(&self, compact: &[u8], host: u32, now: f64) -> Returned {
        self.begin(compact, host, |pending| self.verified_if(pending, true, now))
    }

    /// Returns the result of `verify` with the host's answer to the token of that number; nothing if it is not enough.
    #[wasm_bindgen(js_name = finishVerify)]
    pub fn finish_verify(&self, number: f64, good: bool, now: f64) -> Returned {
        self.finish(number, |pending| self.verified_if(pending, good, now))
    }

    /// Begins to admit, as [`Verifier::begin_verify`] begins to verify.
    #[wasm_bindgen(js_name = beginAdmit)]
    pub fn begin_admit(
        &self,
        compact: &[u8],
        host: u32,
        campaign_id: &str,
        now: f64,
        participations: Option<f64>,
        form: Option<String>,
    ) -> Returned {
        self.begin(compact, host, |pending| {
            self.admitted_if(pending, true, campaign_id, now, participations, form)
        })
    }

    /// Returns the result of `admit` with the host's answer to the token of that number; nothing if it is not enough.
    #[wasm_bindgen(js_name = finishAdmit)]
    pub fn finish_admit(
        &self,
        number: f64,
        good: bool,
        campaign_id: &str,
        now: f64,
        participations: Option<f64>,
        form: Option<String>,
    ) -> Returned {
        self.finish(number, |pending| self.admitted_if(pending, good, campaign_id, now, participations, form))
    }

    /// The event for the machine of `keySetNext` that a refusal is, by its code: text, or `null` where newer keys cannot
    /// lift it.
    #[wasm_bindgen(js_name = newerKeys)]
    pub fn newer_keys(
        &self,
        compact: &[u8],
        refusal: &str,
        campaign_id: Option<String>,
        now: f64,
        host: Option<String>,
    ) -> Returned {
        asking(host, |host| {
            let known = Code::ALL.iter().find(|code| code.as_str() == refusal);
            let Some(code) = known else { return Ok(Value::Null) };
            let refused = Refused { token: token(compact)?, code: *code };
            let campaign = campaign_id.as_deref();
            let event = secure_token::newer_keys(&self.settings, refused, campaign, time(now), host)?;
            Ok(event.map_or(Value::Null, Value::from))
        })
    }

    /// Every check with its outcome, without the words of the catalogue.
    pub fn explain(
        &self,
        compact: &[u8],
        campaign_id: Option<String>,
        now: f64,
        host: Option<String>,
    ) -> Returned {
        asking(host, |host| {
            let campaign = campaign_id.as_deref();
            Ok(explain::explain_by(&self.settings, token(compact)?, campaign, time(now), host).outline())
        })
    }

    /// Returns the key sets that are given by address: `[{ index, url }]`.
    #[wasm_bindgen(js_name = keySetUrls)]
    pub fn key_set_urls(&self) -> String {
        let urls = self.settings.sources().iter().enumerate().filter_map(|(index, source)| {
            let mut out = Object::new();
            out.set("index", i64::try_from(index).ok()?);
            out.set("url", source.url()?);
            Some(Value::from(out))
        });
        Value::Array(urls.collect()).to_text()
    }

    /// Installs a key set that was fetched: the warnings.
    #[wasm_bindgen(js_name = installKeySet)]
    pub fn install_key_set(&mut self, index: usize, text: &[u8]) -> Returned {
        answer(
            self.settings
                .install(index, text)
                .map(|remarks| remarks.iter().map(remark_to_json).collect::<Vec<_>>()),
        )
    }
}

impl Verifier {
    fn verified(&self, opened: Opened, now: f64) -> Result<String> {
        let encrypted = opened.encrypted;
        let (header, valid) = secure_token::verify_opened(&self.settings, opened, time(now))?;
        Ok(verified(&header, valid, encrypted))
    }

    /// Takes a token apart; `alone` says what comes of it where nobody else is needed.
    fn begin(
        &self,
        compact: &[u8],
        host: u32,
        alone: impl FnOnce(Pending) -> Result<Option<String>>,
    ) -> Returned {
        let mut host = Host::from_bits(host);
        let begun = token(compact).and_then(|token| secure_token::begin(&self.settings, token, &mut host));
        if let Some(operation) = host.take_operation() {
            return Ok(asked(operation));
        }
        let pending = begun.map_err(refusal)?;
        if !pending.is_asking() {
            return alone(pending).map(Option::unwrap_or_default).map_err(refusal);
        }
        self.waiting.borrow_mut().keep(pending);
        Ok(String::new())
    }

    /// Takes what waits under that number; nothing where it is gone.
    fn finish(&self, number: f64, answered: impl FnOnce(Pending) -> Result<Option<String>>) -> Returned {
        let Some(pending) = self.waiting.borrow_mut().take(numbered(number)) else {
            return Ok(String::new());
        };
        answered(pending).map(Option::unwrap_or_default).map_err(refusal)
    }

    fn verified_if(&self, pending: Pending, good: bool, now: f64) -> Result<Option<String>> {
        let found = pending.verify(good, &self.settings, time(now))?;
        Ok(found.map(|(header, valid, encrypted)| verified(&header, valid, encrypted)))
    }

    fn admitted_if(
        &self,
        pending: Pending,
        good: bool,
        campaign_id: &str,
        now: f64,
        participations: Option<f64>,
        form: Option<String>,
    ) -> Result<Option<String>> {
        let form = fields(form)?;
        let options = options(campaign_id, now, participations, form.as_deref());
        let admission = pending.admit(good, &self.settings, &options)?;
        Ok(admission.map(|admission| Value::from(whole(&admission)).to_text()))
    }
}

/// Gathers what a token is judged for from the plain values of the boundary.
fn options<'a>(
    campaign_id: &'a str,
    now: f64,
    participations: Option<f64>,
    fields: Option<&'a Fields>,
) -> AdmitOptions<'a> {
    let mut options = AdmitOptions::new(campaign_id, time(now));
    (options.participations, options.fields) = (count(participations), fields);
    options
}

/// The result of a verification, as a string.
fn verified(header: &Header, valid: ValidText, encrypted: bool) -> String {
    let mut out = match encrypted || !valid.remarks.is_empty() {
        true => {
            let mut out = Object::new();
            out.set("header", header.members().clone());
            out.set_some("source", i64::try_from(valid.source).ok());
            out.set("warnings", valid.remarks.iter().map(remark_to_json).collect::<Vec<_>>());
            Value::from(out).to_text()
        }
        false => format!("{}", valid.source),
    };
    out.push('\n');
    out.push_str(&valid.text);
    out
}

/// Returns the header and claims of a token, not verified.
#[wasm_bindgen]
pub fn inspect(compact: &[u8]) -> Returned {
    answer(token(compact).map(explain::inspect))
}

/// An admission with what it rests on.
fn whole(admission: &Admission) -> Object {
    let mut out = admission.to_json();
    out.set("provenance", admission.provenance.to_json());
    out
}

/// Reads what [`whole`] wrote.
pub(super) fn read(text: &str) -> Result<Admission> {
    let value = json(text)?;
    let provenance = value.as_object().and_then(|members| members.get("provenance"));
    let provenance = provenance.map(|value| Provenance::from_json(value, "/provenance")).transpose()?;
    Admission::from_json(&value, provenance.unwrap_or_default())
}
