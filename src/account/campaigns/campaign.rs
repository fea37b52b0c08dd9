//! The `campaigns` member of a document: what each campaign asks, and how people sign in to it.

use super::{brand, consent, content, localised, period, texts};
use crate::{
    account::{
        reading::{FaultReason, MemberReader, is_name},
        sources::{self, Sources},
    },
    error::Remark,
    json::{Object, Value},
    participation::CampaignLimit,
};
use alloc::{format, vec::Vec};

const MEMBERS: [&str; 17] = [
    "title",
    "signIn",
    "login",
    "form",
    "limits",
    "limit",
    "questions",
    "fields",
    "optins",
    "texts",
    "record",
    "retentionDays",
    "languages",
    "brand",
    "exit",
    "cap",
    "archived",
];
const TECHNIQUES: [&str; 3] = ["token", "oauth", "anonymous"];
/// The facts of a participation that a campaign may have recorded beside the form. `technique` is recorded in any case: it
/// says nothing of a person, and the record itself goes by it.
const RECORDED: [&str; 9] =
    ["subject", "technique", "custom", "gift", "limit", "source", "language", "duration", "step"];
/// Longest campaign id, characters: real ones are numbers of six or seven digits.
const ID_CHARACTERS: usize = 32;

/// Most participations that a campaign's limit may allow one person.
const MOST_PARTICIPATIONS: i64 = 1_000_000;
/// Most participations that a campaign may be capped at: more than there are in the largest draws.
const MOST_PLACES: i64 = 100_000_000;

/// The facts of the account that its campaigns depend on.
pub struct Offers<'a> {
    /// The document is new: a campaign that sets no limit has the default one.
    pub is_new: bool,
    /// Loopback hosts, and plain `http` to them, are allowed.
    pub development: bool,
    /// There is a `secureToken`.
    pub token: bool,
    /// There is an `oauth`.
    pub oauth: bool,
    /// The account's own sources, which a campaign may replace.
    pub sources: &'a Sources,
}

/// Checks whether a text can be a campaign's id.
pub fn is_id(text: &str) -> bool {
    is_name(text, ID_CHARACTERS, "_-")
}

/// Reads all campaigns of a document into their normal form, with the warnings about them.
pub fn read_all(account: &MemberReader<'_>, offers: &Offers<'_>) -> (Object, Vec<Remark>) {
    let mut out = Object::new();
    let mut remarks = Vec::new();
    let Some(value) = account.get("campaigns") else { return (out, remarks) };
    let Some(campaigns) = MemberReader::open_any(value, &account.path("campaigns"), account.faults()) else {
        return (out, remarks);
    };
    for (id, value) in campaigns.iter() {
        let path = campaigns.path(id);
        if !is_id(id) {
            campaigns.invalid(
                id,
                format!("A campaign ID must have 1 to {ID_CHARACTERS} letters, digits, _ or -."),
            );
        }
        let known = [&MEMBERS[..], &period::MEMBERS, &sources::MEMBERS].concat();
        if let Some(campaign) = MemberReader::open(value, &path, &known, account.faults()) {
            out.set(id, read(&campaign, id, offers, &mut remarks));
        }
    }
    (out, remarks)
}

fn read(campaign: &MemberReader<'_>, id: &str, offers: &Offers<'_>, remarks: &mut Vec<Remark>) -> Value {
    let mut title = localised::localised(campaign, "title");
    let languages = content::languages(campaign, &title);
    if let (true, Some(language)) = (title.is_empty(), languages.first()) {
        title.set(language.as_str(), id);
    }
    let mut out = Object::new();
    out.set("title", title);
    out.set("signIn", read_sign_in(campaign, offers));
    out.set("login", campaign.choice("login", &["button", "redirect", "popup"]).unwrap_or("button"));
    out.set("form", campaign.choice("form", &["show", "submit"]).unwrap_or("show"));
    out.set("limits", campaign.choice("limits", &["on", "off"]).unwrap_or("on"));
    out.set_some("limit", read_limit(campaign, offers.is_new));
    out.set_some("cap", campaign.number("cap", 1..=MOST_PLACES));
    period::read(campaign, &mut out);
    out.set_some("archived", campaign.flag("archived").filter(|archived| *archived));
    let own = Sources::read(campaign, offers.development, offers.is_new, Some(offers.sources));
    remarks.extend(own.remarks.clone());
    own.write(&mut out);
    out.set("questions", content::questions(campaign));
    out.set("fields", content::fields(campaign));
    out.set("optins", content::optins(campaign, offers.development));
    out.set("texts", texts::read(campaign, offers.is_new));
    let record = campaign.words("record", 0, &RECORDED);
    out.set("record", record.unwrap_or_else(|| Vec::from(["subject", "gift"])));
    out.set("retentionDays", campaign.number("retentionDays", 1..=3650).unwrap_or(90));
    out.set("languages", languages);
    out.set_some("brand", brand::read(campaign));
    out.set_some("exit", read_exit(campaign, offers.development));
    out.into()
}

/// One participation by signing in, where the customer states no limit, is the default of a new document; one that was
/// stored before has the limits that it states.
fn read_limit(campaign: &MemberReader<'_>, is_new: bool) -> Option<Object> {
    let mut out = Object::new();
    let Some(value) = campaign.get("limit") else {
        out.set("unstated", 1_i64);
        return is_new.then_some(out);
    };
    let limit = MemberReader::open(value, &campaign.path("limit"), &CampaignLimit::NAMES, campaign.faults())?;
    for name in CampaignLimit::NAMES {
        out.set_some(name, limit.number(name, 1..=MOST_PARTICIPATIONS));
    }
    Some(out)
}

/// Reads where the thanks lead on: a page, and a URL to share.
fn read_exit(campaign: &MemberReader<'_>, development: bool) -> Option<Object> {
    let value = campaign.get("exit")?;
    let exit = MemberReader::open(value, &campaign.path("exit"), &["url", "share"], campaign.faults())?;
    let mut out = Object::new();
    for name in ["url", "share"] {
        out.set_some(name, exit.get(name).and_then(|_| consent::url(&exit, name, development)));
    }
    Some(out)
}

fn read_sign_in(campaign: &MemberReader<'_>, offers: &Offers<'_>) -> Vec<&'static str> {
    let out = campaign
        .words("signIn", 1, &TECHNIQUES)
        .unwrap_or_else(|| if campaign.get("signIn").is_none() { Vec::from(["token"]) } else { Vec::new() });
    for (technique, offered, member) in [
        ("token", offers.token, "secureToken"),
        ("oauth", offers.oauth || campaign.get("oauth").is_some(), "oauth"),
    ] {
        if out.contains(&technique) && !offered {
            let defaulted = if campaign.get("signIn").is_none() { " (the default)" } else { "" };
            campaign.because(
                "signIn",
                FaultReason::new("unoffered", [("way", technique.into())]),
                format!("`signIn` is \"{technique}\"{defaulted}, but the account has no `{member}`."),
            );
        }
    }
    out
}
