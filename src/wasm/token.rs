//! The secure token: a handle on prepared settings, and what is asked of it. The token is the one in the room; the host is
//! told as [`Host::from_bits`] has it.

use super::convert::{Returned, answer, count, json, refusal, time};
use super::exchange::{Said, about_token};
use super::remembered::fields;
use crate::admission::{Admission, Provenance, remark_to_json};
use crate::claims::ValidText;
use crate::jose::{Header, Host};
use crate::json::{Object, Value};
use crate::profile::Fields;
use crate::secure_token::{self, AdmitOptions, Refused, Settings};
use crate::{Code, Result, explain};
use alloc::{rc::Rc, string::String, vec::Vec};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Settings with their keys prepared. A call that waits goes on with the keys that it has begun with.
#[wasm_bindgen]
pub struct Verifier {
    settings: Rc<Settings>,
}

#[wasm_bindgen]
impl Verifier {
    /// Reads the settings.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &[u8]) -> core::result::Result<Verifier, JsValue> {
        Settings::parse(settings).map(|settings| Self { settings: Rc::new(settings) }).map_err(refusal)
    }

    /// Returns the admission, with `provenance` added.
    pub fn admit(
        &self,
        length: usize,
        host: u32,
        campaign_id: String,
        now: f64,
        participations: Option<f64>,
        form: Option<String>,
    ) -> u32 {
        let settings = Rc::clone(&self.settings);
        about_token(length, Host::from_bits(host), |token, host| async move {
            let form = fields(form)?;
            let options = options(&campaign_id, now, participations, form.as_deref());
            let admission = secure_token::admitting(&settings, &token, &options, &host).await?;
            Ok(whole(&admission).into())
        })
    }

    /// Returns an admission completed with the profile that it asked for.
    pub fn complete(&self, admission: &str, profile: &str, form: Option<String>) -> Returned {
        let complete = || {
            let form = fields(form)?;
            secure_token::complete(read(admission)?, &json(profile)?, &self.settings, form.as_deref())
        };
        answer(complete().map(|admission| whole(&admission)))
    }

    /// Encryption, signature and standard claims: `{ header, source, warnings }`, and on the next line the claims as they
    /// were signed. Of a token that came readable and without warnings, its source and claims alone: the header is there
    /// for everybody to read.
    pub fn verify(&self, length: usize, host: u32, now: f64) -> u32 {
        let settings = Rc::clone(&self.settings);
        about_token(length, Host::from_bits(host), |token, host| async move {
            let opened = secure_token::opening(&settings, &token, &host).await?;
            let encrypted = opened.encrypted;
            let (header, valid) = secure_token::verify_opened(&settings, opened, time(now))?;
            Ok(verified(&header, valid, encrypted))
        })
    }

    /// The event for the machine of `keySetNext` that a refusal is, by its code: text, or `null` where newer keys cannot
    /// lift it.
    #[wasm_bindgen(js_name = newerKeys)]
    pub fn newer_keys(
        &self,
        length: usize,
        host: u32,
        refusal: &str,
        campaign_id: Option<String>,
        now: f64,
    ) -> u32 {
        let settings = Rc::clone(&self.settings);
        let known = refusal.parse::<Code>().ok();
        about_token(length, Host::from_bits(host), |token, host| async move {
            let Some(code) = known else { return Ok(Value::Null.into()) };
            let (refused, campaign) = (Refused { token: &token, code }, campaign_id.as_deref());
            let event = secure_token::newer_keys(&settings, refused, campaign, time(now), &host).await?;
            Ok(event.map_or(Value::Null, Value::from).into())
        })
    }

    /// Every check with its outcome, without the words of the catalogue.
    pub fn explain(&self, length: usize, host: u32, campaign_id: Option<String>, now: f64) -> u32 {
        let settings = Rc::clone(&self.settings);
        about_token(length, Host::from_bits(host).without_secrets(), |token, host| async move {
            let campaign = campaign_id.as_deref();
            let report = explain::explaining(&settings, &token, campaign, time(now), &host).await?;
            Ok(report.outline().into())
        })
    }

    /// Returns the key sets that are given by URL, `[{ index, url }]`; nothing for most settings, which have only keys.
    #[wasm_bindgen(js_name = keySetUrls)]
    pub fn key_set_urls(&self) -> Option<String> {
        let urls = self.settings.sources().iter().enumerate().filter_map(|(index, source)| {
            let mut out = Object::new();
            out.set("index", i64::try_from(index).ok()?);
            out.set("url", source.url()?);
            Some(Value::from(out))
        });
        let urls: Vec<_> = urls.collect();
        (!urls.is_empty()).then(|| Value::Array(urls).to_text())
    }

    /// Returns the settings of a page's first look, or `null`.
    #[wasm_bindgen(js_name = firstLook)]
    pub fn first_look(&self) -> String {
        secure_token::FirstLook::settings_for(&self.settings).map_or(Value::Null, Value::from).to_text()
    }

    /// Installs a key set that was fetched: the warnings.
    #[wasm_bindgen(js_name = installKeySet)]
    pub fn install_key_set(&mut self, index: usize, text: &[u8]) -> Returned {
        answer(
            Rc::make_mut(&mut self.settings)
                .install(index, text)
                .map(|remarks| remarks.iter().map(remark_to_json).collect::<Vec<_>>()),
        )
    }

    /// Lets go of a key set.
    #[wasm_bindgen(js_name = forgetKeySet)]
    pub fn forget_key_set(&mut self, index: usize) {
        Rc::make_mut(&mut self.settings).forget(index);
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

/// The result of a verification.
fn verified(header: &Header, valid: ValidText, encrypted: bool) -> Said {
    if !encrypted && valid.remarks.is_empty() {
        return Said::claims(valid.text, valid.source);
    }
    let mut out = Object::new();
    out.set("header", header.members().clone());
    out.set_some("source", i64::try_from(valid.source).ok());
    out.set("warnings", valid.remarks.iter().map(remark_to_json).collect::<Vec<_>>());
    let mut text = Value::from(out).to_text();
    text.push('\n');
    text.push_str(&valid.text);
    Said::content(text, Vec::new())
}

/// Returns the header and claims of the token in the room, not verified.
#[wasm_bindgen]
pub fn inspect(length: usize) -> u32 {
    about_token(length, Host::none(), |token, _| async move { Ok(explain::inspect(&token).into()) })
}

/// An admission with what it rests on.
pub(super) fn whole(admission: &Admission) -> Object {
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
