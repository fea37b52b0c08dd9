//! The laws of key sets, for any input.

use handstamp::{
    Warning,
    jose::{Signature, key::KeySet},
    json::Value,
};

/// Never a panic. A fetched set holds no secret and no key without a row; each key that is skipped has its
/// remark; the set written again is the same set. A configured set holds one sort of key, each with its name.
pub fn hold(input: &[u8]) {
    if let Ok((set, remarks)) = KeySet::fetched(input, None) {
        assert!(set.keys().iter().all(|key| !key.is_symmetric() && !key.rows().is_empty()));
        let known = [Warning::KeySkipped, Warning::CoordinateShort];
        assert!(remarks.iter().all(|remark| known.contains(&remark.warning) && remark.at.is_some()));
        let faults = KeySet::faults(input, None).expect("it was read before");
        assert!(faults.iter().all(|fault| fault.fix() == "issuer" && fault.detail().is_some()));
        for key in set.keys() {
            for alg in Signature::ALL {
                let selected = set.select(key.kid(), *alg);
                assert!(selected.is_err() || selected.is_ok_and(|key| key.serves(*alg)));
            }
        }
        let text = Value::parse(input).expect("it was read before").to_text();
        if text.len() <= handstamp::bounds::KEY_SET_BYTES {
            let (again, _) = KeySet::fetched(text.as_bytes(), None).expect("the same set");
            assert_eq!(again.keys().len(), set.keys().len());
        }
    }
    let Ok(members) = Value::parse_object(input) else { return };
    if let Ok(set) = KeySet::configured(&members, None, false) {
        assert!(set.keys().iter().all(|key| key.kid().is_some()));
        assert!(set.keys().windows(2).all(|pair| pair[0].is_symmetric() == pair[1].is_symmetric()));
    }
}
