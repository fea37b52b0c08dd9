//! The laws of the pass that a form is sent with, for any input: as it comes, and as what is sealed.

use handstamp::{
    Code,
    json::Value,
    oauth::State,
    pass::Pass,
    seal::{Purpose, Ring, seal},
};

const RING: &[u8] = br#"{"environment":"dev","keys":[{"kid":"k1","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","status":"active"}]}"#;

/// Never a panic. A text opens or is refused by a code of passes; a pass opens for its account alone, and only as a pass.
/// What opens, sealed again, opens to the same, and is good up to its end and not behind it.
pub fn hold(input: &[u8]) {
    let ring = Value::parse(RING).and_then(|ring| Ring::parse(&ring)).expect("the ring is good");
    if let Ok(text) = core::str::from_utf8(input) {
        read(&ring, text, "acme");
    }
    for purpose in [Purpose::Pass, Purpose::State] {
        let sealed = seal(purpose, &ring, "acme", input, [7; 16]).expect("everything can be sealed");
        assert!(read(&ring, &sealed, "other").is_none(), "another account");
        let Some(pass) = read(&ring, &sealed, "acme") else { continue };
        assert!(purpose == Purpose::Pass && pass.account == "acme", "another purpose or account");
        let again = pass.seal(&ring, [9; 16]).expect("what opens can be sealed");
        assert!(read(&ring, &again, "acme").is_some_and(|same| same == pass));
        assert!(read(&ring, &again, "other").is_none() && State::open(&ring, &again).is_err());
        assert!(pass.check(pass.expires_at).is_ok());
        let end = pass.expires_at.plus(1);
        assert!(
            end == pass.expires_at || pass.check(end).is_err_and(|error| error.code() == Code::PassExpired)
        );
    }
}

fn read(ring: &Ring, text: &str, account: &str) -> Option<Pass> {
    Pass::open(text, ring, account)
        .map_err(|error| {
            let known = [Code::PassInvalid, Code::PassMissing, Code::SealKeyUnknown];
            assert!(known.contains(&error.code()), "{error}");
        })
        .ok()
}
