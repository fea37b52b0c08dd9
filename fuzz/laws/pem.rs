//! The laws of PEM keys, for any input.

use handstamp::jose::{Signature, key::Key, primitives::read_pem};

/// Never a panic. A text is a key for every row of its kind and for no other; bent armour changes nothing; no
/// such text ever becomes a shared secret.
pub fn hold(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let read = read_pem(text);
    if let Err(error) = &read {
        assert!(!error.to_string().is_empty());
    }
    for alg in Signature::ALL.iter().copied().filter(|alg| alg.is_computed()) {
        let key = Key::from_pem(text, alg);
        let fits = read.as_ref().is_ok_and(|material| material.kind() == alg.kind());
        assert_eq!(key.is_ok(), fits, "{}", alg.name());
        assert!(key.is_err() || key.is_ok_and(|key| !key.is_symmetric() && key.rows() == [alg]));
    }
    if read.is_ok() {
        assert!(Key::from_secret(input, Signature::HS256, false).is_err());
        assert!(read_pem(&text.replace('\n', "\r\n")).is_ok());
    }
}
