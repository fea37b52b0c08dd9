//! The pass: issued for who may play, sealed for one account, good for two hours.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use handstamp::{
    Code,
    admission::{Admission, Provenance},
    json::{Object, Value},
    participation::{Decision, Reason},
    pass::{Pass, Technique},
    seal::{Purpose, Ring, seal},
    time::UnixTime,
};

const NOW: UnixTime = UnixTime(1_800_000_000);
const SALT: [u8; 16] = [9; 16];

fn ring() -> Ring {
    let text = r#"{"environment":"dev","keys":[{"kid":"k1","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","status":"active"}]}"#;
    Ring::parse(&Value::parse(text.as_bytes()).unwrap()).unwrap()
}

fn object(text: &str) -> Object {
    Value::parse_object(text.as_bytes()).unwrap()
}

fn admission(decision: Decision) -> Admission {
    let provenance = r#"{"namespace":"com.example","pid":"abc","jti":"token-1","source":1,
        "keyNames":["key:abc","url:https://acme.example/keys"],"signedAt":1799999990}"#;
    let provenance = Provenance::from_json(&Value::from(object(provenance)), "").unwrap();
    let text = r#"{
        "subject": "1234", "campaignId": "100001", "expiresAt": 1800000060, "decision": "allowed", "limit": { "nb": 3 },
        "prefill": { "form": { "email": "an@example.org", "firstname": "An" }, "optin": { "news": true },
                     "locked": ["email", "news"], "ignored": [] },
        "gift": { "label": "A bike", "cw": true }, "needsProfile": { "accessToken": "an access token" }, "warnings": []
    }"#;
    let mut admission = Admission::from_json(&Value::from(object(text)), provenance).unwrap();
    admission.decision = decision;
    admission
}

fn pass() -> Pass {
    Pass::issue(&admission(Decision::Allowed), "acme", Technique::Token, NOW).unwrap()
}

#[test]
fn a_pass_carries_what_was_judged_and_nothing_else() {
    let text = Value::from(pass().to_json()).to_text();
    assert_eq!(
        text,
        concat!(
            r#"{"account":"acme","campaignId":"100001","subject":"1234","technique":"token","limit":{"nb":3},"#,
            r#""gift":{"label":"A bike","cw":true},"locked":{"email":"an@example.org","news":true},"#,
            r#""namespace":"com.example","pid":"abc","jti":"token-1","source":1,"keyNames":["key:abc","url:https://acme.example/keys"],"#,
            r#""signedAt":1799999990,"issuedAt":1800000000,"expiresAt":1800007200}"#
        )
    );
}

#[test]
fn a_sealed_pass_opens_to_the_same() {
    let text = pass().seal(&ring(), SALT).unwrap();
    assert_eq!(Pass::open(&text, &ring(), "acme").unwrap(), pass());

    let mut bare = pass();
    (bare.limit, bare.gift, bare.provenance.jti, bare.locked) = (None, None, None, Object::new());
    bare.provenance.namespace = String::new();
    bare.technique = Technique::OAuth;
    let text = bare.seal(&ring(), SALT).unwrap();
    assert_eq!(Pass::open(&text, &ring(), "acme").unwrap(), bare);
}

#[test]
fn a_pass_is_issued_only_to_who_may_play() {
    let issue = |decision| Pass::issue(&admission(decision), "acme", Technique::Token, NOW).map(|_| ());
    assert_eq!(issue(Decision::Allowed), Ok(()));
    assert_eq!(issue(Decision::LimitUnchecked), Ok(()));
    assert_eq!(issue(Decision::Refused(Reason::NotAllowed)).unwrap_err().code(), Code::NotAllowed);
    assert_eq!(issue(Decision::Refused(Reason::QuotaReached)).unwrap_err().code(), Code::QuotaReached);
}

#[test]
fn a_pass_rests_on_a_token_or_sign_in() {
    let mut nothing = admission(Decision::Allowed);
    nothing.provenance = Provenance::default();
    let fault = Pass::issue(&nothing, "acme", Technique::Token, NOW).unwrap_err();
    assert_eq!(
        (fault.code(), fault.detail().unwrap().at.as_deref()),
        (Code::SettingsInvalid, Some("/provenance/pid"))
    );
}

#[test]
fn a_campaign_without_limits_has_passes_without() {
    assert!(pass().limit.is_some());
    let mut without = pass();
    without.limit = None;
    assert_eq!(pass().without_limit(), without);
}

#[test]
fn a_pass_lives_two_hours_whatever_the_token_does() {
    let pass = pass();
    assert_eq!(pass.expires_at, NOW.plus(7200));
    assert_eq!(pass.check(NOW), Ok(()));
    assert_eq!(pass.check(NOW.plus(7200)), Ok(()));
    let fault = pass.check(NOW.plus(7201)).unwrap_err();
    assert_eq!(fault.code(), Code::PassExpired);
    assert_eq!(fault.to_string(), "The pass has expired. Got one that expired 1 second ago.");
}

#[test]
fn a_pass_of_another_account_is_refused() {
    let text = pass().seal(&ring(), SALT).unwrap();
    assert_eq!(Pass::open(&text, &ring(), "other").unwrap_err().code(), Code::PassInvalid);
    // Nor does a pass that names another account inside than it is sealed for.
    let inside = Value::from(pass().to_json()).to_text();
    let text = seal(Purpose::Pass, &ring(), "other", inside.as_bytes(), SALT).unwrap();
    assert_eq!(Pass::open(&text, &ring(), "other").unwrap_err().code(), Code::PassInvalid);
}

#[test]
fn no_other_sealed_value_passes_for_a_pass() {
    let inside = Value::from(pass().to_json()).to_text();
    for purpose in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::Pass) {
        let text = seal(purpose, &ring(), "acme", inside.as_bytes(), SALT).unwrap();
        assert_eq!(Pass::open(&text, &ring(), "acme").unwrap_err().code(), Code::PassInvalid, "{purpose:?}");
    }
    for inside in ["", "{}", "[]", r#"{"account":"acme"}"#, &inside.replace("token\"", "else\"")] {
        let text = seal(Purpose::Pass, &ring(), "acme", inside.as_bytes(), SALT).unwrap();
        assert_eq!(Pass::open(&text, &ring(), "acme").unwrap_err().code(), Code::PassInvalid, "{inside}");
    }
}

#[test]
fn missing_broken_and_foreign_passes_have_their_own_codes() {
    let text = pass().seal(&ring(), SALT).unwrap();
    assert_eq!(Pass::open("", &ring(), "acme").unwrap_err().code(), Code::PassMissing);
    assert_eq!(Pass::open("x", &ring(), "acme").unwrap_err().code(), Code::PassInvalid);
    assert_eq!(Pass::open(&text[..text.len() - 1], &ring(), "acme").unwrap_err().code(), Code::PassInvalid);
    let unknown = text.replacen(".k1.", ".k0.", 1);
    assert_eq!(Pass::open(&unknown, &ring(), "acme").unwrap_err().code(), Code::SealKeyUnknown);
}

#[test]
fn a_pass_does_not_show_in_logs() {
    let shown = format!("{:?} {:?}", pass(), admission(Decision::Allowed));
    assert_eq!(shown, "Pass(token …) Admission(allowed …)");
}

#[test]
fn an_admission_survives_the_way_over_json() {
    for decision in [Decision::Allowed, Decision::LimitUnchecked, Decision::Refused(Reason::QuotaReached)] {
        let before = admission(decision);
        let text = Value::from(before.to_json()).to_text();
        let provenance = Value::from(before.provenance.to_json());
        let provenance = Provenance::from_json(&provenance, "").unwrap();
        let after = Admission::from_json(&Value::parse(text.as_bytes()).unwrap(), provenance).unwrap();
        assert!(after == before, "{text}");
    }
}

#[test]
fn techniques_have_their_names() {
    for technique in [Technique::Token, Technique::OAuth, Technique::Anonymous] {
        assert_eq!(Technique::from_name(technique.as_str()), Some(technique));
    }
    assert_eq!(Technique::from_name("password"), None);
}
