//! The texts of a campaign, by language and key: each replaces the built-in text of the campaign page with the same key.

use super::localised::{TEXT_CHARACTERS, is_language};
use crate::{
    account::reading::MemberReader,
    json::{Object, members::nearest},
};
use alloc::vec::Vec;

/// The keys: screen, part, and where a text depends on a number, its plural category (Unicode CLDR).
const TEXT_KEYS: [&str; 137] = [
    "back",
    "exit.copied",
    "exit.go",
    "exit.right",
    "exit.score",
    "exit.share",
    "exit.text",
    "exit.title",
    "exit.title.known",
    "exit.when",
    "exit.yours",
    "field.birthdate",
    "field.city",
    "field.country",
    "field.email",
    "field.firstname",
    "field.lastname",
    "field.phone",
    "field.postcode",
    "field.street",
    "form.again",
    "form.challenge",
    "form.challenge.again",
    "form.challenge.none",
    "form.changed",
    "form.check",
    "form.choose",
    "form.consent",
    "form.date",
    "form.email",
    "form.invalid",
    "form.locked",
    "form.missing",
    "form.missing.checkbox",
    "form.not_you",
    "form.number",
    "form.optional",
    "form.prefilled",
    "form.profile.none",
    "form.range",
    "form.range.from",
    "form.range.to",
    "form.required",
    "form.send",
    "form.sending",
    "form.signed_in",
    "form.signed_in.somebody",
    "form.tel",
    "form.text",
    "form.title",
    "form.title.known",
    "intro.again",
    "intro.hello",
    "intro.known",
    "intro.start",
    "intro.text",
    "intro.text.few",
    "intro.text.many",
    "intro.text.none",
    "intro.text.one",
    "intro.text.two",
    "intro.text.zero",
    "intro.title",
    "language",
    "loading",
    "login.draft",
    "login.in_app",
    "login.in_app.other",
    "login.kept",
    "login.leaving",
    "login.popup.closed",
    "login.popup.waiting",
    "login.preview",
    "login.register",
    "login.skip",
    "login.start",
    "login.text",
    "login.title",
    "next",
    "popup.close",
    "popup.done",
    "popup.here",
    "popup.title",
    "preview",
    "question.missing",
    "question.progress",
    "sorry.again",
    "sorry.back",
    "sorry.campaign_full",
    "sorry.campaign_not_yet",
    "sorry.campaign_not_yet.starts",
    "sorry.campaign_over",
    "sorry.campaign_over.ends",
    "sorry.campaign_unknown",
    "sorry.day_reached",
    "sorry.day_reached.until",
    "sorry.expired",
    "sorry.login",
    "sorry.login.instead",
    "sorry.login_cancelled",
    "sorry.login_failed",
    "sorry.not_allowed",
    "sorry.pass_expired",
    "sorry.quota_reached",
    "sorry.ref",
    "sorry.reload",
    "sorry.site",
    "sorry.title",
    "sorry.title.campaign_full",
    "sorry.title.campaign_not_yet",
    "sorry.title.campaign_over",
    "sorry.title.campaign_unknown",
    "sorry.title.day_reached",
    "sorry.title.expired",
    "sorry.title.login_cancelled",
    "sorry.title.login_failed",
    "sorry.title.not_allowed",
    "sorry.title.pass_expired",
    "sorry.title.quota_reached",
    "sorry.title.token_expired",
    "sorry.title.token_expired.page",
    "sorry.title.token_invalid",
    "sorry.title.token_invalid.page",
    "sorry.title.token_missing",
    "sorry.title.try_again",
    "sorry.title.week_reached",
    "sorry.title.wrong_browser",
    "sorry.token_expired",
    "sorry.token_expired.page",
    "sorry.token_invalid",
    "sorry.token_invalid.page",
    "sorry.token_missing",
    "sorry.token_missing.page",
    "sorry.try_again",
    "sorry.week_reached",
    "sorry.week_reached.until",
    "sorry.wrong_browser",
];

/// Reads texts: `{ "en": { "sorry.quota_reached": "…" } }`. Of a stored document, a key that is not known is left out.
pub fn read(campaign: &MemberReader<'_>, is_new: bool) -> Object {
    let mut out = Object::new();
    let Some(value) = campaign.get("texts") else { return out };
    let Some(languages) = MemberReader::open_any(value, &campaign.path("texts"), campaign.faults()) else {
        return out;
    };
    for (language, value) in languages.iter() {
        if !is_language(language) {
            languages.invalid(language, "A language must be a tag such as en, fr or fr-BE.");
            continue;
        }
        let Some(texts) = MemberReader::open_any(value, &languages.path(language), campaign.faults()) else {
            continue;
        };
        let mut normal = Object::new();
        for (key, _) in texts.iter() {
            if !TEXT_KEYS.contains(&key) {
                if is_new {
                    texts.faults().unknown(&texts.path(key), "text", key, &meant(key));
                }
            } else if let Some(text) = texts.text(key, TEXT_CHARACTERS) {
                normal.set(key, text);
            }
        }
        out.set(language, normal);
    }
    out
}

/// The keys to suggest for one that does not exist: all, if one of them is near, else those of its screen.
fn meant(key: &str) -> Vec<&'static str> {
    let screen = key.split('.').next().unwrap_or_default();
    let of_screen = |known: &&str| known.split('.').next() == Some(screen);
    if nearest(key, TEXT_KEYS).is_none() && TEXT_KEYS.iter().any(of_screen) {
        return TEXT_KEYS.into_iter().filter(of_screen).collect();
    }
    TEXT_KEYS.into()
}
