//! Mistakes of programs that build tokens by hand, and strings that were at hand in place of a token.

use super::{
    maker::{Maker, claims, hmac, with},
    material::base64,
    row::{Row, row},
};
use anyhow::Result;
use handstamp::jose::base64url::{decode, encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub fn everyday(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let mut rows = texts(make)?;
    rows.extend(signatures(make)?);
    rows.extend(contents(make)?);
    Ok(rows)
}

fn texts(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let good = make.token("secret", "HS256", &claims())?;
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = [0, 1, 2].map(|part| parts.get(part).copied().unwrap_or_default());
    let lines: Vec<_> = good.as_bytes().chunks(70).map(String::from_utf8_lossy).collect();
    let saml = base64(b"<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>");
    let all: [(&str, &str, String, &str); 10] = [
        ("soft_line_breaks", "with the soft line breaks of a mail", lines.join("=\r\n"), "token_escaped"),
        ("dots_escaped", "with its dots as escapes of JSON", good.replace('.', "\\u002e"), "token_escaped"),
        ("dot_of_a_sentence", "with the dot of a sentence behind it", format!("{good}."), "token_quoted"),
        (
            "json_in_address",
            "encoded as JSON, then for a URL",
            format!("%22{good}%22"),
            "token_percent_encoded",
        ),
        ("session_id", "a session ID", "8f14e45f-ceea-467f-a0b1-6c1f4f9b1d2a".into(), "token_other_kind"),
        ("saml_response", "a SAML response", saml, "token_other_kind"),
        ("paseto", "a PASETO token", format!("v4.public.{payload}"), "token_other_kind"),
        ("payload_alone", "the claims alone, in base64url", payload.into(), "token_other_kind"),
        ("detached", "without its payload", format!("{header}..{signature}"), "token_other_kind"),
        ("two_parts", "without its signature", format!("{header}.{payload}"), "token_segments"),
    ];
    Ok(all.map(|(name, about, token, code)| row(name, about, "secret", Some(token), code)).into())
}

fn signatures(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let secret = make.0.secret("secret")?.to_vec();
    let input = format!("{}.{}", encode(br#"{"alg":"HS256"}"#), encode(claims().to_string().as_bytes()));
    let by = |secret: &[u8], text: &[u8]| -> Result<Option<String>> {
        Ok(Some(format!("{input}.{}", encode(&hmac(secret, text)?))))
    };
    let hashed = Sha256::digest(&secret);
    let (of_rsa, number) = make.parts(&json!({ "alg": "RS256" }), &claims(), "rsa", "RS256")?;
    let backwards: Vec<u8> = number.into_iter().rev().collect();
    let library = make.parts(&json!({ "alg": "HMACSHA256" }), &claims(), "ec", "ES256")?.0;
    let library = format!("{library}.{}", encode(&hmac(&secret, library.as_bytes())?));
    let json = claims().to_string();
    Ok(vec![
        row(
            "claims_signed",
            "signed over the claims alone, as JSON",
            "secret",
            by(&secret, json.as_bytes())?,
            "signed_text_changed",
        ),
        row(
            "dot_forgotten",
            "signed over header and claims without the dot",
            "secret",
            by(&secret, input.replace('.', "").as_bytes())?,
            "signed_text_changed",
        ),
        row(
            "hashed_twice",
            "signed over the hash of the text",
            "secret",
            by(&secret, &Sha256::digest(&input))?,
            "signed_text_changed",
        ),
        row(
            "secret_hashed",
            "signed with the SHA-256 of the secret",
            "secret",
            by(&hashed, input.as_bytes())?,
            "secret_encoding",
        ),
        row(
            "secret_empty",
            "signed with an empty secret",
            "secret",
            by(b"", input.as_bytes())?,
            "secret_unset",
        ),
        row(
            "secret_undefined",
            "signed with the word undefined",
            "secret",
            by(b"undefined", input.as_bytes())?,
            "secret_unset",
        ),
        row(
            "rsa_little_endian",
            "an RS256 signature in little-endian order",
            "rsa",
            Some(format!("{of_rsa}.{}", encode(&backwards))),
            "signature_encoded",
        ),
        row("alg_of_a_library", "HMACSHA256 in the header", "secret", Some(library), "alg_other_name"),
    ])
}

fn contents(make: &mut Maker<'_>) -> Result<Vec<Row>> {
    let good = make.token("secret", "HS256", &claims())?;
    let mut out = Vec::new();
    for (name, about, payload) in [
        ("payload_in_base64", "claims in base64 once more", encode(claims().to_string().as_bytes())),
        ("token_as_payload", "a token as the payload of another", good),
        ("payload_of_python", "claims as Python prints them", "{'sub': '298776628'}".into()),
        ("payload_of_a_form", "claims as the parameters of a form", "sub=298776628&campaignId=123456".into()),
        ("payload_printed", "an object as JavaScript prints it", "[object Object]".into()),
    ] {
        let input = format!("{}.{}", encode(br#"{"alg":"HS256"}"#), encode(payload.as_bytes()));
        let token = format!("{input}.{}", encode(&hmac(make.0.secret("secret")?, input.as_bytes())?));
        out.push(row(name, about, "secret", Some(token), "payload_other_form"));
    }
    let mut signed = |claims: &Value| make.token("secret", "HS256", claims).map(Some);
    let nested = json!({ "data": claims(), "exp": claims()["exp"] });
    out.push(row(
        "claims_in_data",
        "claims inside another member",
        "secret",
        signed(&nested)?,
        "claims_nested",
    ));
    let short = with(json!({ "campaignId": null, "cid": "123456" }));
    out.push(row(
        "campaign_by_short_name",
        "cid in the place of campaignId",
        "secret",
        signed(&short)?,
        "name_misspelt",
    ));
    let word = with(json!({ "sub": "undefined" }));
    out.push(row(
        "sub_undefined",
        "the word undefined as sub",
        "secret",
        signed(&word)?,
        "value_placeholder",
    ));
    let outside = with(json!({ "canPlay": false }));
    out.push(row(
        "limit_outside",
        "canPlay outside of the limit",
        "secret",
        signed(&outside)?,
        "claim_unknown",
    ));
    let inner = make.token("ec", "ES256", &claims())?;
    let sealed = make.encrypted(&inner)?;
    let (head, tag) = sealed.rsplit_once('.').unwrap_or_default();
    let (head, ciphertext) = head.rsplit_once('.').unwrap_or_default();
    let [ciphertext, tag] = [ciphertext, tag].map(|part| decode(part).unwrap_or_default());
    let together = format!("{head}.{}.", encode(&[ciphertext, tag].concat()));
    out.push(row(
        "tag_in_ciphertext",
        "the tag left at the end of the ciphertext",
        "encrypted",
        Some(together),
        "tag_in_ciphertext",
    ));
    Ok(out)
}
