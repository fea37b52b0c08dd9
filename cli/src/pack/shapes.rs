//! The rows of tokens, keys and secrets in a wrong form: the form is the cause, not the key.

use super::{
    maker::{Maker, claims, hmac, with},
    material::base64,
    row::{CAMPAIGN, NOW, Row, row},
};
use anyhow::{Context as _, Result};
use handstamp::jose::base64url;
use serde_json::{Value, json};

pub fn shapes(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let mut rows = signatures(make)?;
    rows.extend(texts(make)?);
    rows.extend(encrypted(make)?);
    rows.extend(names(make)?);
    rows.extend(keys(make)?);
    Ok(rows)
}

fn signatures(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let encode = |(input, signature): (String, Vec<u8>)| format!("{input}.{}", base64url::encode(&signature));
    let text = |(input, signature): (String, Vec<u8>)| {
        let digits: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{input}.{}", base64url::encode(digits.as_bytes()))
    };
    let pss = make.parts(&json!({ "alg": "RS256" }), &claims(), "rsa", "PS256")?;
    let pkcs1 = make.parts(&json!({ "alg": "PS256" }), &claims(), "rsa", "RS256")?;
    let hex = make.parts(&json!({ "alg": "RS256" }), &claims(), "rsa", "RS256")?;
    let (input, _) = make.parts(&json!({ "alg": "HS256" }), &claims(), "ec", "ES256")?;
    let mac = hmac(make.0.secret("secret")?, input.as_bytes())?;
    let (long, _) = make.parts(&json!({ "alg": "HS512" }), &claims(), "ec", "ES256")?;
    let short = hmac(make.0.secret("secret-64")?, long.as_bytes())?;
    let mut unpadded = None;
    for number in 0..5000 {
        let (input, signature) = make.parts(
            &json!({ "alg": "ES256" }),
            &with(json!({ "jti": format!("{number}") })),
            "ec",
            "ES256",
        )?;
        if let Some(rest) = signature.strip_prefix(&[0]) {
            unpadded = Some(format!("{input}.{}", base64url::encode(rest)));
            break;
        }
    }
    Ok(vec![
        row(
            "pss_for_rs256",
            "RS256 in the header, signed by PS256",
            "rsa",
            Some(encode(pss)),
            "signature_other_algorithm",
        ),
        row(
            "pkcs1_for_ps256",
            "PS256 in the header, signed by RS256",
            "ps256",
            Some(encode(pkcs1)),
            "signature_other_algorithm",
        ),
        row(
            "hs256_for_hs512",
            "HS512 in the header, signed by HS256",
            "hs512",
            Some(encode((long, short))),
            "signature_other_algorithm",
        ),
        row(
            "rsa_in_hexadecimal",
            "the RS256 signature as hexadecimal text",
            "rsa",
            Some(text(hex)),
            "signature_encoded",
        ),
        row(
            "hmac_in_hexadecimal",
            "the HS256 signature as hexadecimal text",
            "secret",
            Some(text((input.clone(), mac.clone()))),
            "signature_encoded",
        ),
        row(
            "hmac_in_base64",
            "the HS256 signature encoded twice",
            "secret",
            Some(format!("{input}.{}", base64url::encode(base64(&mac).as_bytes()))),
            "signature_encoded",
        ),
        row(
            "ecdsa_without_zero",
            "r without its leading zero",
            "es256",
            Some(unpadded.context("no such signature")?),
            "signature_unpadded",
        ),
    ])
}

fn texts(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let good = make.token("secret", "HS256", &claims())?;
    let mut spaces = None;
    for number in 0..1000 {
        let token = make.token("secret", "HS256", &with(json!({ "jti": format!("{number}") })))?;
        if token.rsplit('.').next().is_some_and(|part| part.contains('-')) {
            spaces = Some(token.replace('-', " ").replace('_', "/"));
            break;
        }
    }
    let all: [(&str, &str, String, &str); 8] = [
        ("jwt_prefix", "with JWT before it", format!("JWT {good}"), "token_prefix"),
        (
            "whole_link",
            "a whole link",
            format!("https://www.acme.example/play?token={good}&lang=nl"),
            "token_in_link",
        ),
        ("placeholder", "a template that was never filled", "{{token}}".to_owned(), "token_placeholder"),
        ("undefined", "a variable without a value", "undefined".to_owned(), "token_placeholder"),
        ("byte_order_mark", "with a byte order mark before it", format!("\u{feff}{good}"), "token_invisible"),
        ("typographic_quotes", "in typographic quotation marks", format!("“{good}”"), "token_quoted"),
        ("lower_case", "in lower case", good.to_lowercase(), "token_lower_cased"),
        (
            "plus_as_space",
            "spaces for its plus signs",
            spaces.context("no such token")?,
            "token_plus_as_space",
        ),
    ];
    Ok(all.map(|(name, about, token, code)| row(name, about, "secret", Some(token), code)).into())
}

fn encrypted(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let inner = make.token("ec", "ES256", &claims())?;
    let whole = make.encrypted(&inner)?;
    let parts = |count: usize| whole.split('.').take(count).collect::<Vec<_>>().join(".");
    Ok(vec![
        row(
            "encrypted_of_three_parts",
            "an encrypted token cut behind its third part",
            "encrypted",
            Some(parts(3)),
            "token_truncated",
        ),
        row(
            "encrypted_of_four_parts",
            "an encrypted token cut behind its fourth part",
            "encrypted",
            Some(parts(4)),
            "token_truncated",
        ),
        row(
            "tag_of_19_bytes",
            "an authentication tag that is too long",
            "encrypted",
            Some(format!("{whole}AAAA")),
            "tag_length",
        ),
        row(
            "cty_json",
            "cty says json",
            "encrypted",
            Some(make.encrypted_as(&inner, "json")?),
            "content_type",
        ),
        row(
            "inner_line_break",
            "a line break behind the inner token",
            "encrypted",
            Some(make.encrypted(&format!("{inner}\n"))?),
            "token_whitespace",
        ),
    ])
}

fn names(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let mut signed = |changes: Value| make.token("secret", "HS256", &with(changes)).map(Some);
    let ticks = (NOW + 300 + 62_135_596_800) * 10_000_000;
    let rows = [
        (
            "microseconds",
            "exp in microseconds",
            signed(json!({ "exp": (NOW + 300) * 1_000_000 }))?,
            "time_unit",
        ),
        ("ticks", "exp in ticks of .NET", signed(json!({ "exp": ticks }))?, "time_unit"),
        (
            "campaign_with_fraction",
            "campaignId: 123456.0",
            signed(json!({ "campaignId": format!("{CAMPAIGN}.0") }))?,
            "campaign_mismatch",
        ),
        (
            "campaign_misspelt",
            "campaign_id for campaignId",
            signed(json!({ "campaignId": null, "campaign_id": CAMPAIGN }))?,
            "name_misspelt",
        ),
        (
            "limit_misspelt",
            "can_play for canPlay, alone",
            signed(json!({ "limit": { "can_play": true } }))?,
            "name_misspelt",
        ),
        (
            "limit_with_more",
            "Nb beside nb: accepted with a warning",
            signed(json!({ "limit": { "nb": 1, "Nb": 2 } }))?,
            "limit_member_unknown",
        ),
        (
            "claim_misspelt",
            "limits for limit: accepted with a warning",
            signed(json!({ "limits": { "nb": 1 } }))?,
            "claim_unknown",
        ),
    ];
    let mut rows: Vec<_> =
        rows.map(|(name, about, token, code)| row(name, about, "secret", token, code)).into();
    let http = make.token("secret", "HS256", &with(json!({ "iss": "http://id.acme.example" })))?;
    rows.push(row("issuer_by_http", "http for https in the issuer", "issuer", Some(http), "issuer_mismatch"));
    let header = json!({ "alg": "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256" });
    let (input, _) = make.parts(&header, &claims(), "ec", "ES256")?;
    let mac = hmac(make.0.secret("secret")?, input.as_bytes())?;
    let token = format!("{input}.{}", base64url::encode(&mac));
    rows.push(row("alg_as_uri", "alg as a URI of XML signatures", "secret", Some(token), "alg_xmldsig"));
    Ok(rows)
}

fn keys(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let short = make.with_kid("ec-short", "ES256", Some("ec-short"), &claims())?;
    let (input, signature) = make.parts(&json!({ "alg": "Ed25519" }), &claims(), "ed25519", "Ed25519")?;
    let edwards = format!("{input}.{}", base64url::encode(&signature));
    let secret = "a secret that is read from a file";
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let prefixed = make.token("secret", "HS256", &claims())?;
    Ok(vec![
        row(
            "coordinate_short",
            "a key without a leading zero: accepted with a warning",
            "jwks-short",
            Some(short),
            "coordinate_short",
        ),
        Row {
            code: None,
            ..row("good_ed25519", "a good token by the name of RFC 9864", "eddsa", Some(edwards), "")
        },
        row(
            "secret_in_utf16",
            "the issuer signs with the secret in UTF-16",
            "secret-text",
            Some(make.hmac(&utf16, &claims())?),
            "secret_encoding",
        ),
        row(
            "secret_with_prefix",
            "a secret with base64: before it, used as text",
            "secret-prefixed",
            Some(prefixed),
            "secret_encoding",
        ),
        row(
            "public_jwk_as_secret",
            "a public JWK as a shared secret",
            "secret-public-jwk",
            None,
            "key_is_public",
        ),
        row(
            "public_key_in_base64_as_secret",
            "a PEM key in base64 as a shared secret",
            "secret-public-base64",
            None,
            "key_is_pem",
        ),
    ])
}
