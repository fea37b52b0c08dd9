//! The laws of the state that comes back with a callback, for any input: as it comes, and as what is sealed.

use handstamp::{
    Code, bounds,
    json::Value,
    oauth::State,
    pass::Pass,
    seal::{Purpose, Ring, seal},
    time::UnixTime,
};

const RING: &[u8] = br#"{"environment":"dev","keys":[{"kid":"k1","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","status":"active"}]}"#;

/// Never a panic. A text opens or is refused as `state_invalid`; a state opens only as a state, within its length. What
/// opens, sealed again, opens to the same, and its end lies behind its beginning by its minutes.
pub fn hold(input: &[u8]) {
    let ring = Value::parse(RING).and_then(|ring| Ring::parse(&ring)).expect("the ring is good");
    if let Ok(text) = core::str::from_utf8(input) {
        read(&ring, text);
    }
    for purpose in [Purpose::State, Purpose::Pass] {
        let sealed = seal(purpose, &ring, "acme", input, [7; 16]).expect("everything can be sealed");
        let opened = read(&ring, &sealed);
        assert!(opened.is_none() || purpose == Purpose::State, "another purpose");
        if let Some(state) = opened {
            let state_again = state.seal(&ring, [9; 16]);
            let again = match state_again {
                Ok(again) => again,
                Err(error) => {
                    assert!(error.code() == Code::StateTooLong, "{error}");
                    continue;
                }
            };
            assert!(again.len() <= bounds::STATE_CHARACTERS && Pass::open(&again, &ring, "acme").is_err());
            let flow = state.flow.is_some();
            match State::open(&ring, &again) {
                Ok(same) => assert!(same == state),
                // One of version 2 has no hash, which one of today must have.
                Err(error) => assert!(!flow && error.code() == Code::StateInvalid),
            }
            let end = UnixTime(state.issued_at.0.saturating_add(state.minutes.saturating_mul(60)));
            assert!(state.expires_at() == end);
        }
    }
}

fn read(ring: &Ring, text: &str) -> Option<State> {
    match State::open(ring, text) {
        Ok(state) => {
            assert!(text.len() <= bounds::STATE_CHARACTERS);
            Some(state)
        }
        Err(error) => {
            assert!(error.code() == Code::StateInvalid, "{error}");
            None
        }
    }
}
