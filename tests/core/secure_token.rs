//! The secure token from end to end: settings and a token in, an admission or an exact refusal out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use crate::common::encrypt_for;
use handstamp::{
    Code, Result,
    admission::Admission,
    jose::{Host, Signature, base64url, here, jws::sign_hmac, key::Key},
    json::{Object, Value},
    pass::{Pass, Technique},
    profile::Fields,
    secure_token::{self, AdmitOptions, Refused, Settings},
    time::UnixTime,
};

const NOW: UnixTime = UnixTime(1_800_000_000);
const SECRET: &[u8; 32] = b"a secret of exactly 32 bytes ...";

fn value(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

fn object(text: &str) -> Object {
    Value::parse_object(text.as_bytes()).unwrap()
}

fn source() -> String {
    format!(
        r#"{{"method":"symmetricKey","key":"{}","encoding":"base64url","alg":"HS256"}}"#,
        base64url::encode(SECRET)
    )
}

fn decrypt() -> String {
    format!(
        r#"{{"key":"{}","encoding":"base64url","alg":"dir","enc":"A256GCM"}}"#,
        base64url::encode(&[7; 32])
    )
}

fn settings(more: &str) -> Settings {
    let more = if more.is_empty() { String::new() } else { format!(",{more}") };
    Settings::parse(format!(r#"{{"verify":{}{more}}}"#, source()).as_bytes()).unwrap()
}

fn sign(claims: &str) -> String {
    let key = Key::from_secret(SECRET, Signature::HS256, false).unwrap();
    sign_hmac(&object(r#"{"typ":"JWT"}"#), claims.as_bytes(), &key).unwrap()
}

fn encrypt(token: &str, iv: [u8; 12]) -> String {
    encrypt_for(&decrypt(), token.as_bytes(), iv, Some("JWT"))
}

/// A token of participant 1234 for campaign 100001 that lives five minutes, with more claims.
fn token(more: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!(",{more}") };
    sign(&format!(r#"{{"sub":"1234","campaignId":"100001","exp":{}{more}}}"#, NOW.0 + 300))
}

fn admit(settings: &Settings, token: &str) -> Result<Admission> {
    secure_token::admit(settings, token, &AdmitOptions::new("100001", NOW))
}

fn text(admission: &Admission) -> String {
    Value::from(admission.to_json()).to_text()
}

#[test]
fn sub_and_campaign_are_enough() {
    let admission = admit(&settings(""), &token("")).unwrap();
    assert_eq!(
        text(&admission),
        concat!(
            r#"{"subject":"1234","campaignId":"100001","expiresAt":1800000300,"decision":"allowed","#,
            r#""prefill":{"form":{},"optin":{},"locked":[],"ignored":[]},"warnings":[]}"#
        )
    );
    assert_eq!((admission.provenance.namespace.as_str(), admission.provenance.jti.as_deref()), ("", None));
}

#[test]
fn a_full_token_fills_the_form() {
    let claims = r#""iss":"com.example","jti":"t-1","iat":1799999990,"nbf":1799999700,
        "limit":{"nb":3,"canPlay":true},"gift":{"label":"A bike","cw":true},
        "form":{"firstname":"An","email":"an@example.org","age":42},"optin":{"news":1},
        "profile":{"firstname":"Anna","lastname":"Peeters"},"custom":{"played":[1,2],"vip":true}"#;
    let settings = settings(r#""mapping":{"email":{"from":"email","lock":true}}"#);
    let admission =
        secure_token::admit(&settings, &token(claims), &AdmitOptions::new("100001", NOW).participations(1))
            .unwrap();
    assert_eq!(
        text(&admission),
        concat!(
            r#"{"subject":"1234","campaignId":"100001","expiresAt":1800000300,"decision":"allowed","#,
            r#""limit":{"nb":3,"canPlay":true},"#,
            r#""prefill":{"form":{"firstname":"An","email":"an@example.org","age":"42","lastname":"Peeters"},"#,
            r#""optin":{"news":true},"locked":["email"],"ignored":[]},"#,
            r#""gift":{"label":"A bike","cw":true},"custom":{"played":[1,2],"vip":true},"warnings":[]}"#
        )
    );
    assert_eq!(
        (admission.provenance.namespace.as_str(), admission.provenance.jti.as_deref()),
        ("com.example", Some("t-1"))
    );
}

#[test]
fn the_limit_decides_and_a_refusal_still_says_what_is_known() {
    let claims = r#""limit":{"nb":1},"form":{"firstname":"An"}"#;
    let unknown = AdmitOptions::new("100001", NOW);
    let admit =
        |options: AdmitOptions<'_>| secure_token::admit(&settings(""), &token(claims), &options).unwrap();
    let refused = admit(unknown.participations(1));
    assert_eq!(refused.decision.reason().map(|reason| reason.as_str()), Some("quota_reached"));
    assert_eq!(refused.prefill.form.len(), 1);
    let unchecked = admit(unknown);
    assert_eq!(unchecked.decision.as_str(), "limit_unchecked");
    assert_eq!(unchecked.warnings[0].warning.as_str(), "limit_unchecked");
    assert_eq!(admit(unknown.participations(0)).decision.as_str(), "allowed");
}

#[test]
fn an_access_token_is_used_only_when_there_is_no_data() {
    let settings = settings(r#""accessTokenInClear":true"#);
    for (claims, expected) in [
        (r#""access_token":"abc.def""#, Some("abc.def")),
        (r#""access_token":"abc.def","form":{}"#, Some("abc.def")),
        (r#""access_token":"abc.def","form":[],"optin":[],"profile":{}"#, Some("abc.def")),
        (r#""access_token":"abc.def","custom":{"a":1}"#, Some("abc.def")),
        (r#""access_token":"abc.def","form":{"firstname":"An"}"#, None),
        (r#""access_token":"abc.def","optin":{"news":false}"#, None),
        (r#""access_token":"abc.def","profile":{"firstname":"An"}"#, None),
        (r#""access_token":"abc.def","limit":{"canPlay":false}"#, None),
        (r#""access_token":null"#, None),
    ] {
        let admission = admit(&settings, &token(claims)).unwrap();
        assert_eq!(admission.access_token(), expected, "{claims}");
        assert!(!format!("{admission:?}").contains("abc"));
    }
}

#[test]
fn an_access_token_stands_where_the_settings_say() {
    for (setting, claims) in [
        ("token", r#""token":"abc""#),
        ("https://acme.example/token", r#""https://acme.example/token":"abc""#),
        ("/custom/token", r#""custom":{"token":"abc"}"#),
    ] {
        let settings = settings(&format!(r#""accessToken":"{setting}","accessTokenInClear":true"#));
        assert_eq!(admit(&settings, &token(claims)).unwrap().access_token(), Some("abc"), "{setting}");
    }
    // The default place is then a claim like any other.
    let settings = settings(r#""accessToken":"token""#);
    assert_eq!(admit(&settings, &token(r#""access_token":"abc""#)).unwrap().access_token(), None);
}

#[test]
fn a_readable_token_must_not_carry_an_access_token() {
    let fault = admit(&settings(""), &token(r#""access_token":"abc""#)).unwrap_err();
    assert_eq!(fault.code(), Code::AccessTokenInClear);
    assert_eq!(
        fault.to_string(),
        "A token that is not encrypted contains an access token. At /access_token."
    );
    let settings = settings(&format!(r#""decrypt":{}"#, decrypt()));
    let encrypted = encrypt(&token(r#""access_token":"abc""#), [1; 12]);
    assert_eq!(admit(&settings, &encrypted).unwrap().access_token(), Some("abc"));
}

#[test]
fn an_access_token_that_no_header_may_carry_is_refused() {
    let settings = settings(r#""accessTokenInClear":true"#);
    for claims in [
        r#""access_token":"""#,
        r#""access_token":"a b""#,
        r#""access_token":"a\r\nx-evil: 1""#,
        r#""access_token":"é""#,
        r#""access_token":1"#,
        r#""access_token":{"token":"abc"}"#,
    ] {
        let fault = admit(&settings, &token(claims)).unwrap_err();
        assert_eq!(fault.code(), Code::ClaimType, "{claims}");
        assert_eq!(fault.detail().unwrap().at.as_deref(), Some("/access_token"));
    }
}

#[test]
fn encryption_is_required_once_a_decryption_key_is_configured() {
    let plain = token(r#""form":{"firstname":"An"}"#);
    let encrypted = encrypt(&plain, [1; 12]);
    let with = |encryption: &str| settings(&format!(r#""decrypt":{}{encryption}"#, decrypt()));
    let code =
        |settings: &Settings, token: &str| admit(settings, token).map(|_| ()).map_err(|fault| fault.code());
    assert_eq!(code(&with(""), &encrypted), Ok(()));
    assert_eq!(code(&with(""), &plain), Err(Code::EncryptionRequired));
    assert_eq!(code(&with(r#","encryption":"require""#), &plain), Err(Code::EncryptionRequired));
    assert_eq!(code(&with(r#","encryption":"accept""#), &plain), Ok(()));
    assert_eq!(code(&with(r#","encryption":"accept""#), &encrypted), Ok(()));
    assert_eq!(code(&with(r#","encryption":"off""#), &encrypted), Err(Code::EncryptionUnexpected));
    assert_eq!(code(&settings(""), &encrypted), Err(Code::EncryptionUnexpected));
}

#[test]
fn a_token_keeps_its_id_however_it_is_encrypted() {
    let settings = settings(&format!(r#""decrypt":{},"encryption":"accept""#, decrypt()));
    let (one, other) = (token(""), token(r#""jti":"2""#));
    let pid = |token: &str| admit(&settings, token).unwrap().provenance.pid.to_owned();
    assert_eq!(pid(&one), pid(&encrypt(&one, [1; 12])));
    assert_eq!(pid(&one), pid(&encrypt(&one, [2; 12])));
    assert_ne!(pid(&one), pid(&other));
    assert_eq!(pid(&one).len(), 43);
}

#[test]
fn verify_answers_header_and_claims_as_they_were_signed() {
    let signed = format!(r#"{{ "exp": {}, "big": 12345678901234567890, "é": "\u00e9" }}"#, NOW.0);
    let (header, claims) = secure_token::verify(&settings(""), &sign(&signed), NOW).unwrap();
    assert_eq!((header.alg(), header.typ()), ("HS256", Some("JWT")));
    assert_eq!(claims.text(), signed);
    assert_eq!(claims.expires_at(), Some(NOW));
}

#[test]
fn the_profile_completes_what_the_token_left_open() {
    let settings = settings(
        r#""accessTokenInClear":true,"mapping":{"id":"sub","email":{"from":"email","lock":true},"city":"/address/locality"}"#,
    );
    let admission = admit(&settings, &token(r#""access_token":"abc""#)).unwrap();
    assert_eq!(admission.prefill.form, object(r#"{"id":"1234"}"#));
    let profile = value(r#"{"sub":"other","email":"an@example.org","address":{"locality":"Ghent"}}"#);
    let complete = secure_token::complete(admission.clone(), &profile, &settings, None).unwrap();
    assert_eq!(complete.prefill.form, object(r#"{"id":"1234","email":"an@example.org","city":"Ghent"}"#));
    assert_eq!(complete.prefill.locked, ["email"]);
    assert_eq!(complete.access_token(), None);
    for wrong in ["[]", "null", "\"x\"", "1"] {
        let fault = secure_token::complete(admission.clone(), &value(wrong), &settings, None).unwrap_err();
        assert_eq!(fault.code(), Code::ProfileNotObject, "{wrong}");
    }
}

#[test]
fn without_a_mapping_the_profile_fills_the_fields_of_its_names() {
    let settings = settings(r#""accessTokenInClear":true"#);
    let fields = Fields::parse(
        &value(r#"{"fields":[{"name":"email","type":"email"}],"optins":[{"name":"news"}]}"#),
        "",
    );
    let fields = fields.unwrap();
    let admission = admit(&settings, &token(r#""access_token":"abc""#)).unwrap();
    let profile = value(r#"{"sub":"1234","email":"an@example.org","news":true}"#);
    let complete = secure_token::complete(admission, &profile, &settings, Some(&fields)).unwrap();
    assert_eq!(
        Value::from(complete.prefill.to_json()).to_text(),
        concat!(
            r#"{"form":{"email":"an@example.org"},"optin":{"news":true},"locked":[],"#,
            r#""ignored":[{"name":"sub","reason":"unknown_field"}]}"#
        )
    );
}

#[test]
fn the_campaigns_fields_judge_what_fits() {
    let fields = value(r#"{"fields":[{"name":"birthdate","type":"date"},{"name":"email","type":"email"}]}"#);
    let fields = Fields::parse(&fields, "").unwrap();
    let claims = r#""form":{"birthdate":"2000-12-24T12:00:00.000Z","email":"nobody","shoe":"42"},"optin":{"news":true}"#;
    let admission =
        secure_token::admit(&settings(""), &token(claims), &AdmitOptions::new("100001", NOW).fields(&fields))
            .unwrap();
    assert_eq!(
        Value::from(admission.prefill.to_json()).to_text(),
        concat!(
            r#"{"form":{"birthdate":"2000-12-24"},"optin":{},"locked":[],"ignored":["#,
            r#"{"name":"email","reason":"not_an_email"},{"name":"shoe","reason":"unknown_field"},"#,
            r#"{"name":"news","reason":"unknown_field"}]}"#
        )
    );
}

#[test]
fn hostile_names_are_data() {
    let claims = r#""form":{"__proto__":"x","constructor":"y"},"custom":{"toString":1}"#;
    let admission = admit(&settings(""), &token(claims)).unwrap();
    assert_eq!(admission.prefill.form, object(r#"{"__proto__":"x","constructor":"y"}"#));
}

#[test]
fn newer_keys_are_worth_a_look_for_a_token_that_only_its_key_stands_against() {
    let event = |token: &str, code, campaign| {
        let refused = Refused { token, code };
        here(secure_token::newer_keys(&settings(""), refused, campaign, NOW, &Host::none())).unwrap()
    };
    let (good, late) = (token(""), sign(r#"{"sub":"1234","campaignId":"100001","exp":1700000000}"#));
    for doubted in [Code::SignatureInvalid, Code::AlgNotAllowed] {
        assert_eq!(event(&good, doubted, Some("100001")), Some("doubt"));
        assert_eq!(event(&good, doubted, None), Some("doubt"));
        assert_eq!(event(&good, doubted, Some("100002")), None, "not for this campaign");
        assert_eq!(event(&late, doubted, None), None, "expired");
        assert_eq!(event("no.token.here", doubted, None), None);
    }
    assert_eq!(event(&late, Code::KidUnknown, None), Some("refresh"));
    assert_eq!(event(&late, Code::KeySetNotLoaded, None), Some("need"));
    assert_eq!(event(&good, Code::TokenExpired, None), None);
}

#[test]
fn a_second_key_serves_the_rotation_and_a_revoked_one_never() {
    let old = source();
    let new = old.replace(&base64url::encode(SECRET), &base64url::encode(&[200; 32]));
    let with = |sources: &[(&str, &str)]| {
        let sources: Vec<String> = sources
            .iter()
            .map(|(source, status)| source.replacen('{', &format!(r#"{{"id":"k","status":"{status}","#), 1))
            .collect();
        Settings::parse(format!(r#"{{"verify":[{}]}}"#, sources.join(",")).as_bytes())
    };
    let signed_with_old = token("");
    for statuses in [("active", "next"), ("retiring", "active"), ("next", "active")] {
        let settings = with(&[(&old, statuses.0), (&new, statuses.1)]).unwrap();
        assert!(admit(&settings, &signed_with_old).is_ok(), "{statuses:?}");
    }
    let revoked = with(&[(&old, "revoked"), (&new, "active")]).unwrap();
    assert_eq!(admit(&revoked, &signed_with_old).unwrap_err().code(), Code::SignatureInvalid);
    let fault = with(&[(&old, "revoked")]).unwrap_err();
    assert_eq!(fault.to_string(), "No verification key is configured. At /verify. Got only revoked keys.");
}

#[test]
fn settings_are_read_strictly_and_say_where_they_are_wrong() {
    let verify = format!(r#""verify":{}"#, source());
    let nine = vec![source(); 9].join(",");
    for (text, code, place) in [
        ("".to_owned(), Code::SettingsInvalid, ""),
        ("{".into(), Code::SettingsInvalid, ""),
        ("[]".into(), Code::SettingsInvalid, ""),
        ("{}".into(), Code::KeysMissing, "/verify"),
        (r#"{"verify":null}"#.into(), Code::KeysMissing, "/verify"),
        (r#"{"verify":[]}"#.into(), Code::KeysMissing, "/verify"),
        (format!(r#"{{"verify":[{nine}]}}"#), Code::SettingsInvalid, "/verify"),
        (r#"{"verify":{"method":"publickey"}}"#.into(), Code::SettingsInvalid, "/verify/method"),
        (format!(r#"{{{verify},"isuer":"x"}}"#), Code::SettingsUnknown, "/isuer"),
        (format!(r#"{{{verify},"issuer":1}}"#), Code::SettingsInvalid, "/issuer"),
        (format!(r#"{{{verify},"issuer":""}}"#), Code::SettingsInvalid, "/issuer"),
        (format!(r#"{{{verify},"issuer":[]}}"#), Code::SettingsInvalid, "/issuer"),
        (format!(r#"{{{verify},"audience":["a",""]}}"#), Code::SettingsInvalid, "/audience"),
        (format!(r#"{{{verify},"audience":["a",null]}}"#), Code::SettingsInvalid, "/audience"),
        (format!(r#"{{{verify},"audience":{{"0":"a"}}}}"#), Code::SettingsInvalid, "/audience"),
        (format!(r#"{{{verify},"expiry":"never"}}"#), Code::SettingsInvalid, "/expiry"),
        (format!(r#"{{{verify},"leewaySeconds":301}}"#), Code::SettingsInvalid, "/leewaySeconds"),
        (format!(r#"{{{verify},"leewaySeconds":-1}}"#), Code::SettingsInvalid, "/leewaySeconds"),
        (format!(r#"{{{verify},"leewaySeconds":1.5}}"#), Code::SettingsInvalid, "/leewaySeconds"),
        (format!(r#"{{{verify},"leewaySeconds":"60"}}"#), Code::SettingsInvalid, "/leewaySeconds"),
        (format!(r#"{{{verify},"maxLifetimeSeconds":0}}"#), Code::SettingsInvalid, "/maxLifetimeSeconds"),
        (format!(r#"{{{verify},"accessToken":"/~"}}"#), Code::SettingsInvalid, "/accessToken"),
        (format!(r#"{{{verify},"accessTokenInClear":"yes"}}"#), Code::SettingsInvalid, "/accessTokenInClear"),
        (format!(r#"{{{verify},"encryption":"require"}}"#), Code::SettingsInvalid, "/encryption"),
        (format!(r#"{{{verify},"encryption":"on"}}"#), Code::SettingsInvalid, "/encryption"),
        (format!(r#"{{{verify},"decrypt":[]}}"#), Code::KeysMissing, "/decrypt"),
        (format!(r#"{{{verify},"mapping":{{"email":1}}}}"#), Code::SettingsInvalid, "/mapping/email"),
        (
            format!(r#"{{{verify},"decrypt":{}}}"#, decrypt().replace("dir", "RSA1_5")),
            Code::AlgRefused,
            "/decrypt/alg",
        ),
        (
            format!(
                r#"{{{verify},"decrypt":[{}]}}"#,
                decrypt().replace(&base64url::encode(&[7; 32]), &base64url::encode(SECRET))
            ),
            Code::KeyShared,
            "/decrypt/0/key",
        ),
    ] {
        let fault = Settings::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault.code(), code, "{text}");
        assert_eq!(fault.detail().and_then(|detail| detail.at.as_deref()), Some(place), "{text}");
        assert!(!fault.to_string().contains(&base64url::encode(SECRET)), "a secret must not show");
    }
    let fault = Settings::parse(format!(r#"{{{verify},"leewaySecond":60}}"#).as_bytes()).unwrap_err();
    assert_eq!(
        fault.to_string(),
        r#"A setting's name is unknown. At /leewaySecond. Expected a known name, probably "leewaySeconds"."#
    );
}

#[test]
fn a_short_value_of_a_setting_is_shown_and_one_that_may_be_a_secret_is_not() {
    let message = |member: &str| {
        let text = format!(r#"{{"verify":{},{member}}}"#, source());
        Settings::parse(text.as_bytes()).unwrap_err().to_string()
    };
    assert_eq!(
        message(r#""encryption":"require""#),
        r#"A setting is not valid. At /encryption. Expected "off", or a key in `decrypt`. Got "require", but `decrypt` has no key."#
    );
    assert!(message(r#""expiry":"sometimes""#).ends_with(r#"Got "sometimes"."#));
    let misplaced = message(&format!(r#""expiry":{:?}"#, str::from_utf8(SECRET).unwrap()));
    let length = SECRET.len();
    assert!(misplaced.ends_with(&format!("Got a string of {length} characters.")), "{misplaced}");
    let format = message(r#""mapping":{"day":{"from":"/day","as":"date","format":"DD.MM"}}"#);
    assert!(format.ends_with(r#"Got "DD.MM"."#), "{format}");
}

#[test]
fn null_settings_count_as_absent_where_that_checks_no_less() {
    let text = format!(
        r#"{{"verify":{},"accessToken":null,"allowShortSecret":null,"expiry":null,"leewaySeconds":null,"mapping":null}}"#,
        source().replacen('{', r#"{"id":null,"status":null,"#, 1)
    );
    assert!(admit(&Settings::parse(text.as_bytes()).unwrap(), &token("")).is_ok());
}

#[test]
fn no_debug_text_shows_a_secret_or_a_person() {
    let settings = settings(&format!(r#""decrypt":{}"#, decrypt()));
    let encrypted = encrypt(&token(r#""form":{"firstname":"Annabel"}"#), [1; 12]);
    let (header, claims) = secure_token::verify(&settings, &encrypted, NOW).unwrap();
    let shown = format!("{settings:?} {claims:?} {:?} {header:?}", admit(&settings, &encrypted).unwrap());
    for secret in [&base64url::encode(SECRET), "Annabel", "1234", "a secret of", "97, 32, 115"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn no_change_of_a_byte_of_the_settings_stops_the_reader() {
    let text = format!(
        r#"{{"verify":[{}],"decrypt":{},"encryption":"accept","issuer":"a","leewaySeconds":60,"accessToken":"/a/b","mapping":{{"email":{{"from":"/a~1b","as":"date","format":"DD/MM/YYYY","lock":true}}}}}}"#,
        source(),
        decrypt()
    );
    assert!(Settings::parse(text.as_bytes()).is_ok());
    let mut refused: usize = 0;
    for position in 0..text.len() {
        for byte in [0, b'"', b'0', b'A', b'}', b'-', b'~', 0xff] {
            let mut changed = text.clone().into_bytes();
            changed[position] = byte;
            refused = refused.saturating_add(usize::from(Settings::parse(&changed).is_err()));
        }
        assert!(Settings::parse(&text.as_bytes()[..position]).is_err());
    }
    assert!(refused > text.len(), "{refused}");
}

#[test]
fn a_profile_that_locks_hides_or_limits_binds_the_pass() {
    let fields = Fields::parse(&value(r#"{"fields":[{"name":"segment","type":"hidden"}]}"#), "").unwrap();
    let claims = r#""access_token":"abc""#;
    for (more, fields, binds) in [
        ("", None, false),
        (r#","mapping":{"email":"mail"}"#, None, false),
        (r#","mapping":{"email":{"from":"mail","lock":true}}"#, None, true),
        (r#","profileLimit":{"nb":"/plays"}"#, None, true),
        ("", Some(&fields), true),
    ] {
        let settings = settings(&format!(r#""accessTokenInClear":true{more}"#));
        let mut options = AdmitOptions::new("100001", NOW);
        options.fields = fields;
        let admission = secure_token::admit(&settings, &token(claims), &options).unwrap();
        assert_eq!(admission.profile_binds, binds, "{more}");
        let pass = Pass::issue(&admission, "acme", Technique::Token, NOW).unwrap();
        assert_eq!(pass.profile_pending, binds);
        let read = Pass::from_json(&Value::from(pass.to_json())).unwrap();
        assert!(read == pass, "{more}");
        let complete = secure_token::complete(admission, &value("{}"), &settings, fields).unwrap();
        assert!(!Pass::issue(&complete, "acme", Technique::Token, NOW).unwrap().profile_pending);
    }
    // Data in the token: no profile is waited for.
    let settings = settings(r#""profileLimit":{"nb":"plays"}"#);
    let admission = admit(&settings, &token(r#""form":{}"#)).unwrap();
    assert!(!Pass::issue(&admission, "acme", Technique::Token, NOW).unwrap().profile_pending);
}

#[test]
fn of_the_limits_of_token_and_profile_the_stricter_one_counts() {
    let settings =
        settings(r#""accessTokenInClear":true,"profileLimit":{"nb":"/plays/left","canPlay":"open"}"#);
    for (limit, profile, expected) in [
        ("", r#"{"plays":{"left":2}}"#, r#"{"nb":2}"#),
        (r#","limit":{"nb":1}"#, r#"{"plays":{"left":"2"},"open":"true"}"#, r#"{"nb":1,"canPlay":true}"#),
        (
            r#","limit":{"nb":3,"canPlay":true}"#,
            r#"{"plays":{"left":0},"open":false}"#,
            r#"{"nb":0,"canPlay":false}"#,
        ),
        (r#","limit":{"nb":3}"#, r#"{"plays":null}"#, r#"{"nb":3}"#),
    ] {
        let admission = admit(&settings, &token(&format!(r#""access_token":"abc"{limit}"#))).unwrap();
        let complete = secure_token::complete(admission, &value(profile), &settings, None).unwrap();
        assert_eq!(complete.limit.unwrap().to_json(), object(expected), "{limit} {profile}");
        assert_eq!(complete.decision.reason().is_some(), profile.contains("false") || profile.contains(":0"));
    }
    let admission = admit(&settings, &token(r#""access_token":"abc""#)).unwrap();
    for wrong in [r#"{"open":"oui"}"#, r#"{"plays":{"left":-1}}"#, r#"{"plays":{"left":[]}}"#] {
        let fault = secure_token::complete(admission.clone(), &value(wrong), &settings, None).unwrap_err();
        assert_eq!(fault.code(), Code::ProfileInvalid, "{wrong}");
    }
}
