//! A login server made of data, and the host that plays a stage against it: request, answer, and again.
#![allow(dead_code)] // Each test file uses its part.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)] // A test may stop.

use handstamp::{
    Error,
    jose::base64url,
    json::{Object, Value as Json},
    oauth::{self, Step},
};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The time of all tests.
pub const NOW: i64 = 1_800_000_000;
/// The issuer.
pub const ISSUER: &str = "https://id.acme.example/realms/acme";
/// Our shared redirect address.
pub const REDIRECT: &str = "https://play.example/oauth/callback";
/// The client secret, with characters that must be escaped.
pub const SECRET: &str = "s3cret: with +/%& and thirty-two bytes or more";
/// The verifier of RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// A nonce.
pub const NONCE: &str = "bm9uY2Utb2Ytc2l4dGVlbg";

/// An account document in normal form, with `oauth` settings on top of the usual ones.
pub fn account(oauth: Value) -> Value {
    document(json!({ "oauth": oauth }))
}

/// An account document in normal form, changed by a merge patch.
pub fn document(patch: Value) -> Value {
    let mut document = json!({
        "account": "acme",
        "origins": ["https://www.acme.example", "https://shop.acme.example"],
        "oauth": {
            "issuer": ISSUER,
            "clientId": "hand stamp:1",
            "clientAuth": { "method": "client_secret_basic", "secret": { "secret": "OIDC_CLIENT" } },
            "redirectUri": "shared",
        },
        "campaigns": {
            "123456": { "signIn": ["oauth"], "fields": [
                { "name": "email", "type": "email" }, { "name": "firstname" }, { "name": "city" },
            ] },
            "654321": { "signIn": ["anonymous"] },
        },
    });
    merge(&mut document, patch);
    let account = handstamp::account::Account::parse(document.to_string().as_bytes(), true).unwrap();
    serde_json::from_str(&account.to_json().to_text()).unwrap()
}

/// RFC 7396.
pub fn merge(target: &mut Value, patch: Value) {
    match patch {
        Value::Object(patch) => {
            for (name, value) in patch {
                if value.is_null() {
                    target.as_object_mut().unwrap().remove(&name);
                } else if target.get(&name).is_some_and(Value::is_object) && value.is_object() {
                    merge(&mut target[&name], value);
                } else {
                    target[&name] = value;
                }
            }
        }
        other => *target = other,
    }
}

/// A ring with one key.
pub fn ring(kid: &str, byte: u8) -> Value {
    json!({ "environment": "test", "keys": [
        { "kid": kid, "key": base64url::encode(&[byte; 32]), "status": "active" },
    ] })
}

/// JSON of the tests as JSON of the crate.
pub fn object(value: &Value) -> Object {
    Json::parse_object(value.to_string().as_bytes()).unwrap()
}

/// A result as JSON of the tests.
pub fn plain(value: &Json) -> Value {
    serde_json::from_str(&value.to_text()).unwrap()
}

/// A stage.
pub type Stage = fn(&Object) -> Result<Step<Json>, Error>;

/// Plays a stage to its end. Each request goes to `host`; all of them are given back beside the result.
pub fn play(
    stage: Stage,
    input: &Value,
    host: impl FnMut(&Value) -> Value,
) -> (Result<Value, Error>, Vec<Value>) {
    play_with(stage, input, host, |operation| panic!("nobody has offered to compute {operation}"))
}

/// As [`play`]; what the stage asks WebCrypto for goes to `compute`.
pub fn play_with(
    stage: Stage,
    input: &Value,
    mut host: impl FnMut(&Value) -> Value,
    mut compute: impl FnMut(&Value) -> Value,
) -> (Result<Value, Error>, Vec<Value>) {
    let mut input = input.clone();
    input["answers"] = json!([]);
    let mut requests = Vec::new();
    loop {
        match stage(&object(&input)) {
            Ok(Step::Done(done)) => return (Ok(plain(&done)), requests),
            Err(error) => return (Err(error), requests),
            Ok(Step::Request(request)) => {
                let request = plain(&request.to_json());
                input["answers"].as_array_mut().unwrap().push(host(&request));
                requests.push(request);
                assert!(requests.len() < 10, "the stage does not end");
            }
            Ok(Step::Operation(operation)) => {
                let computed = input["host"]["answers"].as_array_mut().expect("a host that computes");
                computed.push(compute(&plain(&operation)));
                assert!(computed.len() < 10, "the stage does not end");
            }
        }
    }
}

/// A good answer with a JSON body.
pub fn json_answer(body: &Value) -> Value {
    json!({ "status": 200, "contentType": "application/json; charset=utf-8", "body": body.to_string() })
}

/// A signing key of the login server.
pub struct Signer256 {
    /// Its name, where it has one.
    pub kid: Option<&'static str>,
    key: SigningKey,
}

impl Signer256 {
    /// A key made from one byte.
    pub fn new(kid: Option<&'static str>, byte: u8) -> Self {
        Self { kid, key: SigningKey::from_slice(&[byte; 32]).unwrap() }
    }

    /// The public half as JWK.
    pub fn jwk(&self) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut jwk = json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
            "x": base64url::encode(point.x().unwrap()), "y": base64url::encode(point.y().unwrap()),
        });
        if let Some(kid) = self.kid {
            jwk["kid"] = json!(kid);
        }
        jwk
    }

    /// A token with this header (beside `alg` and `kid`) and these claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let mut whole = json!({ "alg": "ES256" });
        if let Some(kid) = self.kid {
            whole["kid"] = json!(kid);
        }
        merge(&mut whole, header.clone());
        let input = signing_input(&whole, claims);
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", base64url::encode(&signature.to_bytes()))
    }
}

fn signing_input(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url::encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

/// A token with HS256.
pub fn sign_hs256(secret: &str, claims: &Value) -> String {
    let input = signing_input(&json!({ "alg": "HS256" }), claims);
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(&input).finalize();
    format!("{input}.{}", base64url::encode(&mac.into_bytes()))
}

/// A token with `alg: none`.
pub fn unsigned(claims: &Value) -> String {
    format!("{}.", signing_input(&json!({ "alg": "none" }), claims))
}

/// `at_hash` of an access token with a 256-bit hash.
pub fn at_hash(access_token: &str) -> String {
    base64url::encode(&Sha256::digest(access_token.as_bytes())[..16])
}

/// A login server: what it answers, all of it open to change by a test.
pub struct Server {
    /// Its signing key.
    pub signer: Signer256,
    /// Its metadata.
    pub metadata: Value,
    /// The keys it publishes, one list for each request; the last one stays.
    pub key_sets: Vec<Vec<Value>>,
    /// The claims of its ID tokens.
    pub id_claims: Value,
    /// The whole ID token, where it is not the signed claims.
    pub id_token: Option<Value>,
    /// Its access tokens.
    pub access_token: String,
    /// What it knows of the person.
    pub userinfo: Value,
    /// Whole answers by purpose, in place of the good ones.
    pub answers: Vec<(&'static str, Value)>,
}

impl Server {
    /// A login server where all is well.
    pub fn new() -> Self {
        let signer = Signer256::new(Some("k1"), 7);
        let jwk = signer.jwk();
        Self {
            signer,
            metadata: json!({
                "issuer": ISSUER,
                "authorization_endpoint": format!("{ISSUER}/authorize"),
                "token_endpoint": format!("{ISSUER}/token"),
                "userinfo_endpoint": format!("{ISSUER}/userinfo"),
                "jwks_uri": format!("{ISSUER}/keys"),
            }),
            key_sets: vec![vec![jwk]],
            id_claims: json!({
                "iss": ISSUER, "aud": "hand stamp:1", "sub": "u-1", "exp": NOW + 300, "iat": NOW, "nonce": NONCE,
                "email": "ada@example.org",
            }),
            id_token: None,
            access_token: "opaque-access-token".into(),
            userinfo: json!({
                "sub": "u-1", "email": "ada@example.org", "given_name": "Ada", "address": { "locality": "London" },
            }),
            answers: Vec::new(),
        }
    }

    /// Answers a request.
    pub fn answer(&mut self, request: &Value) -> Value {
        let purpose = request["purpose"].as_str().unwrap();
        if let Some((_, answer)) = self.answers.iter().find(|(known, _)| *known == purpose) {
            return answer.clone();
        }
        match purpose {
            "discovery" => json_answer(&self.metadata),
            "keySet" => {
                let keys =
                    if self.key_sets.len() > 1 { self.key_sets.remove(0) } else { self.key_sets[0].clone() };
                json_answer(&json!({ "keys": keys }))
            }
            "token" => {
                let signed = || json!(self.signer.sign(&json!({}), &self.id_claims));
                json_answer(&json!({
                    "access_token": self.access_token, "token_type": "bearer", "expires_in": "soon",
                    "id_token": self.id_token.clone().unwrap_or_else(signed),
                }))
            }
            "userinfo" => json_answer(&self.userinfo),
            other => panic!("nobody expected a request for {other}"),
        }
    }

    /// Redeems a code at this server.
    pub fn redeem(&mut self, account: &Value) -> (Result<Value, Error>, Vec<Value>) {
        play(oauth::redeem, &redemption(account), |request| self.answer(request))
    }

    /// The refusal of a redemption.
    #[track_caller]
    pub fn refusal(&mut self, account: &Value) -> Error {
        self.redeem(account).0.expect_err("the server's answers are refused")
    }
}

/// What redeems a code of the test account.
pub fn redemption(account: &Value) -> Value {
    json!({
        "account": account, "secrets": { "OIDC_CLIENT": SECRET }, "campaignId": "123456", "code": "c-0&de +1",
        "verifier": VERIFIER, "nonce": NONCE, "redirectUri": REDIRECT, "sid": "sid-of-sixteen__", "now": NOW,
    })
}

/// A start of the test account, with changes to its input.
pub fn start_input(account: &Value, patch: Value) -> Value {
    let mut input = json!({
        "account": account, "campaignId": "123456", "step": "form", "lang": "fr", "return": "1/game?x=1",
        "referer": "https://shop.acme.example/game?x=1", "bind": base64url::encode(&[9; 32]), "ring": ring("k1", 1), "redirectUri": REDIRECT, "now": NOW,
        "entropy": base64url::encode(&[5; 48]),
    });
    merge(&mut input, patch);
    input
}

/// A started sign-in: location, cookie, sid.
pub fn started(account: &Value, patch: Value) -> Value {
    let mut server = Server::new();
    play(oauth::start, &start_input(account, patch), |request| server.answer(request)).0.unwrap()
}

/// The parameters of an address, decoded.
pub fn parameters(location: &str) -> Vec<(String, String)> {
    let query = location.split_once('?').unwrap().1;
    let decode = |text: &str| {
        let mut bytes = text.bytes();
        let mut out = Vec::new();
        while let Some(byte) = bytes.next() {
            assert_ne!(byte, b'+', "a space is %20");
            out.push(if byte == b'%' {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            } else {
                byte
            });
        }
        String::from_utf8(out).unwrap()
    };
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// One parameter of an address.
pub fn parameter(location: &str, name: &str) -> String {
    let all = parameters(location);
    let found: Vec<_> = all.iter().filter(|(known, _)| known == name).collect();
    assert_eq!(found.len(), 1, "{name} in {location}");
    found[0].1.clone()
}

/// Where a refusal stands, what was expected and what was found.
pub fn detail(error: &Error) -> (String, String, String) {
    let detail = error.detail().cloned().unwrap_or_default();
    (detail.at.unwrap_or_default(), detail.expected.unwrap_or_default(), detail.got.unwrap_or_default())
}

/// What a stage asked for, in order.
pub fn purposes(requests: &[Value]) -> Vec<&str> {
    requests.iter().map(|request| request["purpose"].as_str().unwrap()).collect()
}

/// Any answer.
pub fn text_answer(status: u16, content_type: &str, body: &str) -> Value {
    json!({ "status": status, "contentType": content_type, "body": body })
}
