//! Further mistakes of the same kinds, each found by trying: what is around a token, what a signature is of, and how times and
//! names are written.

use super::{
    maker::{Maker, claims, der, hmac, with},
    material::base64,
    row::{NOW, Row, row},
};
use anyhow::Result;
use handstamp::jose::base64url;
use serde_json::{Value, json};

pub fn further(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let mut rows = signatures(make)?;
    rows.extend(texts(make)?);
    rows.extend(contents(make)?);
    Ok(rows)
}

fn signatures(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let encode = |input: &str, signature: &[u8]| Some(format!("{input}.{}", base64url::encode(signature)));
    let (input, signature) = make.parts(&json!({ "alg": "ES256" }), &claims(), "ec", "ES256")?;
    let (r, s) = signature.split_at(signature.len() / 2);
    let digits: String = der(&signature).iter().map(|byte| format!("{byte:02x}")).collect();
    let zeros = [&[0], r, &[0], s].concat();
    let (_, of_others) = make.parts(&json!({ "alg": "RS256" }), &claims(), "rsa", "RS256")?;
    let (changed, _) = make.parts(
        &json!({ "alg": "RS256" }),
        &with(json!({ "form": { "firstname": "Eve" } })),
        "rsa",
        "RS256",
    )?;
    let quoted = make.hmac(b"\"a secret that is read from a file\"", &claims())?;
    Ok(vec![
        row(
            "s_before_r",
            "an ES256 signature with s before r",
            "es256",
            encode(&input, &[s, r].concat()),
            "signature_encoded",
        ),
        row(
            "der_in_hexadecimal",
            "an ES256 signature in DER, as hexadecimal text",
            "es256",
            encode(&input, digits.as_bytes()),
            "signature_encoded",
        ),
        row(
            "zeros_before_halves",
            "an ES256 signature with a zero before r and s",
            "es256",
            encode(&input, &zeros),
            "signature_unpadded",
        ),
        row(
            "changed_after_signing",
            "claims that were changed after the signature",
            "rsa",
            encode(&changed, &of_others),
            "signed_text_changed",
        ),
        row(
            "secret_in_quotation_marks",
            "the issuer signs with the secret and its quotation marks",
            "secret-text",
            Some(quoted),
            "secret_encoding",
        ),
    ])
}

fn texts(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let good = make.token("secret", "HS256", &claims())?;
    let (head, _) = good.split_at(60);
    let all: [(&str, &str, String, &str); 15] = [
        ("in_brackets", "in angle brackets", format!("<{good}>"), "token_quoted"),
        ("in_markup", "in an XML element", format!("<token>{good}</token>"), "token_quoted"),
        ("with_comma", "with a comma behind it", format!("{good},"), "token_quoted"),
        ("link_goes_on", "with the next parameter of its link", format!("{good}&lang=nl"), "token_in_link"),
        ("bearer_encoded", "with Bearer%20 before it", format!("Bearer%20{good}"), "token_bearer_prefix"),
        (
            "in_command",
            "a command line",
            format!("curl -H \"Authorization: Bearer {good}\""),
            "token_bearer_prefix",
        ),
        (
            "in_cookie",
            "a header that sets a cookie",
            format!("Set-Cookie: token={good}; Path=/"),
            "token_prefix",
        ),
        (
            "mark_of_direction",
            "with a mark of its direction before it",
            format!("\u{200e}{good}"),
            "token_invisible",
        ),
        ("upper_case", "in upper case", good.to_uppercase(), "token_lower_cased"),
        ("shortened", "shortened to be shown", format!("{head}..."), "token_truncated"),
        ("twice", "the same token twice", format!("{good}{good}"), "token_several"),
        ("encoded_once_more", "encoded in base64 once more", base64(good.as_bytes()), "token_several"),
        ("your_token", "the name of a token in an example", "YOUR_TOKEN".to_owned(), "token_placeholder"),
        ("merge_tag", "a merge tag of a mailing", "*|TOKEN|*".to_owned(), "token_placeholder"),
        ("template_of_ruby", "a template of Ruby", "<%= token %>".to_owned(), "token_placeholder"),
    ];
    Ok(all.map(|(name, about, token, code)| row(name, about, "secret", Some(token), code)).into())
}

fn contents(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let rows = [
        ("exp_as_duration", "exp as a duration", json!({ "exp": 3600 }), "time_unit"),
        ("exp_in_minutes", "exp in minutes", json!({ "exp": NOW / 60 + 5 }), "time_unit"),
        ("exp_in_days", "exp in days", json!({ "exp": NOW / 86_400 + 1 }), "time_unit"),
        (
            "exp_since_2001",
            "exp in seconds since 2001",
            json!({ "exp": NOW + 300 - 978_307_200 }),
            "time_unit",
        ),
        ("exp_as_date", "exp as the digits of a date", json!({ "exp": 20_300_317 }), "time_unit"),
        (
            "exp_as_date_and_time",
            "exp as the digits of a date and a time",
            json!({ "exp": 20_300_317_175_140_i64 }),
            "time_unit",
        ),
        (
            "exp_by_long_name",
            "expiresAt in the place of exp",
            json!({ "exp": null, "expiresAt": NOW + 300 }),
            "name_misspelt",
        ),
        (
            "sub_by_long_name",
            "userId in the place of sub",
            json!({ "sub": null, "userId": "298776628" }),
            "name_misspelt",
        ),
    ];
    let mut signed = |changes: Value| make.token("secret", "HS256", &with(changes)).map(Some);
    let mut out = Vec::new();
    for (name, about, changes, code) in rows {
        out.push(row(name, about, "secret", signed(changes)?, code));
    }
    let utf16: Vec<u8> = claims().to_string().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let input =
        format!("{}.{}", base64url::encode(br#"{"alg":"HS256","typ":"JWT"}"#), base64url::encode(&utf16));
    let mac = hmac(make.0.secret("secret")?, input.as_bytes())?;
    let token = format!("{input}.{}", base64url::encode(&mac));
    out.push(row("claims_in_utf16", "claims in UTF-16", "secret", Some(token), "json_not_utf8"));
    Ok(out)
}
