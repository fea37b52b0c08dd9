//! The parts of a document that say where people and their data come from: the identity provider (`oauth`), the profile API
//! and the mapping. An account has them, and a campaign that has one of its own uses that instead.

use super::{
    profile::profile_api,
    reading::MemberReader,
    sign_in::{OAuth, Redirect},
};
use crate::{
    Code, Warning,
    error::Remark,
    json::{Object, Value},
    profile::mapping::Mapping,
};
use alloc::{format, vec::Vec};

/// The members that this file reads.
pub(super) const MEMBERS: [&str; 3] = ["oauth", "profileApi", "mapping"];

/// The sources of one account or campaign.
#[derive(Default)]
pub(super) struct Sources {
    oauth: Option<OAuth>,
    profile_api: Option<Object>,
    mapping: Option<Value>,
    /// The warnings.
    pub remarks: Vec<Remark>,
}

impl Sources {
    /// Reads the sources of an account, or those of a campaign beside its account's.
    pub fn read(members: &MemberReader<'_>, development: bool, is_new: bool, account: Option<&Self>) -> Self {
        let faults = members.faults();
        let path = |member: &str, name: &str| format!("{}/{name}", members.path(member));
        let own = |name: &str| members.get(name).map(|value| (value, members.path(name)));
        let callbacks = match account {
            None => Redirect::OF_ACCOUNT,
            Some(_) if is_new => Redirect::OF_CAMPAIGN,
            Some(_) => Redirect::OF_STORED_CAMPAIGN,
        };
        let oauth =
            own("oauth").and_then(|(value, path)| OAuth::read(value, &path, callbacks, development, faults));
        let profile_api =
            own("profileApi").and_then(|(value, path)| profile_api::read(value, &path, development, faults));
        if let (Some(settings), true) = (&oauth, is_new)
            && let Some(fault) = settings.fault_on_shared_callback()
        {
            let own = if account.is_some() { "campaign" } else { "account" };
            let message = format!("{fault} Set `redirectUri` to \"{own}\".");
            faults.add(&path("oauth", "redirectUri"), Code::MixupRefused, message);
        }
        let with = |has: fn(&OAuth) -> bool| oauth.as_ref().is_some_and(has);
        let issuer = account.and_then(|account| account.oauth.as_ref()).map(|oauth| oauth.issuer.as_str());
        let answers_beside = |own: &OAuth| {
            own.redirect == Redirect::Account && own.sends_iss != Some(true) && Some(&*own.issuer) != issuer
        };
        let is_beside = account.is_some() && oauth.as_ref().is_some_and(answers_beside);
        let remarks = [
            (with(OAuth::is_open_to_mixup), Warning::MixupUnprotected, "sendsIss"),
            (is_beside, Warning::CallbackNotOwn, "redirectUri"),
            (with(|oauth| !oauth.deviations.pkce), Warning::PkceOff, "pkce"),
            (with(|oauth| !oauth.deviations.nonce), Warning::NonceOff, "nonce"),
        ];
        let remarks = remarks.into_iter().filter(|(is_so, ..)| *is_so);
        let remarks =
            remarks.map(|(_, warning, name)| Remark::at(warning, path("oauth", name).as_str())).collect();
        let mapping = own("mapping").map(|(mapping, path)| {
            if let Err(error) = Mapping::parse(mapping, &path) {
                faults.refused(&path, &error);
            }
            mapping.clone()
        });
        let read = Self { oauth, profile_api, mapping, remarks };
        let is_own = own("oauth").is_some() || own("profileApi").is_some();
        if let Some(settings) = read.oauth.as_ref().or(account.and_then(|account| account.oauth.as_ref()))
            && settings.profile_from == "api"
            && is_own
        {
            let is_there =
                own("profileApi").is_some() || account.is_some_and(|account| account.profile_api.is_some());
            let api = read.profile_api.as_ref().or(account.and_then(|account| account.profile_api.as_ref()));
            let lacks_subject = api.is_some_and(|api| api.get("subject").is_none()) && !settings.has_openid();
            if !is_there {
                let message = "`profileFrom` is \"api\", but the account has no `profileApi`.";
                faults.invalid(&path("oauth", "profileFrom"), message);
            } else if lacks_subject {
                let message = "`subject` is missing: without the scope openid it must point to the participant ID in the profile.";
                faults.invalid(&path("profileApi", "subject"), message);
            }
        }
        read
    }

    /// Writes the normal form.
    pub fn write(self, out: &mut Object) {
        out.set_some("profileApi", self.profile_api);
        out.set_some("oauth", self.oauth.map(|settings| settings.to_json()));
        out.set_some("mapping", self.mapping);
    }
}
