//! The exchange with the host about the token that has just begun to wait, in bytes, so that nothing is converted to a
//! string. Each function is called before anything else is asked of the module.

use super::convert::{numbered, refusal, time};
use super::token::Verifier;
use crate::jose::host::Host;
use crate::jose::jwe::Unopened;
use crate::jose::jws::Place;
use crate::json::Value;
use crate::secure_token::Pending;
use alloc::{string::String, vec::Vec};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// The host has nothing to do.
const NOTHING: u32 = u32::MAX;
/// From here on, the places of configured secrets to decrypt with.
const CONTENT: u32 = 1 << 24;
/// A content that has a key of its own.
const OWN_KEY: u32 = 1 << 25;

#[wasm_bindgen]
impl Verifier {
    /// Returns the number of the token that came last of those that wait; 0 where none does.
    pub fn number(&self) -> f64 {
        self.waiting.borrow().latest().map_or(0.0, |(number, _)| number as f64)
    }

    /// Returns the host's task, by the place of the key: [`NOTHING`]; to decrypt it, from [`CONTENT`] on; or else to
    /// compute its signature.
    pub fn place(&self) -> u32 {
        let found = self.latest(|pending| match (pending.unproven(), pending.unopened()) {
            (Some(unproven), _) => Some(unproven.place().to_bits()),
            (_, Some(unopened)) => Some(unopened.place().map_or(OWN_KEY, content_place)),
            _ => None,
        });
        found.unwrap_or(NOTHING)
    }

    /// Returns how many of its bytes, from the first on, the host is to verify, or the tag covers too.
    #[wasm_bindgen(js_name = leadingBytes)]
    pub fn leading_bytes(&self) -> usize {
        let found = self.latest(|pending| match (pending.unproven(), pending.unopened()) {
            (Some(unproven), _) => Some(unproven.signing_input().len()),
            (_, unopened) => unopened.map(Unopened::covered_bytes),
        });
        found.unwrap_or_default()
    }

    /// Returns the signing input of a token that the module has decrypted; empty if the caller has these bytes.
    #[wasm_bindgen(js_name = signedInside)]
    pub fn signed_inside(&self) -> Uint8Array {
        self.bytes(|pending| {
            let unproven = pending.unproven().filter(|_| pending.is_inside())?;
            Some(Uint8Array::from(unproven.signing_input().as_bytes()))
        })
    }

    /// Returns the signature; of what is to be decrypted, the initialisation vector.
    pub fn signature(&self) -> Uint8Array {
        self.bytes(|pending| match pending.unopened() {
            Some(unopened) => Some(Uint8Array::from(unopened.iv())),
            None => Some(Uint8Array::from(pending.unproven()?.signature())),
        })
    }

    /// Returns the ciphertext and tag that the host decrypts.
    pub fn sealed(&self) -> Uint8Array {
        self.bytes(|pending| Some(Uint8Array::from(pending.unopened()?.sealed())))
    }

    /// Returns the shared secret, or the key of this content, that the host is to import. The one place where a secret
    /// leaves the module: as bytes, for who wipes them once they are imported.
    pub fn secret(&self) -> Uint8Array {
        self.bytes(|pending| Some(Uint8Array::from(pending.secret(&self.settings)?.expose())))
    }

    /// Goes on with what the host has decrypted with the key of that place, or where it could not, with the next key: the
    /// number under which the token waits now; 0 where it has to be asked anew.
    pub fn decrypted(
        &self,
        number: f64,
        plaintext: Option<Vec<u8>>,
        host: u32,
    ) -> core::result::Result<f64, JsValue> {
        let taken = self.waiting.borrow_mut().take(numbered(number));
        let go_on = |pending: Pending| {
            pending.decrypted(plaintext, &self.settings, &mut Host::from_bits(host)).map_err(refusal)
        };
        let kept = taken.map(go_on).transpose()?.flatten();
        Ok(kept.map_or(0.0, |pending| self.waiting.borrow_mut().keep(pending) as f64))
    }

    /// Returns the key of a place as WebCrypto takes it: `{ algorithm, key }`, without the key if that is a shared
    /// secret, or a point that the host takes as bytes; null where there is none.
    #[wasm_bindgen(js_name = hostKey)]
    pub fn host_key(&self, place: u32, takes_points: bool) -> String {
        let key = Place::from_bits(place).and_then(|place| self.settings.host_key(place, takes_points));
        key.map_or(Value::Null, Value::from).to_text()
    }

    /// Returns the point of a place, as SEC 1 writes it; nothing where the key is none.
    #[wasm_bindgen(js_name = hostPoint)]
    pub fn host_point(&self, place: u32) -> Uint8Array {
        let point = Place::from_bits(place).and_then(|place| self.settings.host_point(place));
        Uint8Array::from(point.unwrap_or_default())
    }

    /// Judges the claims of the token of that number, while the host computes.
    pub fn judge(&self, number: f64, now: f64) {
        if let Some(pending) = self.waiting.borrow_mut().get(numbered(number)) {
            pending.judge(&self.settings, time(now));
        }
    }
}

impl Verifier {
    /// Of the token that came last.
    fn latest<T>(&self, of: impl FnOnce(&Pending) -> Option<T>) -> Option<T> {
        self.waiting.borrow().latest().and_then(|(_, pending)| of(pending))
    }

    /// Bytes of it, copied out at once: no second copy stays in the module's memory.
    fn bytes(&self, of: impl FnOnce(&Pending) -> Option<Uint8Array>) -> Uint8Array {
        self.latest(of).unwrap_or_else(|| Uint8Array::new_with_length(0))
    }
}

fn content_place(place: usize) -> u32 {
    u32::try_from(place).map_or(OWN_KEY, |place| CONTENT | place)
}
