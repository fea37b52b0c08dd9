//! The corpora of the fuzz targets on stable: every seed holds the laws of its target, and so do mutations of
//! them, the same in every run, in a few seconds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]

#[path = "../../fuzz/laws/callback.rs"]
mod callback;
#[path = "../../fuzz/laws/compact.rs"]
mod compact;
#[path = "../../fuzz/laws/json.rs"]
mod json;
#[path = "../../fuzz/laws/jwe.rs"]
mod jwe;
#[path = "../../fuzz/laws/jwks.rs"]
mod jwks;
#[path = "../../fuzz/laws/pass.rs"]
mod pass;
#[path = "../../fuzz/laws/pem.rs"]
mod pem;
#[path = "../../fuzz/laws/state.rs"]
mod state;
#[path = "../../fuzz/laws/ticket.rs"]
mod ticket;

use std::{
    fs,
    io::Write as _,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

/// What a mutation puts in: the characters on which the readers branch.
const TELLING: &[u8] = b"{}[]\":,.\\/ \n\t=+-_AQ09eEu\0\x7f\xc3\xff";

/// Xorshift: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
}

/// One to four changes of one seed, perhaps with a piece of another.
fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len());
        match random.below(7) {
            0 if !bytes.is_empty() => bytes[place] ^= 1 << random.below(8),
            1 if !bytes.is_empty() => bytes[place] = TELLING[random.below(TELLING.len())],
            2 => bytes.insert(place, TELLING[random.below(TELLING.len())]),
            3 if !bytes.is_empty() => {
                drop(bytes.drain(place..(place + 1 + random.below(8)).min(bytes.len())))
            }
            4 => bytes.truncate(place),
            5 => {
                let piece = bytes[place..(place + random.below(40)).min(bytes.len())].to_vec();
                bytes.splice(place..place, piece);
            }
            _ => {
                let other = &seeds[random.below(seeds.len())];
                bytes.truncate(place);
                bytes.extend_from_slice(&other[random.below(other.len())..]);
            }
        }
    }
    bytes
}

/// Holds the corpus of a target, and so many mutations of it, to the laws; names the input that breaks one.
fn replay(target: &str, mutations: usize, hold: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 8, "{target} has {} seeds", paths.len());
    let seeds: Vec<_> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let check = |name: &str, input: &[u8]| {
        let held = catch_unwind(AssertUnwindSafe(|| hold(input)));
        assert!(held.is_ok(), "{target}: a law is broken by {name}: {:?}", String::from_utf8_lossy(input));
    };
    for (path, seed) in paths.iter().zip(&seeds) {
        check(&path.file_name().unwrap().to_string_lossy(), seed);
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for index in 0..mutations {
        check(&format!("mutation {index}"), &mutated(&seeds, &mut random));
    }
    let line = format!("corpus {target}: {} seeds and {mutations} mutations hold the laws\n", seeds.len());
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

#[test]
fn compact_tokens() {
    replay("compact", 100_000, compact::hold);
}

#[test]
fn json_texts() {
    replay("json", 300_000, json::hold);
}

#[test]
fn encrypted_tokens() {
    replay("jwe", 100_000, jwe::hold);
}

#[test]
fn pem_keys() {
    replay("pem", 40_000, pem::hold);
}

#[test]
fn key_sets() {
    replay("jwks", 30_000, jwks::hold);
}

#[test]
fn states() {
    replay("state", 20_000, state::hold);
}

#[test]
fn passes() {
    replay("pass", 20_000, pass::hold);
}

#[test]
fn tickets() {
    replay("ticket", 20_000, ticket::hold);
}

#[test]
fn callbacks() {
    replay("callback", 20_000, callback::hold);
}

/// Seeds that nothing opens would hold the laws of what opens without a proof.
#[test]
fn the_good_seeds_of_sealed_texts_open() {
    use handstamp::{json::Value, oauth::State, pass::Pass, seal::Ring};
    let seed = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        fs::read_to_string(path).unwrap()
    };
    let ring = r#"{"environment":"dev","keys":[{"kid":"k1","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","status":"active"}]}"#;
    let ring = Ring::parse(&Value::parse(ring.as_bytes()).unwrap()).unwrap();
    assert_eq!(State::open(&ring, &seed("state/sealed")).unwrap().account, "acme");
    assert_eq!(Pass::open(&seed("pass/sealed"), &ring, "acme").unwrap().subject, "1234");
    let issued = seed("ticket/issued");
    assert_eq!(handstamp::oauth::issue_ticket(&ring, "AAECAwQFBgcICQoL").unwrap(), issued);
    assert_eq!(handstamp::oauth::open_ticket(&ring, &issued).unwrap(), "AAECAwQFBgcICQoL");
    let outcome = callback::answer(seed("callback/good").split_once('\n').unwrap()).unwrap();
    assert_eq!(outcome.pointer("/outcome").and_then(Value::as_str), Some("code"));
}

/// A law that never fails would prove nothing.
#[test]
fn a_broken_law_is_found() {
    let found = catch_unwind(|| replay("json", 10, |input| assert!(!input.starts_with(b"{}x"))));
    assert!(found.is_err());
}
