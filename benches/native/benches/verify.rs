//! What the core takes natively: HMAC tokens from end to end, ECDSA by each preparation of the key, beside the crates.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use handstamp::{
    jose::{
        Signature, jws,
        key::Key,
        primitives::secp256r1::{Preparation, PreparedKey, PublicKey},
    },
    json::Object,
    secure_token::{self, Settings},
    time::UnixTime,
};
use p256::ecdsa::{
    Signature as P256, SigningKey,
    signature::hazmat::{PrehashSigner, PrehashVerifier},
};
use sha2::{Digest, Sha256};
use std::hint::black_box;

fn tokens(criterion: &mut Criterion) {
    let secret = "an example secret of 32 bytes ok";
    let settings = format!(
        r#"{{"verify":{{"method":"symmetricKey","alg":"HS256","key":"{secret}","encoding":"utf8"}}}}"#
    );
    let settings = Settings::parse(settings.as_bytes()).expect("good settings");
    let key = Key::from_secret(secret.as_bytes(), Signature::HS256, false).expect("a good key");
    for (name, bytes) in [("614 B", 614), ("8 KB", 8246)] {
        let claims =
            format!(r#"{{"sub":"1234","exp":1800000300,"custom":{{"text":"{}"}}}}"#, "x".repeat(bytes - 54));
        let token = jws::sign_hmac(&Object::new(), claims.as_bytes(), &key).expect("signed");
        criterion.bench_function(&format!("token HS256, claims of {name}"), |bench| {
            bench.iter(|| {
                secure_token::verify(&settings, black_box(&token), UnixTime(1_800_000_000)).expect("good")
            });
        });
    }
}

fn p256(criterion: &mut Criterion) {
    let signing = SigningKey::from_bytes(&[7; 32].into()).expect("a key");
    let verifying = signing.verifying_key();
    let hash: [u8; 32] = Sha256::digest(b"a message").into();
    let signature: P256 = signing.sign_prehash(&hash).expect("signed");
    let bytes = signature.to_bytes();
    let key = PublicKey::from_sec1(verifying.to_sec1_point(false).as_bytes()).expect("of P-256");
    criterion.bench_function("ES256, the p256 crate", |bench| {
        bench.iter(|| verifying.verify_prehash(black_box(&hash), &signature).expect("good"));
    });
    for preparation in [Preparation::Little, Preparation::Small, Preparation::Large] {
        criterion.bench_function(&format!("ES256, preparing the key: {preparation:?}"), |bench| {
            bench.iter_batched(
                || key.clone(),
                |key| PreparedKey::new(key, preparation),
                BatchSize::SmallInput,
            );
        });
        let prepared = PreparedKey::new(key.clone(), preparation).expect("prepared");
        criterion.bench_function(&format!("ES256, a key prepared: {preparation:?}"), |bench| {
            bench.iter(|| assert!(prepared.verify(black_box(&hash), &bytes)));
        });
    }
}

criterion_group!(benches, tokens, p256);
criterion_main!(benches);
