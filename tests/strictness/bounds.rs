//! Every cap and default of `bounds.rs` through the door where it holds: good at the limit, refused one past it.

use crate::{
    NOW, admit,
    common::{SECRET, hs256, signed, verify},
    login::{self, account, document, start_input, started},
    say, token,
};
use handstamp::{
    Code,
    account::{self, Account},
    bounds,
    claims::standard::Policy,
    explain::explain,
    freshness::{Action, Copy, Event},
    jose::{
        Compact, Signature, base64url,
        key::{Key, KeySet},
    },
    json::Value as Json,
    oauth::{self, State, Step},
    pass::{Pass, Technique},
    period::Phase,
    preview,
    seal::Ring,
    secure_token::Settings,
    time::UnixTime,
};
use serde_json::json;
use std::{collections::BTreeSet, fmt::Write as _};

const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// Whether so much is accepted.
type Door = fn(usize) -> bool;

/// The pass of a preview.
fn preview(more: &str) -> handstamp::Result<Pass> {
    let account = r#"{"account":"acme","campaigns":{"1":{"signIn":["token"],"fields":[],"optins":[]}}}"#;
    let input = format!(r#"{{"account":{account},"campaignId":"1","id":"random","now":{}{more}}}"#, NOW.0);
    preview::issue(&Json::parse_object(input.as_bytes())?)
}

/// Whether some facts about keys are warned of.
fn is_warned(facts: &str) -> bool {
    let facts = format!(r#"{{"now":{},{facts}}}"#, NOW.0);
    !account::watch_keys(&Json::parse(facts.as_bytes()).unwrap()).unwrap().is_empty()
}

/// The name, the limit, the way past it (one more, or one less), and the door.
fn rows() -> Vec<(&'static str, usize, isize, Door)> {
    vec![
        ("TOKEN_BYTES", bounds::TOKEN_BYTES, 1, |bytes| {
            Compact::parse(&"A".repeat(bytes)).err().unwrap().code() != Code::TokenTooLarge
        }),
        ("ADDRESS_CHARACTERS", bounds::ADDRESS_CHARACTERS, 1, |characters| {
            let key =
                format!(r#"{{"method":"symmetricKey","key":"{SECRET}","encoding":"utf8","alg":"HS256"}}"#);
            let settings = Settings::parse(format!(r#"{{"verify":{key}}}"#).as_bytes()).unwrap();
            let report = explain(&settings, &"A".repeat(characters), None, NOW);
            report.checks.iter().all(|check| check.code != "token_long_for_addresses")
        }),
        ("HEADER_BYTES", bounds::HEADER_BYTES, 1, |bytes| {
            let header = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(bytes - 22));
            verify(&signed(&header, b"{}"), &[hs256()]).is_ok()
        }),
        ("JSON_DEPTH", bounds::JSON_DEPTH, 1, |levels| {
            admit(&token(&format!(r#","x":{}{}"#, "[".repeat(levels - 1), "]".repeat(levels - 1)))).is_ok()
        }),
        ("JSON_MEMBERS", bounds::JSON_MEMBERS, 1, |count| {
            admit(&token(&(3..count).map(|index| format!(r#","m{index}":0"#)).collect::<String>())).is_ok()
        }),
        ("JSON_NUMBER_CHARACTERS", bounds::JSON_NUMBER_CHARACTERS, 1, |digits| {
            admit(&token(&format!(r#","x":{}"#, "7".repeat(digits)))).is_ok()
        }),
        ("PARTY_INFO_BYTES", bounds::PARTY_INFO_BYTES, 1, |bytes| {
            let point = r#""x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps""#;
            let epk = format!(r#"{{"kty":"EC","crv":"P-256",{point}}}"#);
            let apu = base64url::encode(&vec![1; bytes]);
            let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{epk},"apu":"{apu}"}}"#);
            Compact::parse(&format!("{}....", base64url::encode(header.as_bytes()))).is_ok()
        }),
        ("KEY_SET_BYTES", bounds::KEY_SET_BYTES, 1, |bytes| {
            let set = format!(r#"{{"keys":[{ED25519}]}}"#);
            KeySet::fetched(format!("{set}{}", " ".repeat(bytes - set.len())).as_bytes(), None).is_ok()
        }),
        ("KEY_SET_KEYS", bounds::KEY_SET_KEYS, 1, |count| {
            let set = format!(r#"{{"keys":[{}]}}"#, vec![ED25519; count].join(","));
            KeySet::fetched(set.as_bytes(), None).is_ok()
        }),
        ("KEY_SOURCES", bounds::KEY_SOURCES, 1, |count| {
            let key =
                format!(r#"{{"method":"symmetricKey","key":"{SECRET}","encoding":"utf8","alg":"HS256"}}"#);
            Settings::parse(format!(r#"{{"verify":[{}]}}"#, vec![key; count].join(",")).as_bytes()).is_ok()
        }),
        ("ACCEPTED_VALUES", bounds::ACCEPTED_VALUES, 1, |count| {
            let key =
                format!(r#"{{"method":"symmetricKey","key":"{SECRET}","encoding":"utf8","alg":"HS256"}}"#);
            let issuers = vec![r#""a""#; count].join(",");
            Settings::parse(format!(r#"{{"verify":{key},"issuer":[{issuers}]}}"#).as_bytes()).is_ok()
        }),
        ("KID_CHARACTERS", bounds::KID_CHARACTERS, 1, |characters| {
            let header = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "é".repeat(characters));
            verify(&signed(&header, b"{}"), &[hs256()]).is_ok()
        }),
        ("SUBJECT_CHARACTERS", bounds::SUBJECT_CHARACTERS, 1, |characters| {
            let claims =
                format!(r#"{{"sub":"{}","campaignId":"100001","exp":1800000300}}"#, "é".repeat(characters));
            admit(&signed(r#"{"alg":"HS256"}"#, claims.as_bytes())).is_ok()
        }),
        ("VALUE_CHARACTERS", bounds::VALUE_CHARACTERS, 1, |characters| {
            let form = format!(r#","form":{{"city":"{}"}}"#, "é".repeat(characters));
            admit(&token(&form)).unwrap().prefill.form.get("city").is_some()
        }),
        ("RSA_BITS", *bounds::RSA_BITS.start(), -1, rsa),
        ("RSA_BITS", *bounds::RSA_BITS.end(), 1, rsa),
        ("SHORT_SECRET_BYTES", bounds::SHORT_SECRET_BYTES, -1, |bytes| {
            Key::from_secret(&SECRET.as_bytes()[..bytes], Signature::HS256, true).is_ok()
        }),
        ("LEEWAY_SECONDS", bounds::LEEWAY_SECONDS as usize, 1, |seconds| {
            let exp = NOW.plus(-(seconds as i64)).0;
            let claims = format!(r#"{{"sub":"1234","campaignId":"100001","exp":{exp}}}"#);
            admit(&signed(r#"{"alg":"HS256"}"#, claims.as_bytes())).is_ok()
        }),
        ("LEEWAY_SECONDS_MAX", bounds::LEEWAY_SECONDS_MAX as usize, 1, |seconds| {
            let key =
                format!(r#"{{"method":"symmetricKey","key":"{SECRET}","encoding":"utf8","alg":"HS256"}}"#);
            Settings::parse(format!(r#"{{"verify":{key},"leewaySeconds":{seconds}}}"#).as_bytes()).is_ok()
        }),
        ("MILLISECONDS_ABOVE", bounds::MILLISECONDS_ABOVE as usize, 1, |seconds| {
            let claims = format!(r#"{{"sub":"1234","campaignId":"100001","exp":{seconds}}}"#);
            admit(&signed(r#"{"alg":"HS256"}"#, claims.as_bytes())).is_ok()
        }),
        ("STATE_MINUTES", bounds::STATE_MINUTES as usize, 1, |minutes| {
            // The last good second of a state is the one before its end.
            called_back("&code=c", minutes * 60 - 1)["outcome"] == "code"
        }),
        ("STATE_MINUTES_RANGE", *bounds::STATE_MINUTES_RANGE.start() as usize, -1, state_minutes),
        ("STATE_MINUTES_RANGE", *bounds::STATE_MINUTES_RANGE.end() as usize, 1, state_minutes),
        // The last second of a play that was begun before the end.
        ("CLOSING_SECONDS", bounds::CLOSING_SECONDS as usize, 1, |seconds| {
            let now = UnixTime(seconds as i64 - 1);
            Phase::at(None, Some(UnixTime(0)), now).refusal(true).is_none()
        }),
        ("ANSWER_SECONDS", bounds::ANSWER_SECONDS as usize, 1, |seconds| {
            let kept = &called_back("&code=c", 60)["keepCookie"]["maxAge"];
            kept.as_u64() >= Some(seconds as u64)
        }),
        ("PASS_SECONDS", bounds::PASS_SECONDS as usize, 1, |seconds| {
            let admission = admit(&token("")).unwrap();
            let pass = Pass::issue(&admission, "acme", Technique::Token, NOW).unwrap();
            pass.check(NOW.plus(seconds as i64)).is_ok()
        }),
        ("PREVIEW_SECONDS", bounds::PREVIEW_SECONDS as usize, 1, |seconds| {
            preview("").unwrap().check(NOW.plus(seconds as i64)).is_ok()
        }),
        ("PREVIEW_SECONDS_RANGE", *bounds::PREVIEW_SECONDS_RANGE.start() as usize, -1, |seconds| {
            preview(&format!(r#","expiresIn":{seconds}"#)).is_ok()
        }),
        ("PREVIEW_SECONDS_RANGE", *bounds::PREVIEW_SECONDS_RANGE.end() as usize, 1, |seconds| {
            preview(&format!(r#","expiresIn":{seconds}"#)).is_ok()
        }),
        ("PREVIEW_CLAIMS_BYTES", bounds::PREVIEW_CLAIMS_BYTES, 1, |bytes| {
            preview(&format!(r#","subject":"s","claims":{{"x":"{}"}}"#, "x".repeat(bytes - 8))).is_ok()
        }),
        ("RESPONSE_BYTES", bounds::RESPONSE_BYTES, 1, |bytes| {
            let metadata = login::Server::new().metadata.to_string();
            let body = format!("{metadata}{}", " ".repeat(bytes - metadata.len()));
            let answer = json!({ "status": 200, "contentType": "application/json", "body": body });
            login::play(oauth::start, &start_input(&account(json!({})), json!({})), |_| answer.clone())
                .0
                .is_ok()
        }),
        ("PROFILE_BYTES", bounds::PROFILE_BYTES, 1, |bytes| {
            let mut server = login::Server::new();
            let profile = server.userinfo.to_string();
            let body = format!("{profile}{}", " ".repeat(bytes - profile.len()));
            server.answers = vec![("userinfo", login::text_answer(200, "application/json", &body))];
            server.redeem(&account(json!({}))).0.is_ok()
        }),
        ("TIMEOUT_SECONDS", bounds::TIMEOUT_SECONDS as usize, 1, |seconds| {
            let (done, requests) = login::Server::new().redeem(&account(json!({})));
            done.is_ok() && requests.iter().all(|request| request["timeout"].as_u64() >= Some(seconds as u64))
        }),
        ("TIMEOUT_SECONDS_MAX", bounds::TIMEOUT_SECONDS_MAX as usize, 1, |seconds| {
            let mut document = document(json!({}));
            document["oauth"]["timeoutSeconds"] = json!(seconds);
            Account::parse(document.to_string().as_bytes(), true).is_ok()
        }),
        ("CODE_CHARACTERS", bounds::CODE_CHARACTERS, 1, |characters| {
            called_back(&format!("&code={}", "c".repeat(characters)), 60)["outcome"] == "code"
        }),
        ("PAGE_CHARACTERS", bounds::PAGE_CHARACTERS, 1, |characters| {
            let page = format!("https://www.acme.example/{}", "p".repeat(characters - 1));
            let done = started(&account(json!({})), json!({ "referer": page }));
            done["cookie"]["value"].as_str().unwrap().split('.').count() == 4
        }),
        ("RETURN_PATH_CHARACTERS", bounds::RETURN_PATH_CHARACTERS, 1, |characters| {
            let path = json!({ "return": format!("0/{}", "p".repeat(characters - 1)) });
            login::play(oauth::start, &start_input(&account(json!({})), path), |request| {
                login::Server::new().answer(request)
            })
            .0
            .is_ok()
        }),
        ("DOCUMENT_SPREAD_SECONDS", bounds::DOCUMENT_SPREAD_SECONDS as usize, -1, |seconds| {
            let keys = r#"[{"id":"a","method":"symmetricKey"},{"id":"b","status":"next","since":0}]"#;
            let document = Json::parse(format!(r#"{{"secureToken":{{"verify":{keys}}}}}"#).as_bytes());
            let asked = format!(r#"{{"list":"verify","step":"activate","now":{seconds}}}"#);
            account::key_turn::turn(&document.unwrap(), &Json::parse(asked.as_bytes()).unwrap()).is_ok()
        }),
        ("CERTIFICATE_SECONDS", bounds::CERTIFICATE_SECONDS as usize, 1, |seconds| {
            is_warned(&format!(r#""certificates":[{{"at":"/k","ends":{}}}]"#, NOW.0 + seconds as i64))
        }),
        ("SECRET_SECONDS", bounds::SECRET_SECONDS as usize, -1, |seconds| {
            is_warned(&format!(r#""secrets":[{{"at":"/s","written":{}}}]"#, NOW.0 - seconds as i64))
        }),
        ("KEY_SET_STALE_SECONDS", bounds::KEY_SET_STALE_SECONDS as usize, 1, |seconds| {
            let mut copy = Copy::default();
            copy.step(Event::Fetched(None), NOW);
            copy.step(Event::Failed(false), UnixTime(NOW.0 + seconds as i64)) == Action::Use
        }),
        ("KEY_SET_SILENT_SECONDS", bounds::KEY_SET_SILENT_SECONDS as usize, -1, |seconds| {
            let at = NOW.0 - seconds as i64;
            is_warned(&format!(r#""keySets":[{{"at":"/k","fetchedAt":{at},"keys":[],"seen":[]}}]"#))
        }),
        ("KEY_SET_SEEN_SECONDS", bounds::KEY_SET_SEEN_SECONDS as usize - 1, 1, |seconds| {
            let (now, used) = (NOW.0, NOW.0 - seconds as i64);
            let seen = format!(r#"{{"kid":"a","first":0,"last":{used},"used":{used}}}"#);
            is_warned(&format!(r#""keySets":[{{"at":"/k","fetchedAt":{now},"keys":[],"seen":[{seen}]}}]"#))
        }),
        ("CLOCK_AHEAD_SECONDS", bounds::CLOCK_AHEAD_SECONDS as usize, 1, |seconds| {
            !is_warned(&format!(r#""ahead":{seconds}"#))
        }),
    ]
}

fn rsa(bits: usize) -> bool {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] = 0xff >> (modulus.len() * 8 - bits);
    let jwk = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, base64url::encode(&modulus));
    Key::from_jwk(&Json::parse_object(jwk.as_bytes()).unwrap(), Some(Signature::RS256), false).is_ok()
}

fn state_minutes(minutes: usize) -> bool {
    let mut document = document(json!({}));
    document["oauth"]["stateMinutes"] = json!(minutes);
    Account::parse(document.to_string().as_bytes(), true).is_ok()
}

/// The callback of a sign-in that began so many seconds ago.
fn called_back(rest: &str, seconds: usize) -> serde_json::Value {
    let account = account(json!({}));
    let done = started(&account, json!({}));
    let state = login::parameter(done["location"].as_str().unwrap(), "state");
    let text = |member: &str| done["cookie"][member].as_str().unwrap();
    let input = json!({
        "query": format!("?state={state}{rest}"), "cookies": format!("{}={}", text("name"), text("value")),
        "ring": login::ring("k1", 1), "now": NOW.0 + seconds as i64, "account": account, "redirectUri": login::REDIRECT,
    });
    match oauth::callback(&login::object(&input)).unwrap() {
        Step::Done(done) => login::plain(&done),
        _ => panic!("the callback asks nothing"),
    }
}

#[test]
fn every_bound_holds_at_its_limit_and_not_one_past_it() {
    let mut text = String::from("\nBound                            at the limit   one past it\n");
    let rows = rows();
    for (name, limit, past, door) in &rows {
        let past = limit.checked_add_signed(*past).unwrap();
        assert!(door(*limit), "{name}: {limit} is refused");
        assert!(!door(past), "{name}: {past} is accepted");
        writeln!(text, "{name:<24} {limit:>12} accepted   {past} refused").unwrap();
    }
    say(&text);
    // A bound that is added must come with its row; the length of a state has a test of its own below.
    let named: BTreeSet<&str> = rows.iter().map(|(name, ..)| *name).chain(["STATE_CHARACTERS"]).collect();
    let source = include_str!("../../src/bounds.rs");
    let defined: BTreeSet<&str> =
        source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next()).collect();
    assert_eq!(named, defined);
}

/// A state grows with the page in it, by one to two characters for each of the path's.
#[test]
fn the_longest_state_is_512_characters() {
    let ring = Ring::parse(&Json::from(login::object(&login::ring("k1", 1)))).unwrap();
    let done = started(&account(json!({})), json!({}));
    let sealed = login::parameter(done["location"].as_str().unwrap(), "state");
    let mut state = State::open(&ring, &sealed).unwrap();
    // By the name of the key, which stands in front, a state can be of every length.
    let reach = |kid: &str, state: &mut State| {
        let ring = Ring::parse(&Json::from(login::object(&login::ring(kid, 1)))).unwrap();
        let lengths = (1..=250).filter_map(|characters| {
            state.back = Some((0, "p".repeat(characters)));
            state.seal(&ring, [0; 16]).ok().map(|sealed| sealed.len())
        });
        lengths.max().unwrap()
    };
    let longest = ["k", "k1", "k12", "k123"].map(|kid| reach(kid, &mut state)).into_iter().max();
    assert_eq!(longest, Some(bounds::STATE_CHARACTERS));
    let mut length = |characters: usize| {
        state.back = Some((0, "p".repeat(characters)));
        state.seal(&ring, [0; 16]).map(|sealed| sealed.len()).map_err(|error| error.code())
    };
    let lengths: Vec<_> = (1..=250).map(&mut length).collect();
    let longest = lengths.iter().filter_map(|length| length.ok()).max().unwrap();
    assert!((bounds::STATE_CHARACTERS - 2..=bounds::STATE_CHARACTERS).contains(&longest), "{lengths:?}");
    assert_eq!(lengths.last(), Some(&Err(Code::StateTooLong)));
    assert!(lengths.iter().all(|length| matches!(length, Ok(_) | Err(Code::StateTooLong))));
}

#[test]
fn the_defaults_are_those_of_the_table() {
    assert_eq!(Policy::default().leeway, bounds::LEEWAY_SECONDS);
    assert_eq!(
        started(&account(json!({})), json!({}))["cookie"]["maxAge"],
        json!(bounds::STATE_MINUTES * 60)
    );
}
