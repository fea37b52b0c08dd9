//! The laws of ES256 in variable time, for any input: a choice, a secret of 32 bytes, and 96 bytes of what is signed.

use handstamp::jose::primitives::secp256r1::{Preparation, PreparedKey, PublicKey};
use p256::{
    FieldBytes, ProjectivePoint, Scalar,
    ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier},
    elliptic_curve::{PrimeField, ops::Reduce, point::AffineCoordinates, sec1::ToSec1Point},
};

/// Every preparation of a key has the verdict of the `p256` crate. An even choice gives hash, r and s themselves; an
/// odd one the multiples of generator and key, for which a good signature is made: so a fuzzer can look for sums
/// that the formulas leave out.
pub fn hold(input: &[u8]) {
    let Some((&[choice], rest)) = input.split_first_chunk() else { return };
    let Some((secret, rest)) = rest.split_first_chunk() else { return };
    let Ok([first, second, third]) = <[[u8; 32]; 3]>::try_from(rest.as_chunks::<32>().0) else { return };
    let secret = scalar(*secret);
    if secret == Scalar::ZERO {
        return;
    }
    let point = (ProjectivePoint::GENERATOR * secret).to_affine();
    let (hash, r, s) = if choice % 2 == 0 {
        (first, second, third)
    } else {
        let (u, v) = (scalar(first), scalar(second));
        let sum = ProjectivePoint::GENERATOR * (u + v * secret);
        let r =
            if sum == ProjectivePoint::IDENTITY { scalar(third) } else { scalar(sum.to_affine().x().into()) };
        let Some(inverse) = Option::<Scalar>::from(v.invert()) else { return };
        let s = r * inverse;
        ((u * s).to_repr().into(), r.to_repr().into(), s.to_repr().into())
    };
    let signature = [r, s].concat();
    let key = VerifyingKey::from_affine(point).expect("a point");
    let theirs = Signature::from_slice(&signature)
        .is_ok_and(|signature| key.verify_prehash(&hash, &signature).is_ok());

    let sec1 = point.to_sec1_point(false);
    let key = PublicKey::from_sec1(sec1.as_bytes()).expect("a point of P-256");
    assert_eq!(key.verify(&hash, &signature), theirs, "by its use");
    // A large comb is the same code as a small one, and takes a fuzzer's time.
    for preparation in [Preparation::Little, Preparation::Small] {
        let prepared = PreparedKey::new(key.clone(), preparation).expect("prepared");
        assert_eq!(prepared.verify(&hash, &signature), theirs, "{preparation:?}");
    }
}

fn scalar(bytes: [u8; 32]) -> Scalar {
    <Scalar as Reduce<FieldBytes>>::reduce(&bytes.into())
}
