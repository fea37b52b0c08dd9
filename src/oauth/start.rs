//! The start of a sign-in: the address of the customer's login page, and the cookie that ties the sign-in to this
//! browser. Enters: the account, where the person stands, a ring, randomness. Leaves: `{ location, cookie, sid,
//! warnings }`.

use super::{
    account::{StoredAccount, client_secret},
    client::pushed,
    flow::{State, cookie, issuer_mark, pkce, return_page::ReturnPage},
    host::{
        Step, form_encoding,
        replay::{self, Played, Replay},
    },
    provider::{Provider, Server},
};
use crate::{
    Code, Error, Result, Warning,
    account::{self, LOGIN, OAuth, Redirect, Register},
    admission::remark_to_json,
    error::Remark,
    input::Input,
    jose::base64url,
    json::{Object, Value},
    seal::Ring,
    url::{is_at, split_origin},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use hkdf::Hkdf;
use sha2::Sha256;

/// Least randomness that a host must give, bytes.
const ENTROPY_BYTES: usize = 48;

/// Starts a sign-in.
///
/// Input: `{ account, secrets?, campaignId, step?, lang?, bind?, return?, referer?, session?, page?, prompt?, preview?, ring,
/// redirectUri, now, entropy, answers }`. `bind` and `return` are what the request says, `referer` is its header of that
/// name: together they decide the page to return to (see [`return_page`](super::return_page)). A page of a test origin, or
/// `preview`, makes it a preview's. `session` takes the place
/// of `bind` in a sign-in that the host begins by itself, for a session that it knows; `page`, `{ bind, return }` of a
/// callback, takes the place of all three where the host begins a sign-in anew. No request may set either. `step` defaults to
/// `identityset`, the form. The identity provider's metadata is asked for unless the document names the authorization
/// endpoint itself; the secrets are needed where the request is pushed.
///
/// # Errors
/// `campaign_unknown`, `technique_off`, `query_invalid`, `return_refused`, `mixup_refused`, `state_too_long`,
/// `address_refused`, `secret_unknown`, and those of discovery and of the pushed request (`par_refused`, `par_failed`,
/// `par_invalid`).
pub fn start(input: &Object) -> Result<Step<Value>> {
    replay::step(play(Input(input)))
}

fn play(input: Input<'_>) -> Played<Value> {
    let campaign_id = input.required_text("campaignId")?;
    let account = input.account()?.for_campaign(campaign_id);
    let name = account.name()?;
    let shared = input.required_text("redirectUri")?;
    let settings = account.oauth().map_err(|error| name_the_uri(error, shared, account, campaign_id))?;
    account.campaign(campaign_id)?;
    let fresh = Fresh::derive(input.required_text("entropy")?)?;
    let ring = Ring::parse(input.required("ring")?).map_err(|error| error.within("/ring"))?;
    let redirect_uri = settings.redirect.uri(shared, name, campaign_id);
    let page = ReturnPage::of(input, account)?;
    let mut state = State {
        sid: fresh.sid.clone(),
        account: name.into(),
        campaign_id: campaign_id.into(),
        step: read_name(input, "step", 16)?.unwrap_or("identityset").into(),
        lang: read_name(input, "lang", 12)?.map(String::from),
        bind: input.text("session")?.map(String::from),
        back: None,
        preview: false,
        issued_at: input.now()?,
        minutes: settings.state_minutes,
        sends_iss: false,
        issuer_mark: issuer_mark(&settings.issuer),
        max_age: None,
        flow: None,
    };
    let wish = read_prompt(input, &settings)?;
    // `prompt=login` asks for a new authentication: `auth_time` of the ID token must then be of this sign-in.
    state.max_age = if wish == Some("login") { Some(0) } else { settings.max_age };
    let replay = &mut Replay::of(input.0)?.within(settings.deviations.timeout);
    let needed = needed(&settings);
    // The person signs in only where the whole sign-in can go on.
    let used = [needed, &account.endpoints_of_redemption(&settings)].concat();
    let provider = Provider::find(&settings, needed, &used, replay)?;
    let open_to_mixup = settings.redirect == Redirect::Shared && !provider.sends_iss;
    let warnings: Vec<Remark> =
        open_to_mixup.then(|| Remark::at(Warning::MixupUnprotected, "/oauth")).into_iter().collect();
    state.sends_iss = provider.sends_iss;

    let creates = settings.deviations.register == Some(Register::Prompt) && provider.registers != Some(false);
    // Where the identity provider does not know the prompt, its sign-in page mostly has a link of its own.
    let prompt = wish.filter(|wish| *wish == "login" || creates);

    let (sealed, secret) = seal_with(&mut state, page, &fresh, &ring)?;
    let challenge = pkce::challenge(&fresh.verifier);
    let max_age = state.max_age.filter(|_| settings.max_age.is_some()).map(|seconds| seconds.to_string());
    let mut parameters = Vec::from([
        ("client_id", settings.client_id.as_str()),
        ("redirect_uri", &redirect_uri),
        ("response_type", "code"),
        ("scope", &settings.scope),
        ("state", &sealed),
    ]);
    let ways = &settings.deviations;
    if ways.nonce {
        parameters.push(("nonce", &fresh.nonce));
    }
    if ways.posts_answer {
        parameters.push(("response_mode", "form_post"));
    }
    if ways.pkce {
        parameters.extend([("code_challenge", &*challenge), ("code_challenge_method", pkce::METHOD)]);
    }
    // The document cannot hold names of the list above; what the person wants comes before what it says.
    let extra = settings.extra.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    parameters.extend(extra.filter(|(name, _)| prompt.is_none() || *name != "prompt"));
    parameters.extend(prompt.map(|prompt| ("prompt", prompt)));
    parameters.extend(max_age.as_deref().map(|seconds| ("max_age", seconds)));
    let request_uri;
    if pushed::is_wanted(&settings, &provider) {
        let now = state.issued_at;
        let server =
            Server { settings: &settings, provider: &provider, shared_secret: None, decrypt: &[], now };
        let secret = client_secret(input, &settings)?;
        request_uri = pushed::push(&parameters, &fresh.verifier, &server, secret, replay)?;
        parameters = Vec::from([("client_id", settings.client_id.as_str()), ("request_uri", &request_uri)]);
    }
    let endpoint = provider.endpoint("authorization")?;
    if is_at(endpoint, split_origin(shared).0) {
        let refused = Error::new(Code::AddressRefused).at("/authorization_endpoint");
        return Err(refused.got("a URL of the origin that serves the campaigns").into());
    }
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let login = format!("{endpoint}{separator}{}", form_encoding::write(&parameters));
    let location = match &settings.deviations.register {
        Some(Register::Page(page)) if wish == Some("create") => {
            page.replace(LOGIN, &form_encoding::escape(&login))
        }
        _ => login,
    };

    let value = cookie::value(&state.sid, &secret);
    let mut out = Object::new();
    out.set("location", location);
    out.set(
        "cookie",
        cookie::to_json(&state.sid, value, state.minutes.saturating_mul(60), ways.posts_answer),
    );
    out.set("sid", state.sid);
    out.set("warnings", warnings.iter().map(remark_to_json).collect::<Vec<_>>());
    Ok(out.into())
}

/// The endpoints that a start needs before it can go on.
fn needed(settings: &OAuth) -> &'static [&'static str] {
    if settings.par == Some(true) { &["authorization", pushed::ENDPOINT] } else { &["authorization"] }
}

/// Says which redirect URI to register, to an account or campaign that may not use the shared one any more.
fn name_the_uri(error: Error, shared: &str, account: StoredAccount<'_>, campaign: &str) -> Error {
    let (Code::MixupRefused, Ok(name)) = (error.code(), account.name()) else { return error };
    let own = if account.callbacks().contains(&Redirect::Campaign) {
        Redirect::Campaign
    } else {
        Redirect::Account
    };
    let (word, uri) = (own.as_str(), own.uri(shared, name, campaign));
    error.expected(format!("\"redirectUri\": \"{word}\", with {uri} registered at the identity provider"))
}

/// Seals the state with the page to return to and the hash of the cookie's secret, which it returns beside it. A page that
/// does not fit into the state goes into the secret.
fn seal_with(
    state: &mut State,
    page: Option<ReturnPage>,
    fresh: &Fresh,
    ring: &Ring,
) -> Result<(String, String)> {
    if let Some(page) = page {
        (state.bind, state.back, state.preview) = (page.bind.or(state.bind.take()), page.back, page.preview);
    }
    let seal = |state: &mut State, page: Option<&str>| {
        let secret = cookie::secret(&fresh.verifier, &fresh.nonce, page);
        state.flow = Some(cookie::hash(&secret));
        Ok((state.seal(ring, fresh.salt)?, secret))
    };
    match (seal(state, None), state.back.take()) {
        (Err(_), Some((index, page))) => {
            state.back = Some((index, String::new()));
            seal(state, Some(&page))
        }
        (sealed, _) => sealed,
    }
}

/// The values of one sign-in that nobody can guess.
struct Fresh {
    sid: String,
    verifier: String,
    nonce: String,
    salt: [u8; 16],
}

impl Fresh {
    /// Spreads the host's randomness over all of them, so that it need not know how much each takes.
    fn derive(entropy: &str) -> Result<Self> {
        let wrong = || {
            Error::new(Code::SettingsInvalid).at("/entropy").expected("48 or more random bytes in base64url")
        };
        let bytes = base64url::decode(entropy).map_err(|_| wrong())?;
        if bytes.len() < ENTROPY_BYTES {
            return Err(wrong().got(format!("{} bytes", bytes.len())));
        }
        let source = Hkdf::<Sha256>::new(None, &bytes);
        let draw =
            |label: &[u8], out: &mut [u8]| source.expand(label, out).map_err(|_| Error::new(Code::Internal));
        let (mut sid, mut verifier, mut nonce, mut salt) = ([0; 12], [0; 32], [0; 16], [0; 16]);
        draw(b"sid", &mut sid)?;
        draw(b"verifier", &mut verifier)?;
        draw(b"nonce", &mut nonce)?;
        draw(b"salt", &mut salt)?;
        let [sid, verifier, nonce] = [&sid[..], &verifier, &nonce].map(base64url::encode);
        Ok(Self { sid, verifier, nonce, salt })
    }
}

fn refused(name: &str, expected: &str) -> Error {
    Error::new(Code::QueryInvalid).at(name).expected(expected)
}

fn read_name<'a>(input: Input<'a>, name: &str, longest: usize) -> Result<Option<&'a str>> {
    match input.text(name)? {
        Some(text) if !account::is_name(text, longest, "_-") => {
            Err(refused(name, &format!("1 to {longest} letters, digits, _ or -")))
        }
        other => Ok(other),
    }
}

/// `login`: the login page must ask who it is (OpenID Connect Core section 3.1.2.1). `create`: it makes an account first, where
/// the document says how. The other prompts are not for a person to choose.
fn read_prompt<'a>(input: Input<'a>, settings: &OAuth) -> Result<Option<&'a str>> {
    match input.text("prompt")? {
        Some("create") if settings.deviations.register.is_none() => Err(refused("prompt", "login")),
        prompt @ (None | Some("login" | "create")) => Ok(prompt),
        Some(_) => Err(refused("prompt", "login or create")),
    }
}
