//! The passes of previews.

use super::convert::{Returned, object, refusal};
use super::remembered;
use super::seals::sixteen;
use crate::pass::Pass;
use crate::preview;
use wasm_bindgen::prelude::wasm_bindgen;

/// Issues the pass of a preview, sealed: see [`preview::issue`].
#[wasm_bindgen(js_name = issuePreview)]
pub fn issue_preview(ring: &str, input: &str, salt: &[u8]) -> Returned {
    let issue = || preview::issue(&object(input)?)?.seal(&*remembered::ring(ring)?, sixteen(salt)?);
    issue().map_err(refusal)
}

/// Makes a pass one of a preview, sealed anew.
#[wasm_bindgen(js_name = asPreview)]
pub fn as_preview(ring: &str, account: &str, sealed: &str, salt: &[u8]) -> Returned {
    let change = || {
        let ring = remembered::ring(ring)?;
        Pass::open(sealed, &ring, account)?.into_preview().seal(&ring, sixteen(salt)?)
    };
    change().map_err(refusal)
}
