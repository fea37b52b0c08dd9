//! Public keys: points that are known to be on the curve.

use super::{
    field::Element,
    point::AffinePoint,
    words::{MODULUS, U256},
};

/// A public key.
#[derive(Clone, Debug)]
pub struct PublicKey {
    pub(super) name: [U256; 2],
    pub(super) point: AffinePoint,
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for PublicKey {}

impl PublicKey {
    /// Takes the two coordinates, 32 bytes each; `None` for anything but a point of the curve.
    pub fn from_coordinates(x: &[u8], y: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8]| bytes.try_into().ok().map(U256::from_bytes);
        Self::of(number(x)?, number(y)?).filter(|key| key.point.is_on_curve())
    }

    /// Takes a point in SEC 1 form (section 2.3.4), compressed or not; `None` for anything but a finite one of the curve.
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (4, coordinates) => {
                let (x, y) = coordinates.split_at_checked(32)?;
                Self::from_coordinates(x, y)
            }
            (prefix @ (2 | 3), x) => {
                let x = U256::from_bytes(x.try_into().ok()?);
                let y = AffinePoint::y_of(&Element::from_words(&x)?)?.to_words();
                // Of the two roots y and p − y exactly one is odd; 0 is none, as there is no such point.
                let y = if y.is_odd() == (*prefix == 3) { y } else { MODULUS.minus(&y) };
                Self::of(x, y)
            }
            _ => None,
        }
    }

    /// The two coordinates.
    pub fn coordinates(&self) -> [[u8; 32]; 2] {
        self.name.map(U256::to_bytes)
    }

    /// The generator of the curve (SEC 2 section 2.4.2).
    pub(super) fn generator() -> Option<Self> {
        let x = [
            0xd898_c296,
            0xf4a1_3945,
            0x2deb_33a0,
            0x7703_7d81,
            0x63a4_40f2,
            0xf8bc_e6e5,
            0xe12c_4247,
            0x6b17_d1f2,
        ];
        let y = [
            0x37bf_51f5,
            0xcbb6_4068,
            0x6b31_5ece,
            0x2bce_3357,
            0x7c0f_9e16,
            0x8ee7_eb4a,
            0xfe1a_7f9b,
            0x4fe3_42e2,
        ];
        Self::of(U256(x), U256(y))
    }

    fn of(x: U256, y: U256) -> Option<Self> {
        let point = AffinePoint { x: Element::from_words(&x)?, y: Element::from_words(&y)? };
        Some(Self { name: [x, y], point })
    }
}
