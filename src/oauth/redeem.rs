//! The end of a sign-in: the code is exchanged, the person is identified, the profile is read and mapped, and an
//! admission leaves. Each server is asked once, the token endpoint never twice.

use super::{
    account::{StoredAccount, client_secret, shared_secret},
    client::{
        RefusedClient,
        exchange::{self, Exchange, Tokens},
    },
    flow::pkce,
    host::{
        Step,
        replay::{self, Played, Replay},
    },
    profile::{Profile, ProfileApi, access_token, profile_custom, userinfo},
    provider::{Provider, ProviderKeys, Server},
    token::{
        decryption,
        id_token::{self, Binding, Expected, IdToken},
    },
};
use crate::{
    Code, Error, Result, Warning,
    account::OAuth,
    admission::{Admission, Provenance},
    error::Remark,
    input::Input,
    json::{Object, Value},
    participation::{self, Decision},
    profile::{
        fields::Fields,
        mapping::{Mapping, map_profile},
        prefill::Prefill,
    },
    profile_limit::ProfileLimit,
};
use alloc::{format, string::String, vec::Vec};

/// OpenID claims that fill a field of another name when the account has no mapping: field, claim, source.
const STANDARD_CLAIMS: [(&str, &str); 5] = [
    ("firstname", "given_name"),
    ("lastname", "family_name"),
    ("phone", "phone_number"),
    ("city", "/address/locality"),
    ("country", "/address/country"),
];

/// Redeems a code.
///
/// Input: `{ account, secrets, campaignId, code, verifier, nonce, redirectUri, authenticatedAfter?, sid?, deferProfile?, claims?, now,
/// answers }`. The result is `{ admission, subject, namespace, pid, owed?, signature?, claims? }`; the namespace is the issuer, the
/// signature `{ alg, kid?, issuedAt? }` that of the ID token, else of the first other token that was verified. With `deferProfile`, a
/// profile API is left for later where the ID token says who it is: `owed` is `{ needsProfile: { accessToken }, profileBinds? }`.
/// With `claims`, the verified claims are `{ idToken?, profile }`, the profile empty if it is owed.
///
/// # Errors
/// Those of discovery, exchange, ID token, access token, userinfo and profile API; the `response_*` codes.
pub fn redeem(input: &Object) -> Result<Step<Value>> {
    replay::step(play(Input(input)))
}

/// The inputs of every part of the sign-in.
struct SignIn<'a> {
    server: Server<'a>,
    secret: Option<&'a str>,
    api: Option<ProfileApi<'a>>,
}

fn play(input: Input<'_>) -> Played<Value> {
    let campaign_id = input.required_text("campaignId")?;
    let account = input.account()?.for_campaign(campaign_id);
    let settings = account.oauth()?;
    let campaign = account.campaign(campaign_id)?;
    let exchange = Exchange {
        code: input.required_text("code")?,
        verifier: input.required_text("verifier")?,
        redirect_uri: input.required_text("redirectUri")?,
    };
    let fresh = Binding {
        nonce: input.required_text("nonce")?,
        authenticated_after: input.time("authenticatedAfter")?,
    };
    let secret = client_secret(input, &settings)?;
    let decrypt = decryption::keys(input, &settings)?;
    let now = input.now()?;
    let replay = &mut Replay::of(input.0)?.within(settings.deviations.timeout);
    let needed = account.endpoints_of_redemption(&settings);
    let provider = Provider::find(&settings, &needed, &needed, replay)?;
    let shared_secret = shared_secret(&settings, secret);
    let server = Server { settings: &settings, provider: &provider, shared_secret, decrypt: &decrypt, now };
    let api = (settings.profile_from == "api").then(|| ProfileApi::of(input, account)).transpose()?;
    let sign_in = SignIn { server, secret, api };

    let tokens = sign_in.exchange(&exchange, replay)?;
    let mut keys = ProviderKeys::default();
    let id_token = sign_in.identify(&tokens, &fresh, &mut keys, replay)?;
    let issued_at = id_token.as_ref().and_then(|token| token.claims.get("iat")?.as_i64());
    let wants_claims = input.flag("claims")?;
    let id_claims = id_token.as_ref().filter(|_| wants_claims).map(|token| token.claims.clone());
    let defers = input.flag("deferProfile")? && settings.profile_from == "api" && settings.has_openid();
    let (subject, data, owed) = match id_token {
        Some(known) if defers => {
            (known.subject, Object::new(), Some(owed(&tokens, account, campaign, &settings)?))
        }
        id_token => {
            let (subject, data) = sign_in.profile(&tokens, id_token, &mut keys, replay)?;
            (subject, data, None)
        }
    };

    let provenance = Provenance {
        namespace: settings.issuer.clone(),
        pid: input.text("sid")?.map_or_else(|| pkce::challenge(exchange.verifier), String::from),
        ..Provenance::default()
    };
    let nobody = Admission {
        subject,
        campaign_id: campaign_id.into(),
        expires_at: None,
        decision: Decision::Allowed,
        limit: None,
        prefill: Prefill::default(),
        gift: None,
        custom: None,
        needs_profile: None,
        profile_binds: false,
        warnings: Vec::new(),
        provenance,
    };
    let admission = with_profile(nobody, account, campaign, &settings, &data)?;
    let mut out = Object::new();
    out.set("admission", admission.to_json());
    out.set("subject", admission.subject);
    out.set("namespace", admission.provenance.namespace);
    out.set("pid", admission.provenance.pid);
    out.set_some("owed", owed);
    if let Some(mut signature) = keys.into_signature() {
        signature.set_some("issuedAt", issued_at);
        out.set("signature", signature);
    }
    if wants_claims {
        let mut claims = Object::new();
        claims.set_some("idToken", id_claims);
        claims.set("profile", data);
        out.set("claims", claims);
    }
    Ok(out.into())
}

impl SignIn<'_> {
    fn exchange(&self, exchange: &Exchange<'_>, replay: &mut Replay) -> Played<Tokens> {
        let request = exchange::request(exchange, &self.server, self.secret, replay)?;
        let client = RefusedClient { settings: self.server.settings, secret: self.secret };
        Ok(exchange::tokens(replay.ask(request)?, &client)?)
    }

    fn identify(
        &self,
        tokens: &Tokens,
        fresh: &Binding<'_>,
        keys: &mut ProviderKeys,
        replay: &mut Replay,
    ) -> Played<Option<IdToken>> {
        let Some(text) = &tokens.id_token else { return Ok(None) };
        let expected = Expected { server: &self.server, fresh, access_token: &tokens.access_token };
        id_token::verify(text, &expected, keys, replay).map(Some)
    }

    /// Returns the subject and the profile from the account's source. The subject of every other source must equal that
    /// of the ID token.
    fn profile(
        &self,
        tokens: &Tokens,
        id_token: Option<IdToken>,
        keys: &mut ProviderKeys,
        replay: &mut Replay,
    ) -> Played<(String, Object)> {
        let (server, token) = (&self.server, tokens.access_token.as_str());
        let (profile, mismatch) = match (server.settings.profile_from, &id_token) {
            ("id_token", Some(known)) => return Ok((known.subject.clone(), known.claims.clone())),
            ("access_token", _) => {
                let profile = access_token::profile(token, server, keys, replay)?;
                (
                    profile,
                    Error::new(Code::AccessTokenInvalid).at("access_token/sub").got("a different subject"),
                )
            }
            ("api", _) => {
                let missing = || Error::new(Code::SettingsInvalid).at("/profileApi").got("nothing");
                let api = self.api.as_ref().ok_or_else(missing)?;
                let told = api.profile(token, server, keys, replay);
                (
                    told.map_err(|pause| if id_token.is_some() { pause } else { pause.refused(alone) })?,
                    Error::new(Code::ProfileSubjectMismatch).at("profileApi"),
                )
            }
            _ => {
                let profile = userinfo::profile(token, server, keys, replay)?;
                let mismatch = Error::new(Code::UserinfoSubjectMismatch).at("userinfo_endpoint/sub");
                if id_token.is_some() && profile.subject.is_none() {
                    let error = match userinfo::nested_subject(&profile.data) {
                        Some(place) => mismatch
                            .expected("the subject of the ID token, or `profileFrom` \"api\" with the place of the profile in `profileApi.object`")
                            .got(format!("a profile at {place}")),
                        None => mismatch.expected("the subject of the ID token").got("nothing"),
                    };
                    return Err(error.into());
                }
                (profile, mismatch)
            }
        };
        let Profile { subject, data } = profile;
        match (id_token.map(|known| known.subject), subject) {
            (Some(known), Some(other)) if known != other => Err(mismatch.into()),
            (Some(known), _) | (None, Some(known)) => Ok((known, data)),
            (None, None) => Err(Error::new(Code::ProfileSubjectMissing).into()),
        }
    }
}

/// Says of a refused profile that nothing else names the person, so that nobody can be signed in without it.
fn alone(error: Error) -> Error {
    let expected = error.detail().and_then(|detail| detail.expected.clone());
    let expected = expected.map(|expected| format!("{expected}; ")).unwrap_or_default();
    error.expected(format!(
        "{expected}only this API says who signed in: with `scope` openid the ID token does, and a sign-in stands without the API"
    ))
}

/// Returns what the form step is still to bring.
fn owed(tokens: &Tokens, account: StoredAccount<'_>, campaign: &Value, settings: &OAuth) -> Result<Object> {
    let locks = account.source("mapping").map(|mapping| Mapping::parse(mapping, "/mapping")).transpose()?;
    let binds = !settings.limit.is_empty()
        || !settings.custom.is_empty()
        || locks.is_some_and(|mapping| mapping.locks_any())
        || Fields::parse(campaign, "/campaign")?.hides_any();
    let mut needs = Object::new();
    needs.set("accessToken", tokens.access_token.as_str());
    let mut out = Object::new();
    out.set("needsProfile", needs);
    out.set_some("profileBinds", binds.then_some(true));
    Ok(out)
}

/// Returns the admission with the profile: mapped onto the form, the limit and the values for texts found. The host compares the
/// number of participations, because it counts them.
pub(super) fn with_profile(
    admission: Admission,
    account: StoredAccount<'_>,
    campaign: &Value,
    settings: &OAuth,
    data: &Object,
) -> Result<Admission> {
    let fields = Fields::parse(campaign, "/campaign")?;
    let mapping = match account.source("mapping") {
        Some(mapping) => Mapping::parse(mapping, "/mapping")?,
        None => Mapping::parse(&default_mapping(campaign, data).into(), "/mapping")?,
    };
    let limit = ProfileLimit::parse(&settings.limit.clone().into(), "/oauth/limit")?
        .find(data, Code::ProfileLimitInvalid)?;
    let decision = participation::decide(limit.as_ref(), None);
    let unchecked =
        (decision == Decision::LimitUnchecked).then(|| Remark::at(Warning::LimitUnchecked, "/limit"));
    Ok(Admission {
        limit,
        decision,
        custom: profile_custom::custom(settings, data)?,
        prefill: map_profile(data, &mapping, Some(&fields)),
        warnings: unchecked.into_iter().collect(),
        ..admission
    })
}

/// Without a mapping, a field takes the claim of its own name, else the OpenID claim that means the same.
fn default_mapping(campaign: &Value, data: &Object) -> Object {
    let mut out = Object::new();
    for field in campaign.pointer("/fields").and_then(Value::as_array).unwrap_or_default() {
        let Some(name) = field.pointer("/name").and_then(Value::as_str) else { continue };
        let standard = STANDARD_CLAIMS.iter().find(|(known, _)| *known == name).map(|(_, source)| *source);
        match standard {
            Some(source) if data.get(name).is_none() => out.set(name, source),
            _ => out.set(name, name),
        }
    }
    out
}
