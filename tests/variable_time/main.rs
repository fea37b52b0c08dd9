//! Our variable-time verification against the crates of RustCrypto: every case, by every preparation of the key, must
//! have one verdict. A thousand cases of each run with the other tests; `CASES=10000000 SEED=1 cargo test --release
//! --test variable_time -- --ignored --nocapture` runs as many as one likes, and says how many of which there were.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.
#![cfg(feature = "variable-time")]

mod numbers;
mod p256_cases;
mod rsa_cases;

#[path = "../../fuzz/laws/es256.rs"]
mod law;

use std::{env, fs, time::Instant};

/// A kind of case, how many of it had a result or were accepted, and how many not.
type Count = (&'static str, u64, u64);
/// So many cases from a seed, with a word after each.
type Run = fn(u64, u64, fn(u64)) -> Vec<Count>;

#[test]
fn p256_agrees_with_the_p256_crate_in_a_thousand_cases() {
    let counts = p256_cases::run(1_000, 1, |_| {});
    assert!(counts.iter().all(|(_, accepted, refused)| accepted + refused > 0), "{counts:?}");
    assert!(counts.iter().map(|(_, accepted, _)| accepted).sum::<u64>() > 300);
    assert!(counts.iter().map(|(_, _, refused)| refused).sum::<u64>() > 300);
}

#[test]
fn the_seeds_of_the_fuzz_target_hold_its_law() {
    for seed in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/es256")).unwrap() {
        law::hold(&fs::read(seed.unwrap().path()).unwrap());
    }
}

#[test]
fn rsa_powers_agree_with_the_rsa_crate_in_a_thousand_cases() {
    let counts = rsa_cases::run(1_000, 1, |_| {});
    assert!(counts.iter().all(|(_, powers, none)| *powers > 50 && *none > 0), "{counts:?}");
}

#[test]
#[ignore = "runs for hours"]
fn rsa_long() {
    long(rsa_cases::run);
}

#[test]
#[ignore = "runs for hours"]
fn p256_long() {
    long(p256_cases::run);
}

fn long(run: Run) {
    let number = |name: &str, other: u64| env::var(name).map_or(other, |text| text.parse().unwrap());
    let started = Instant::now();
    let counts = run(number("CASES", 100_000), number("SEED", 1), |done| {
        if done % 100_000 == 0 {
            println!("{done}");
        }
    });
    for (kind, accepted, refused) in &counts {
        println!("{kind}: {accepted} accepted, {refused} refused");
    }
    println!(
        "{} cases in {} s",
        counts.iter().map(|row| row.1 + row.2).sum::<u64>(),
        started.elapsed().as_secs()
    );
}
