//! One account document, from its text to its normal form.

use super::{
    campaigns::campaign,
    challenge,
    keys::{SecretPlace, SecretPurpose, Secrets},
    reading::{Fault, Faults, MemberReader, is_name},
    return_paths,
    sources::Sources,
    token::{
        key_names::{self, KeyName},
        secure_token, token_settings,
    },
    webhook,
};
use crate::{
    Code, Error, Result,
    error::Remark,
    json::{Object, Value},
};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

const MEMBERS: [&str; 13] = [
    "$schema",
    "account",
    "origins",
    "testOrigins",
    "returnPaths",
    "secureToken",
    "profileApi",
    "oauth",
    "mapping",
    "sameSubjects",
    "webhook",
    "challenge",
    "campaigns",
];
/// Longest name of an account, characters: it travels in the state.
const NAME_CHARACTERS: usize = 32;
/// Most origins, and most test origins: the state carries the index.
const ORIGINS: usize = 32;

/// An account document that was found valid.
#[derive(Clone, Debug)]
pub struct Account {
    document: Object,
    secrets: Vec<String>,
    remarks: Vec<Remark>,
}

impl Account {
    /// Reads a document. With `development`, loopback hosts and plain `http` to them are allowed.
    ///
    /// # Errors
    /// Every fault of the document, each with its place.
    pub fn parse(text: &[u8], development: bool) -> core::result::Result<Self, Vec<Fault>> {
        let value = Value::parse(text).map_err(|error| {
            Vec::from([Fault {
                path: String::new(),
                code: error.code(),
                message: error.to_string(),
                reason: None,
            }])
        })?;
        Self::read(&value, development)
    }

    /// Reads a document that is already JSON.
    ///
    /// # Errors
    /// As [`Account::parse`].
    pub fn read(value: &Value, development: bool) -> core::result::Result<Self, Vec<Fault>> {
        Self::judge(value, development, true)
    }

    /// Reads a document that was accepted before. Its hosts were judged then, and its use of the shared callback is
    /// judged at each sign-in: a document of an earlier release still verifies tokens.
    ///
    /// # Errors
    /// As [`Account::parse`].
    pub fn stored(value: &Value) -> core::result::Result<Self, Vec<Fault>> {
        Self::judge(value, true, false)
    }

    fn judge(value: &Value, development: bool, is_new: bool) -> core::result::Result<Self, Vec<Fault>> {
        let faults = Faults::default();
        let (document, remarks) = read_document(value, development, is_new, &faults).unwrap_or_default();
        if !faults.is_empty() {
            return Err(faults.into_vec());
        }
        let mut secrets: Vec<String> = Vec::new();
        for name in SecretPlace::of(&document.clone().into()).into_iter().filter_map(|place| place.name) {
            if !secrets.contains(&name) {
                secrets.push(name);
            }
        }
        Ok(Self { document, secrets, remarks })
    }

    /// Returns a fault for each URL of the document that leads to `origin`, the one that serves the campaigns. A link or a
    /// redirect from there would look like one of our own pages.
    pub fn faults_at(&self, origin: &str) -> Vec<Fault> {
        let faults = Faults::default();
        super::reading::own_origin::find_at(&Value::from(self.document.clone()), origin, "", &faults);
        faults.into_vec()
    }

    /// Returns the document in normal form: every default filled, lists where one entry may stand alone.
    pub const fn as_object(&self) -> &Object {
        &self.document
    }

    /// Returns the document in normal form as JSON.
    pub fn to_json(&self) -> Value {
        self.document.clone().into()
    }

    /// Returns the account's name.
    pub fn name(&self) -> &str {
        self.document.get("account").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the names of the secrets that the document refers to, each once.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// Returns the warnings.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Returns the settings of the secure token, ready for [`crate::secure_token`]: secrets in place, revoked keys
    /// gone, the account's mapping filled in. `secrets` holds the account's secrets by name.
    ///
    /// # Errors
    /// `technique_off` without `secureToken`, `secret_unknown` for a name that `secrets` lacks, `secret_purpose` for one that
    /// is stored for another purpose.
    pub fn token_settings(&self, secrets: &Object) -> Result<Value> {
        self.settings_with(None, secrets)
    }

    /// Returns the settings of the secure token with the mapping of a campaign, where it has one of its own.
    ///
    /// # Errors
    /// As [`Account::token_settings`].
    pub fn campaign_token_settings(&self, campaign: &str, secrets: &Object) -> Result<Value> {
        let campaigns = self.document.get("campaigns").and_then(Value::as_object);
        let campaign = campaigns.and_then(|campaigns| campaigns.get(campaign)?.as_object());
        self.settings_with(campaign.and_then(|campaign| campaign.get("mapping")), secrets)
    }

    fn settings_with(&self, mapping: Option<&Value>, secrets: &Object) -> Result<Value> {
        let settings = self.document.get("secureToken").and_then(Value::as_object);
        let settings = settings.ok_or_else(|| Error::new(Code::TechniqueOff).at("/secureToken"))?;
        token_settings::resolve(settings, mapping, self.document.get("mapping"), &Secrets(secrets))
    }

    /// Returns the names of the secure token's keys, revoked ones too. `secrets` holds the account's secrets by name; a
    /// key whose secret is not there has no names.
    pub fn key_names(&self, secrets: &Object) -> Vec<KeyName> {
        let settings = self.document.get("secureToken").and_then(Value::as_object);
        settings.map(|settings| key_names::of(settings, &Secrets(secrets))).unwrap_or_default()
    }
}

fn read_document(
    value: &Value,
    development: bool,
    is_new: bool,
    faults: &Faults,
) -> Option<(Object, Vec<Remark>)> {
    let account = MemberReader::open(value, "", &MEMBERS, faults)?;
    let mut out = Object::new();
    let name = account.required_text("account", 64).unwrap_or_default();
    let well_formed = is_name(name, NAME_CHARACTERS, "_-")
        && !name.starts_with(['-', '_'])
        && !name.bytes().any(|byte| byte.is_ascii_uppercase());
    if !name.is_empty() && !well_formed {
        account.invalid(
            "account",
            format!("An account name must have 1 to {NAME_CHARACTERS} lower-case letters, digits, - or _."),
        );
    }
    out.set("account", name);
    let origins = read_origins(&account, "origins", development);
    // A developer's own machine: of what is played from there, nothing is recorded.
    let test_origins = read_origins(&account, "testOrigins", true);
    for (index, origin) in test_origins.iter().enumerate().filter(|(_, origin)| origins.contains(origin)) {
        faults.invalid(&format!("/testOrigins/{index}"), format!("\"{origin}\" is one of the `origins`."));
    }
    out.set("origins", origins);
    out.set("testOrigins", test_origins);
    out.set("returnPaths", return_paths::read(&account));
    let secure_token = account.get("secureToken").map(|value| {
        secure_token::read(value, &account.path("secureToken"), development, faults).unwrap_or_default()
    });
    let sources = Sources::read(&account, development, is_new, None);
    let offers = campaign::Offers {
        is_new,
        development,
        token: secure_token.is_some(),
        oauth: account.get("oauth").is_some(),
        sources: &sources,
    };
    let (campaigns, of_campaigns) = campaign::read_all(&account, &offers);
    let remarks = [sources.remarks.clone(), of_campaigns].concat();
    out.set_some("secureToken", secure_token);
    sources.write(&mut out);
    out.set("sameSubjects", account.flag("sameSubjects").unwrap_or(false));
    if let Some(value) = account.get("webhook") {
        out.set_some("webhook", webhook::read(value, &account.path("webhook"), development, faults));
    }
    if let Some(value) = account.get("challenge") {
        out.set_some("challenge", challenge::read(value, &account.path("challenge"), faults));
    }
    out.set("campaigns", campaigns);
    if is_new {
        refuse_inline(value, development, faults);
    }
    Some((out, remarks))
}

/// A document and its drafts are shown, compared and kept in versions, so a secret stands in them by name alone. In development
/// the keys of tokens may stand there.
fn refuse_inline(document: &Value, development: bool, faults: &Faults) {
    for place in SecretPlace::of(document).iter().filter(|place| place.name.is_none()) {
        if development && place.path.starts_with("/secureToken/") {
            continue;
        }
        let purpose = place.purpose.as_str();
        let message = format!(
            "A document must not contain a secret. Store it with `handstamp secret put --purpose {purpose} NAME`, and write {{ \"secret\": \"NAME\" }} here."
        );
        match place.purpose {
            SecretPurpose::Verify | SecretPurpose::Decrypt => {
                faults.add(&place.path, Code::SecretInline, message)
            }
            // These places take nothing but a name, which their readers say.
            _ => faults.instead(&place.path, Code::SecretInline, message),
        }
    }
}

fn read_origins(account: &MemberReader<'_>, member: &str, loopback: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (path, value) in account.list(member, 0, ORIGINS).into_iter().flatten() {
        let Some(origin) = value.as_str() else {
            account.faults().invalid(
                &path,
                format!("An origin must be a string such as https://www.acme.example, not {}.", value.kind()),
            );
            continue;
        };
        if let Err(sentence) = crate::url::check_origin(origin, loopback) {
            let on_own_machine = !loopback && crate::url::is_loopback_url(origin);
            let hint =
                if on_own_machine { " To try campaigns out there, list it in `testOrigins`." } else { "" };
            account.faults().invalid(&path, format!("This is not a valid origin. {sentence}{hint}"));
        } else if out.iter().any(|known| known == origin) {
            account.faults().invalid(&path, format!("\"{origin}\" is listed twice."));
        }
        out.push(origin.to_owned());
    }
    out
}
