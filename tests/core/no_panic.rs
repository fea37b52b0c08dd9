//! Whatever comes in, a value or a typed refusal comes out. The mutations are the same on every run.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{hs256, rows, signed, source};
use handstamp::{
    jose::{
        Compact, base64url, jwe,
        key::{KeySet, KeySource},
        nested::{self, Encryption},
        primitives::read_pem,
    },
    json::Value,
};

/// A small generator (xorshift64*): repeatable, and good enough to choose bytes.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap()
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() % limit.max(1)
    }

    /// Changes, inserts, removes, repeats or exchanges a few bytes.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        const WORDS: [&[u8]; 16] = [
            b".", b"..", b"=", b"\0", b"\xff", b"{", b"}", b"[", b"\"", b"\\u", b"\\ud800", b"1e999",
            b"null", b"-----", b"A", b",",
        ];
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let (at, other) = (self.below(bytes.len()), self.below(bytes.len()));
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                1 => bytes.truncate(at),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                3 if !bytes.is_empty() => bytes.swap(at, other),
                4 => {
                    let piece = bytes[at.min(other)..at.max(other)].to_vec();
                    drop(bytes.splice(at..at, piece));
                }
                _ => drop(bytes.splice(at..at, WORDS[self.below(WORDS.len())].iter().copied())),
            }
        }
        bytes
    }
}

fn mutations(samples: &[Vec<u8>], rounds: usize, mut check: impl FnMut(&[u8])) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for sample in samples {
        check(sample);
        for _ in 0..rounds {
            check(&numbers.mutate(sample));
        }
    }
}

fn texts(name: &str, list: &str, member: &str) -> Vec<Vec<u8>> {
    rows(name, list).iter().map(|row| row[member].as_str().unwrap().as_bytes().to_vec()).collect()
}

#[test]
fn json_never_panics_and_what_was_read_reads_again() {
    let mut samples = vec![br#"{"a":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00\n"],"b":{"c":{}}}"#.to_vec()];
    samples
        .extend(rows("python/signed.json", "tokens").iter().take(3).map(|row| row.to_string().into_bytes()));
    let (mut read, mut refused) = (0, 0);
    mutations(&samples, 5_000, |bytes| match Value::parse(bytes) {
        Ok(value) => {
            assert_eq!(Value::parse(value.to_text().as_bytes()).unwrap(), value);
            read += 1;
        }
        Err(_) => refused += 1,
    });
    assert!(read > 500 && refused > 5_000, "{read} read, {refused} refused");
}

#[test]
fn tokens_never_panic() {
    let mut samples = texts("python/signed.json", "tokens", "token");
    samples.extend(texts("python/encrypted.json", "tokens", "token"));
    samples.push(signed(r#"{"alg":"HS256"}"#, b"{}").into_bytes());
    let key = rows("python/encrypted.json", "tokens")[0]["decrypt"].to_string();
    let keys = [common::decrypt_key(&key).unwrap()];
    let sources = [hs256(), source(&rows("python/signed.json", "tokens")[0]["key"].to_string()).unwrap()];
    let mut opened = 0;
    mutations(&samples, 1_000, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        opened += usize::from(nested::open(&text, &keys, Encryption::Accept, &sources).is_ok());
    });
    assert!(opened >= 2, "the samples themselves open");
}

/// Headers, keys and ciphertexts that are well-formed base64url, as an attacker would send them.
#[test]
fn parts_of_tokens_never_panic() {
    let mut numbers = Numbers(1);
    let key = common::decrypt_key(
        r#"{"key":"a decryption key of 32 bytes, ok","encoding":"utf8","alg":"dir","enc":"A256GCM"}"#,
    );
    let keys = [key.unwrap()];
    let headers: [&[u8]; 3] =
        [br#"{"alg":"dir","enc":"A256GCM"}"#, br#"{"alg":"HS256","kid":"a"}"#, br#"{"alg":"ES256"}"#];
    let mut parsed = 0;
    for round in 0..20_000 {
        let header =
            if round % 2 == 0 { headers[round % 3].to_vec() } else { numbers.mutate(headers[round % 3]) };
        let mut parts = vec![base64url::encode(&header)];
        for _ in 0..[2, 4][numbers.below(2)] {
            let length = numbers.below(40);
            let part: Vec<u8> = (0..length).map(|_| u8::try_from(numbers.below(256)).unwrap()).collect();
            parts.push(base64url::encode(&part));
        }
        if let Ok(token) = Compact::parse(&parts.join(".")) {
            parsed += 1;
            assert!(jwe::decrypt(&token, &keys).is_err());
        }
    }
    assert!(parsed > 1_000, "{parsed}");
}

#[test]
fn keys_never_panic() {
    mutations(&texts("python/keys.json", "good", "pem"), 2_000, |bytes| {
        let _ = read_pem(&String::from_utf8_lossy(bytes));
    });
    let set = common::vectors("python/key_set.json")["keySet"].to_string().into_bytes();
    let mut usable = 0;
    mutations(&[set], 3_000, |bytes| usable += usize::from(KeySet::fetched(bytes, None).is_ok()));
    assert!(usable > 100, "{usable}");
    let settings: Vec<_> =
        rows("python/signed.json", "tokens").iter().map(|row| row["key"].to_string().into_bytes()).collect();
    mutations(&settings, 200, |bytes| {
        if let Ok(value) = Value::parse(bytes) {
            let _ = KeySource::from_settings(&value, "/verify", true);
        }
    });
}
