//! The rows of the pack. The first 28 are the situations that integrators meet most often.

use super::{
    everyday::everyday,
    further::further,
    maker::{Maker, claims, cut, der, standard_base64, with},
    material::Material,
    row::{CAMPAIGN, NOW, Row, row},
    shapes::shapes,
};
use anyhow::{Context as _, Result};
use handstamp::jose::base64url;
use serde_json::{Value, json};

/// Every row, in the order of the file.
pub fn rows(material: &mut Material) -> Result<Vec<Row>> {
    let mut rows = situations(&mut Maker(material))?;
    for (row, number) in rows.iter_mut().zip(1..) {
        row.situation = Some(number);
    }
    rows.extend(more(&mut Maker(material))?);
    rows.extend(good(&mut Maker(material))?);
    rows.extend(shapes(&mut Maker(material))?);
    rows.extend(further(&mut Maker(material))?);
    rows.extend(everyday(&mut Maker(material))?);
    Ok(rows)
}

fn situations(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let good = make.token("rsa", "RS256", &claims())?;
    let ec = make.token("ec", "ES256", &claims())?;
    let secret = make.token("secret", "HS256", &claims())?;
    let (rsa_pem, some) = (make.0.key("rsa")?.to_pem(false)?, Some);
    let (input, signature) = ec.rsplit_once('.').context("a token has parts")?;
    let der =
        format!("{input}.{}", base64url::encode(&der(&base64url::decode(signature).unwrap_or_default())));
    let none = {
        let payload = secret.split('.').nth(1).unwrap_or_default();
        format!("{}.{payload}.", base64url::encode(br#"{"alg":"none"}"#))
    };
    let standard = standard_base64(make)?;
    let nested = make.encrypted(&ec)?;
    let twice = Value::String(claims().to_string());
    let mut signed = |changes: Value| make.token("secret", "HS256", &with(changes)).map(Some);
    let (text_exp, early, late) = (
        signed(json!({ "exp": (NOW + 300).to_string() }))?,
        signed(json!({ "nbf": NOW + 30 }))?,
        signed(json!({ "exp": NOW - 5, "iat": NOW - 300 }))?,
    );
    let (milliseconds, endless, number, nobody) = (
        signed(json!({ "exp": (NOW + 300) * 1000 }))?,
        signed(json!({ "exp": null }))?,
        signed(json!({ "campaignId": 123_456 }))?,
        signed(json!({ "sub": null }))?,
    );
    let control = Row { code: None, ..row("control", "a good token", "rsa", some(good.clone()), "") };
    Ok(vec![
        control,
        row(
            "wrong_rsa_key",
            "signed with another RSA key",
            "rsa",
            some(make.token("rsa-other", "RS256", &claims())?),
            "public_key_mismatch",
        ),
        row(
            "secret_text_used_raw",
            "the issuer decodes the base64 text of the secret, the settings do not",
            "secret-base64-as-text",
            some(secret.clone()),
            "secret_encoding",
        ),
        row(
            "wrong_secret",
            "signed with another secret",
            "secret",
            some(make.token("secret-other", "HS256", &claims())?),
            "secret_mismatch",
        ),
        row(
            "truncated_by_copy",
            "the last ten characters are missing",
            "rsa",
            some(cut(&good, 10)),
            "token_truncated",
        ),
        row(
            "truncated_by_address",
            "cut at 120 characters",
            "rsa",
            good.get(..120).map(str::to_owned),
            "token_segments",
        ),
        row("signature_in_der", "the ES256 signature in DER", "es256", some(der), "signature_der"),
        row(
            "pem_without_lines",
            "a PEM text without BEGIN and END",
            "rsa-without-lines",
            None,
            "key_invalid",
        ),
        row(
            "pem_escaped_lines",
            "a PEM text with \\n for its line breaks",
            "rsa-escaped-lines",
            some(good.clone()),
            "pem_escaped_lines",
        ),
        row("pem_pkcs1", "a PEM text in PKCS#1 form", "rsa-pkcs1", some(good.clone()), "pem_pkcs1"),
        row(
            "private_key_given",
            "the private key in place of the public one",
            "rsa-private",
            None,
            "key_is_private",
        ),
        row("ec_key_for_rs256", "a P-256 key for RS256", "ec-for-rs256", None, "key_wrong_type"),
        row(
            "hmac_with_public_key",
            "HS256 with the text of the public key",
            "rsa",
            some(make.hmac(rsa_pem.as_bytes(), &claims())?),
            "hmac_with_public_key",
        ),
        row("alg_none", "not signed", "secret", some(none), "alg_none"),
        row(
            "standard_base64",
            "the parts in standard base64",
            "secret",
            some(standard),
            "token_standard_base64",
        ),
        row(
            "percent_encoded",
            "percent-encoded once too often",
            "rsa",
            some(good.replace('.', "%2E")),
            "token_percent_encoded",
        ),
        row(
            "bearer_prefix",
            "with Bearer before it",
            "rsa",
            some(format!("Bearer {good}")),
            "token_bearer_prefix",
        ),
        row(
            "trailing_line_break",
            "with a line break after it",
            "rsa",
            some(format!("{good}\n")),
            "token_whitespace",
        ),
        row(
            "jwe_for_jws",
            "encrypted, where no key decrypts",
            "es256",
            some(nested),
            "encryption_unexpected",
        ),
        row(
            "double_encoded",
            "the claims encoded as JSON twice",
            "secret",
            some(make.token("secret", "HS256", &twice)?),
            "payload_double_encoded",
        ),
        row("exp_as_text", "exp as a text", "secret", text_exp, "claim_type"),
        row(
            "nbf_30_seconds_ahead",
            "nbf 30 seconds ahead: accepted by the leeway",
            "secret",
            early,
            "not_yet_valid_within_leeway",
        ),
        row(
            "expired_5_seconds_ago",
            "expired 5 seconds ago: accepted by the leeway",
            "secret",
            late,
            "expired_within_leeway",
        ),
        row(
            "exp_in_milliseconds",
            "exp in milliseconds",
            "secret",
            milliseconds,
            "exp_looks_like_milliseconds",
        ),
        row("no_exp", "no exp", "secret", endless, "expiry_missing"),
        row(
            "campaign_id_number",
            "campaignId as a number: accepted with a warning",
            "secret",
            number,
            "campaign_id_number",
        ),
        row("no_sub", "no sub", "secret", nobody, "subject_missing"),
        row(
            "no_kid",
            "no kid, where a key set is configured",
            "jwks",
            some(make.token("ec", "ES256", &claims())?),
            "kid_missing",
        ),
    ])
}

fn more(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let some = Some;
    let example = json!({ "sub": "298776628", "iat": 1_619_102_989, "exp": 1_619_101_489, "iss": "ABC Company", "campaignId": CAMPAIGN });
    let good = make.token("secret", "HS256", &claims())?;
    let secret: Vec<u8> = make.0.secret("secret")?.to_vec();
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let inner = make.token("ec", "ES256", &claims())?;
    let other = make.token("ec-other", "ES256", &claims())?;
    let nested = make.encrypted(&inner)?;
    let iv = base64url::encode(&make.0.entropy.bytes(16));
    let parts: Vec<&str> = nested.split('.').collect();
    let [header, key, _, content, tag] = parts.as_slice() else { anyhow::bail!("a JWE has five parts") };
    let long_iv = format!("{header}.{key}.{iv}.{content}.{tag}");
    let mut signed = |changes: Value| make.token("secret", "HS256", &with(changes)).map(Some);
    let (flag, php, expired, elsewhere, limit, early) = (
        signed(json!({ "limit": { "canPlay": 1 } }))?,
        signed(json!({ "form": [] }))?,
        signed(json!({ "exp": NOW - 3600, "iat": NOW - 7200 }))?,
        signed(json!({ "campaignId": "654321" }))?,
        signed(json!({ "limit": {} }))?,
        signed(json!({ "nbf": NOW + 3600 }))?,
    );
    Ok(vec![
        row(
            "published_example",
            "the documentation's example: exp lies 1,500 seconds before iat",
            "secret",
            some(make.token("secret", "HS256", &example)?),
            "exp_before_iat",
        ),
        row(
            "secret_as_hex_text",
            "the issuer signs with the hexadecimal text of the secret",
            "secret",
            some(make.hmac(hex.as_bytes(), &claims())?),
            "secret_encoding",
        ),
        row(
            "secret_with_line_break",
            "the issuer's secret ends with a line break",
            "secret-text",
            some(make.hmac(b"a secret that is read from a file\n", &claims())?),
            "secret_white_space",
        ),
        row(
            "other_configured_key",
            "signed with another key than kid names",
            "jwks",
            some(make.with_kid("ec-other", "ES256", Some("ec"), &claims())?),
            "signed_with_other_key",
        ),
        row(
            "unknown_kid",
            "a kid that the set does not have",
            "jwks",
            some(make.with_kid("ec", "ES256", Some("ec-2020"), &claims())?),
            "kid_unknown",
        ),
        row("quoted", "in quotation marks", "secret", some(format!("\"{good}\"")), "token_quoted"),
        row(
            "wrapped",
            "with a line break inside",
            "secret",
            some(format!("{}\r\n{}", good.get(..64).unwrap_or_default(), good.get(64..).unwrap_or_default())),
            "token_whitespace",
        ),
        row("padded", "with padding at the end", "secret", some(format!("{good}=")), "token_padding"),
        row("iv_of_16_bytes", "AES-GCM with an IV of 16 bytes", "encrypted", some(long_iv), "iv_length"),
        row(
            "encrypted_for_another",
            "a changed ciphertext",
            "encrypted",
            some(format!("{header}.{key}.{}.{content}.{tag}", "AAAAAAAAAAAAAAAA")),
            "decryption_failed",
        ),
        row(
            "readable_where_encrypted",
            "not encrypted, where that is required",
            "encrypted",
            some(inner),
            "encryption_required",
        ),
        row(
            "encrypted_not_signed",
            "claims encrypted without a signature",
            "encrypted",
            some(make.encrypted(&claims().to_string())?),
            "jwe_without_jws",
        ),
        row(
            "signed_by_another_inside",
            "the inner signature is another's",
            "encrypted",
            some(make.encrypted(&other)?),
            "signature_invalid",
        ),
        row("can_play_number", "canPlay: 1", "secret", flag, "boolean_as_number"),
        row(
            "php_empty_array",
            "PHP's [] for an empty form: accepted with a warning",
            "secret",
            php,
            "empty_array",
        ),
        row("expired", "expired an hour ago", "secret", expired, "token_expired"),
        row("not_yet_valid", "nbf an hour ahead", "secret", early, "token_not_yet_valid"),
        row("other_campaign", "for another campaign", "secret", elsewhere, "campaign_mismatch"),
        row("empty_limit", "a limit with neither nb nor canPlay", "secret", limit, "limit_empty"),
        row("no_token", "nothing at all", "secret", some(String::new()), "token_missing"),
    ])
}

/// A good token of each algorithm.
fn good(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, key, alg, settings) in [
        ("good_hs256", "secret", "HS256", "secret"),
        ("good_hs384", "secret-64", "HS384", "hs384"),
        ("good_hs512", "secret-64", "HS512", "hs512"),
        ("good_rs384", "rsa", "RS384", "rs384"),
        ("good_rs512", "rsa", "RS512", "rs512"),
        ("good_ps256", "rsa", "PS256", "ps256"),
        ("good_ps384", "rsa", "PS384", "ps384"),
        ("good_ps512", "rsa", "PS512", "ps512"),
        ("good_es256", "ec", "ES256", "es256"),
        ("good_es384", "p384", "ES384", "es384"),
        ("good_es512", "p521", "ES512", "es512"),
        ("good_eddsa", "ed25519", "EdDSA", "eddsa"),
    ] {
        let token = make.token(key, alg, &claims())?;
        rows.push(Row { code: None, ..row(name, "a good token", settings, Some(token), "") });
    }
    let inner = make.token("ec", "ES256", &claims())?;
    let nested = make.encrypted(&inner)?;
    rows.push(Row {
        code: None,
        ..row("good_encrypted", "signed, then encrypted", "encrypted", Some(nested), "")
    });
    let named = make.with_kid("rsa", "RS256", Some("rsa"), &claims())?;
    rows.push(Row { code: None, ..row("good_jwks", "with a key set", "jwks", Some(named), "") });
    Ok(rows)
}
