//! The account as a stage reads it: its document in normal form, and its secrets.

use crate::{
    Code, Error, Result,
    account::{Faults, OAuth, Redirect, SecretPurpose, Secrets},
    input::Input,
    json::{Object, Value},
};
use alloc::{format, vec::Vec};

impl<'a> Input<'a> {
    /// Returns the account document, in normal form.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn account(&self) -> Result<StoredAccount<'a>> {
        let value = self.required("account")?;
        let wrong = || {
            Error::new(Code::SettingsInvalid).at("/account").expected("an account document").got(value.kind())
        };
        let document = value.as_object().ok_or_else(wrong)?;
        Ok(StoredAccount { document, campaign: None })
    }

    /// Returns the account's secrets by name; none if the member is absent.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn secrets(&self) -> Result<Option<Secrets<'a>>> {
        let Some(value) = self.get("secrets") else { return Ok(None) };
        let wrong =
            || Error::new(Code::SettingsInvalid).at("/secrets").expected("an object").got(value.kind());
        value.as_object().map(|secrets| Some(Secrets(secrets))).ok_or_else(wrong)
    }
}

/// An account document in normal form, of which a stage reads a part, for one of its campaigns or for none.
#[derive(Clone, Copy)]
pub struct StoredAccount<'a> {
    document: &'a Object,
    campaign: Option<&'a Object>,
}

impl<'a> StoredAccount<'a> {
    /// Takes the sources of a campaign in the place of the account's, as far as it has any; the account's for a campaign that
    /// it does not have.
    #[must_use]
    pub fn for_campaign(self, id: &str) -> Self {
        Self { campaign: self.campaigns().and_then(|campaigns| campaigns.get(id)?.as_object()), ..self }
    }

    /// Returns the callbacks of its identity provider, the default of a document as it is stored first.
    pub fn callbacks(&self) -> &'static [Redirect] {
        let is_own = self.campaign.is_some_and(|campaign| campaign.get("oauth").is_some());
        if is_own { Redirect::OF_STORED_CAMPAIGN } else { Redirect::OF_ACCOUNT }
    }

    /// Returns the callback of its identity provider, the default where its settings choose none.
    pub fn redirect(&self) -> Redirect {
        let chosen = self.source("oauth").and_then(|oauth| oauth.pointer("/redirectUri")?.as_str());
        let mut callbacks = self.callbacks().iter().copied();
        callbacks
            .find(|callback| chosen.is_none_or(|word| callback.as_str() == word))
            .unwrap_or(Redirect::Account)
    }

    /// Returns a source: `oauth`, `profileApi` or `mapping`.
    pub fn source(&self, name: &str) -> Option<&'a Value> {
        self.campaign.and_then(|campaign| campaign.get(name)).or_else(|| self.document.get(name))
    }

    fn campaigns(&self) -> Option<&'a Object> {
        self.document.get("campaigns").and_then(Value::as_object)
    }

    /// Returns the account's name.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn name(&self) -> Result<&'a str> {
        let name = self.document.get("account").and_then(Value::as_str);
        name.ok_or_else(|| {
            Error::new(Code::SettingsInvalid).at("/account/account").expected("the name of the account")
        })
    }

    /// Returns the settings of its identity provider.
    ///
    /// # Errors
    /// `technique_off` if it has none, `mixup_refused` if they may not use the shared callback, or the document's own fault.
    pub fn oauth(&self) -> Result<OAuth> {
        let value = self.source("oauth").ok_or_else(|| Error::new(Code::TechniqueOff).at("/oauth"))?;
        let faults = Faults::default();
        // The document was judged when it was stored, development or not; here its addresses stand.
        let settings = OAuth::read(value, "/oauth", self.callbacks(), true, &faults);
        match (settings, faults.into_vec().into_iter().next()) {
            (Some(settings), None) => match settings.fault_on_shared_callback() {
                None => Ok(settings),
                Some(fault) => Err(Error::new(Code::MixupRefused).at("/oauth/redirectUri").got(fault)),
            },
            (_, Some(fault)) => Err(Error::new(fault.code).at(fault.path).expected(fault.message)),
            (None, None) => Err(Error::new(Code::SettingsInvalid).at("/oauth")),
        }
    }

    /// Returns the endpoints that redeeming a code needs.
    pub fn endpoints_of_redemption(&self, settings: &OAuth) -> Vec<&'static str> {
        let mut out = Vec::from(["token"]);
        let profile = self.endpoints_of_profile(settings);
        if settings.has_openid() && !profile.contains(&"jwks") {
            out.push("jwks");
        }
        out.extend(profile);
        out
    }

    /// Returns the endpoints that reading the profile needs.
    pub fn endpoints_of_profile(&self, settings: &OAuth) -> Vec<&'static str> {
        let mut out = Vec::new();
        let answer = match settings.profile_from {
            "api" => self.source("profileApi").and_then(|api| api.pointer("/answer")).and_then(Value::as_str),
            _ => None,
        };
        if settings.profile_from == "access_token" || matches!(answer, Some("jwt" | "access_token")) {
            out.push("jwks");
        }
        if settings.profile_from == "userinfo" || answer == Some("access_token") {
            out.push("userinfo");
        }
        out
    }

    /// Returns a campaign that lets people sign in this way.
    ///
    /// # Errors
    /// `campaign_unknown`, `technique_off`.
    pub fn campaign(&self, id: &str) -> Result<&'a Value> {
        let campaign = self.campaigns().and_then(|campaigns| campaigns.get(id));
        let campaign = campaign.ok_or_else(|| Error::new(Code::CampaignUnknown).at("/campaignId"))?;
        let techniques = campaign.pointer("/signIn").and_then(Value::as_array).unwrap_or_default();
        if techniques.iter().any(|technique| technique.as_str() == Some("oauth")) {
            Ok(campaign)
        } else {
            Err(Error::new(Code::TechniqueOff).at(format!("/campaigns/{id}/signIn")).expected("oauth"))
        }
    }

    /// Returns the origins of the pages that may embed the campaigns.
    pub fn origins(&self) -> &'a [Value] {
        self.list("origins")
    }

    /// Returns the origins of the pages on which campaigns are only tried out.
    pub fn test_origins(&self) -> &'a [Value] {
        self.list("testOrigins")
    }

    /// Returns the paths that a sign-in may return to where only the origin is proved.
    pub fn return_paths(&self) -> &'a [Value] {
        self.list("returnPaths")
    }

    fn list(&self, name: &str) -> &'a [Value] {
        self.document.get(name).and_then(Value::as_array).unwrap_or_default()
    }
}

/// Returns the client secret or private key that the document names, among the secrets of the input.
///
/// # Errors
/// `secret_unknown`, `secret_purpose`.
pub fn client_secret<'a>(input: Input<'a>, settings: &OAuth) -> Result<Option<&'a str>> {
    let Some(name) = &settings.secret else { return Ok(None) };
    let place = "/oauth/clientAuth/secret";
    let secrets =
        input.secrets()?.ok_or_else(|| Error::new(Code::SecretUnknown).at(place).expected(name.as_str()))?;
    secrets.named(name, SecretPurpose::Client, place).map(Some)
}

/// Returns the client secret, which the identity provider may also sign with. A private key is known to nobody else, so nobody
/// can have signed with it.
pub fn shared_secret<'a>(settings: &OAuth, secret: Option<&'a str>) -> Option<&'a str> {
    secret.filter(|_| settings.method != "private_key_jwt")
}
