//! A preview: the pass with which somebody tries a campaign out, as the person that the account chooses or as anybody. Enters:
//! the account's document, a campaign, claims as a token would have them. Leaves: a [`Pass`] that says what it is and holds the
//! admission that the page shows.

use crate::{
    Code, Error, Result,
    admission::{Admission, Provenance},
    bounds,
    claims::campaign,
    input::Input,
    json::{Object, Value},
    participation::{self, Decision, Limit},
    pass::{Pass, Preview, Technique},
    profile::{fields::Fields, mapping::Mapping},
    secure_token::prefill,
    time::UnixTime,
};
use alloc::{format, string::String, vec::Vec};

/// The namespace of the subjects of previews. It is never compared with an issuer's, as nothing is recorded.
const NAMESPACE: &str = "preview";

/// Issues the pass of a preview. Input: `{ account, campaignId, subject?, claims?, participations?, refusal?, draft?, expiresIn?,
/// id, now }`: the document in normal form, the claims that a token would have beside `sub` and `campaignId`, the number of
/// participations so far, the code of a refusal to show, whether the document has the draft of the campaign, the life in
/// seconds ([`bounds::PREVIEW_SECONDS`] without), and a random id. Without a subject it is a visitor's without a name. A limit
/// that refuses is part of what the page shows, not an error.
///
/// # Errors
/// `campaign_unknown`; `settings_invalid` with the place of what is not valid; the errors of
/// [`campaign::read`], below `/claims`.
pub fn issue(input: &Object) -> Result<Pass> {
    let input = Input(input);
    let account = input.required("account")?;
    let campaign_id = input.required_text("campaignId")?;
    let campaign = account.pointer("/campaigns").and_then(Value::as_object);
    let campaign = campaign.and_then(|campaigns| campaigns.get(campaign_id));
    let campaign = campaign.ok_or_else(|| Error::new(Code::CampaignUnknown).at("/campaignId"))?;
    let (now, id) = (input.now()?, input.required_text("id")?);
    let (technique, subject) = match input.text("subject")? {
        None if input.get("claims").is_some() => {
            return Err(wrong("/subject", "the person that the claims are of").got("nothing"));
        }
        None => (Technique::Anonymous, id),
        Some(subject) => (technique_of(campaign), subject),
    };

    let claims = campaign::assume(claims(input, subject, campaign_id)?, campaign_id, Vec::new());
    let claims = claims.map_err(|error| error.within("/claims"))?;
    let mapping =
        [campaign.pointer("/mapping"), account.pointer("/secureToken/mapping"), account.pointer("/mapping")];
    let mapping = mapping.into_iter().flatten().next();
    let mapping = mapping.map(|mapping| Mapping::parse(mapping, "/mapping")).transpose()?.unwrap_or_default();
    let fields = Fields::parse(campaign, "/campaign")?;
    let provenance = Provenance { namespace: NAMESPACE.into(), pid: id.into(), ..Provenance::default() };
    let admission = Admission {
        prefill: prefill(&claims, &mapping, Some(&fields)),
        subject: claims.subject,
        campaign_id: claims.campaign_id,
        expires_at: None,
        decision: Decision::Allowed,
        limit: claims.limit,
        gift: claims.gift,
        custom: claims.custom,
        needs_profile: None,
        profile_binds: false,
        warnings: claims.remarks,
        provenance,
    };
    let mut shown = admission.to_json();
    if technique != Technique::Anonymous && campaign.pointer("/limits").and_then(Value::as_str) != Some("off")
    {
        let verdict = judged(input, campaign, technique, admission.limit, now)?;
        for (name, value) in verdict.iter().filter(|(name, _)| *name != "stated") {
            shown.set(name, value.clone());
        }
    }
    if input.get("draft") == Some(&Value::Bool(true)) {
        shown.set("draft", true);
    }
    if let Some(code) = input.text("refusal")? {
        code.parse::<Code>().map_err(|error| error.at("/refusal"))?;
        shown.set("refusal", code);
    }
    Ok(Pass {
        account: account.pointer("/account").and_then(Value::as_str).unwrap_or_default().into(),
        locked: admission.prefill.locked_values(),
        campaign: admission.campaign_id,
        subject: admission.subject,
        technique,
        limit: None,
        gift: None,
        custom: None,
        provenance: admission.provenance,
        profile_pending: false,
        issued_at: now,
        expires_at: now.plus(life(input)?),
        preview: Some(Preview::Made(shown)),
    })
}

/// How somebody with a name comes in: by a token where the campaign takes one.
fn technique_of(campaign: &Value) -> Technique {
    let ways = campaign.pointer("/signIn").and_then(Value::as_array).unwrap_or_default();
    let by_token = ways.iter().any(|way| way.as_str() == Some(Technique::Token.as_str()));
    if by_token { Technique::Token } else { Technique::OAuth }
}

/// The claims of a token for this person and campaign.
fn claims(input: Input<'_>, subject: &str, campaign_id: &str) -> Result<Object> {
    let mut claims = match input.get("claims") {
        None => Object::new(),
        Some(Value::Object(claims)) => claims.clone(),
        Some(other) => return Err(wrong("/claims", "an object").got(other.kind())),
    };
    let bytes = Value::from(claims.clone()).to_text().len();
    if bytes > bounds::PREVIEW_CLAIMS_BYTES {
        let expected = format!("at most {} bytes", bounds::PREVIEW_CLAIMS_BYTES);
        return Err(wrong("/claims", &expected).got(format!("{bytes} bytes")));
    }
    claims.set("sub", subject);
    claims.set("campaignId", campaign_id);
    Ok(claims)
}

/// The verdict of every limit, as the record would have it after so many participations.
fn judged(
    input: Input<'_>,
    campaign: &Value,
    technique: Technique,
    limit: Option<Limit>,
    now: UnixTime,
) -> Result<Object> {
    let mut facts = Object::new();
    facts.set_some("campaign", campaign.pointer("/limit").cloned());
    facts.set("signedIn", technique == Technique::OAuth);
    facts.set_some(
        "seen",
        limit.map(|limit| {
            let mut seen = Object::new();
            seen.set("limit", limit.to_json());
            seen.set("seenAt", now.0);
            seen
        }),
    );
    facts.set("participations", input.get("participations").cloned().unwrap_or_else(|| 0_i64.into()));
    participation::judge(&facts.into())
}

/// The life of the pass, in seconds.
fn life(input: Input<'_>) -> Result<i64> {
    let Some(value) = input.get("expiresIn") else { return Ok(bounds::PREVIEW_SECONDS) };
    let range = bounds::PREVIEW_SECONDS_RANGE;
    let expected = format!("{} to {} seconds", range.start(), range.end());
    value.as_i64().filter(|seconds| range.contains(seconds)).ok_or_else(|| wrong("/expiresIn", &expected))
}

fn wrong(place: &str, expected: &str) -> Error {
    Error::new(Code::SettingsInvalid).at(String::from(place)).expected(expected)
}
