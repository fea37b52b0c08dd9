//! Our variable-time verification against the crates of RustCrypto: every case, by every preparation of the key, must
//! have one verdict. A thousand cases of each run with the other tests; `CASES=10000000 SEED=1 cargo test --release
//! --test variable_time -- --ignored --nocapture` runs as many as one likes, and says how many of which there were.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.
#![cfg(feature = "variable-time")]

mod numbers;
mod p256_cases;

use std::{env, time::Instant};

#[test]
fn p256_agrees_with_the_p256_crate_in_a_thousand_cases() {
    let counts = p256_cases::run(1_000, 1, |_| {});
    assert!(counts.iter().all(|(kind, _, _)| !kind.is_empty()));
    assert!(counts.iter().map(|(_, accepted, _)| accepted).sum::<u64>() > 300);
    assert!(counts.iter().map(|(_, _, refused)| refused).sum::<u64>() > 300);
}

#[test]
#[ignore = "runs for hours"]
fn p256_long() {
    long(p256_cases::run);
}

fn long(run: fn(u64, u64, fn(u64)) -> Vec<(&'static str, u64, u64)>) {
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
