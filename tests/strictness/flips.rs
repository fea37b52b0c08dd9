//! One token of each algorithm, each of its bytes changed and each of its beginnings: always a refusal with a code,
//! never an acceptance, never a panic. The counts are printed, as they are the result.

use crate::common::{decrypt_key, rows, source, verify};
use handstamp::{
    Code, Error,
    jose::{
        Compact, Content, Management, Signature, base64url, jwe,
        primitives::{agreement, curve::Curve},
    },
};
use p384::ecdsa::signature::Signer as _;
use std::{collections::BTreeMap, fmt::Write as _};

/// What became of the changed tokens of one algorithm.
#[derive(Default)]
struct Count {
    flips: usize,
    truncations: usize,
    codes: BTreeMap<&'static str, usize>,
}

impl Count {
    /// Each byte changed in each of these ways, and each beginning of the token.
    fn of(name: &str, token: &str, ways: &[u8], open: impl Fn(&str) -> Option<Error>) -> Self {
        let mut count = Self::default();
        let mut refused = |text: &str, what: &str| {
            let error = open(text).unwrap_or_else(|| panic!("{name}: accepted with {what}"));
            assert_ne!(error.code(), Code::Internal, "{name}: {what}");
            *count.codes.entry(error.code().as_str()).or_default() += 1;
        };
        for position in 0..token.len() {
            for way in ways {
                let mut bytes = token.as_bytes().to_vec();
                bytes[position] ^= way;
                refused(&String::from_utf8(bytes).unwrap(), &format!("byte {position} changed by {way}"));
            }
            refused(&token[..position], &format!("{position} bytes"));
        }
        count.flips = token.len() * ways.len();
        count.truncations = token.len();
        count
    }
}

/// Prints the counts of one kind of token.
fn report(title: &str, counts: &[(String, Count)]) {
    let mut text =
        format!("\n{title:<30} {:>8} {:>10} {:>11} {:>6}\n", "flipped", "truncated", "by the key", "codes");
    for (name, Count { flips, truncations, codes }) in counts {
        let by_key = ["signature_invalid", "decryption_failed"].iter().filter_map(|code| codes.get(code));
        let (by_key, codes) = (by_key.sum::<usize>(), codes.len());
        writeln!(text, "{name:<30} {flips:>8} {truncations:>10} {by_key:>11} {codes:>6}").unwrap();
    }
    let (flips, truncations) =
        counts.iter().fold((0, 0), |(flips, cut), (_, count)| (flips + count.flips, cut + count.truncations));
    writeln!(text, "{flips} flipped bytes and {truncations} truncations, all refused with a code").unwrap();
    crate::say(&text);
}

/// A token of ES384 or ES512 with its key, made here: the other vectors stop at P-256.
fn larger(alg: Signature) -> (String, String) {
    let header = base64url::encode(format!(r#"{{"alg":"{}"}}"#, alg.name()).as_bytes());
    let input = format!("{header}.{}", base64url::encode(br#"{"sub":"1234"}"#));
    let (crv, signature, x, y) = if alg == Signature::ES384 {
        let key = p384::ecdsa::SigningKey::from_slice(&[3; 48]).unwrap();
        let signature: p384::ecdsa::Signature = key.sign(input.as_bytes());
        let point = key.verifying_key().to_sec1_point(false);
        ("P-384", signature.to_bytes().to_vec(), point.x().unwrap().to_vec(), point.y().unwrap().to_vec())
    } else {
        let key = p521::ecdsa::SigningKey::from_slice(&[&[0][..], &[3; 65]].concat()).unwrap();
        let signature: p521::ecdsa::Signature = key.sign(input.as_bytes());
        let point = key.verifying_key().to_sec1_point(false);
        ("P-521", signature.to_bytes().to_vec(), point.x().unwrap().to_vec(), point.y().unwrap().to_vec())
    };
    let jwk = format!(
        r#"{{"kty":"EC","crv":"{crv}","x":"{}","y":"{}"}}"#,
        base64url::encode(&x),
        base64url::encode(&y)
    );
    let setting = format!(r#"{{"method":"publicKey","alg":"{}","key":{jwk}}}"#, alg.name());
    (setting, format!("{input}.{}", base64url::encode(&signature)))
}

#[test]
fn t24_every_flipped_byte_and_every_truncation_of_a_signed_token_is_refused() {
    let known = rows("python/signed.json", "tokens");
    let mut counts = Vec::new();
    for alg in Signature::ALL {
        let row = known.iter().find(|row| row["alg"] == alg.name());
        let (setting, token) = match row {
            Some(row) => (row["key"].to_string(), row["token"].as_str().unwrap().to_owned()),
            None => larger(*alg),
        };
        let sources = [source(&setting).unwrap()];
        verify(&token, &sources).unwrap_or_else(|error| panic!("{}: {error}", alg.name()));
        let ways: &[u8] = if row.is_some() { &[0x01, 0x04, 0x20] } else { &[0x01, 0x20] };
        let count = Count::of(alg.name(), &token, ways, |text| verify(text, &sources).err());
        counts.push((alg.name().into(), count));
    }
    assert_eq!(counts.len(), 13);
    report("Signed token", &counts);
}

#[test]
fn t24_every_flipped_byte_and_every_truncation_of_an_encrypted_token_is_refused() {
    let mut counts: Vec<(String, Count)> = Vec::new();
    for row in rows("python/management.json", "tokens") {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let (alg, enc, curve) = (text("alg"), text("enc"), text("curve"));
        let here = Management::from_name(&alg).unwrap().is_computed()
            && Curve::from_name(&curve).is_none_or(agreement::is_computed);
        // Each management with one content, each content with one management.
        if !here || (enc != "A128GCM" && alg != "dir") {
            continue;
        }
        let name = format!("{alg} {}{enc}", if curve.is_empty() { curve } else { curve + " " });
        let keys = [decrypt_key(&row["decrypt"].to_string()).unwrap()];
        let open = |token: &str| Compact::parse(token).and_then(|token| jwe::decrypt(&token, &keys)).err();
        let token = text("token");
        assert!(open(&token).is_none(), "{name}");
        counts.push((name.clone(), Count::of(&name, &token, &[0x01], open)));
    }
    let judged = |name: &str| counts.iter().any(|(known, _)| known.split(' ').any(|part| part == name));
    for alg in Management::ALL.iter().filter(|alg| alg.is_computed()) {
        assert!(judged(alg.name()), "{alg:?}");
    }
    assert!(Content::ALL.iter().all(|enc| judged(enc.name())));
    report("Encrypted token", &counts);
}
