//! Numbers of the curves at their bounds: below the order of the group for a private key and for a half of a signature, below the
//! prime of the field for a coordinate. One beyond is another spelling of a small one (CVE-2022-21449, CVE-2016-9121).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common::assert_code;
use handstamp::{
    Code,
    jose::primitives::{
        agreement::EcPrivateKey,
        curve::{Curve, Point},
    },
    secret::Secret,
};

/// A curve, the order of its group, and the prime of its field (NIST SP 800-186 section 3.2.1).
const CURVES: [(Curve, &str, &str); 3] = [
    (
        Curve::P256,
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    ),
    (
        Curve::P384,
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    ),
    (
        Curve::P521,
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ),
];

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let pairs = hexadecimal.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// A small number in the length of the curve.
fn small(curve: Curve, number: u8) -> Vec<u8> {
    [vec![0; curve.bytes() - 1], vec![number]].concat()
}

fn sum(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut carry = 0_u16;
    let add = |(one, other): (&u8, &u8)| {
        carry = (carry >> 8) + u16::from(*one) + u16::from(*other);
        carry.to_be_bytes()[1]
    };
    let mut sum: Vec<u8> = one.iter().zip(other).rev().map(add).collect();
    sum.reverse();
    assert!(carry < 256, "it has the length of the curve");
    sum
}

#[test]
fn a_private_key_and_half_of_a_signature_is_a_number_from_1_to_n_minus_1() {
    for (curve, n, _) in CURVES {
        let n = bytes(n);
        let mut below = n.clone();
        *below.last_mut().unwrap() -= 1;
        let own = EcPrivateKey::new(curve, Secret::new(small(curve, 1)), None).unwrap();
        for (number, good) in [(small(curve, 0), false), (small(curve, 1), true), (below, true), (n, false)] {
            assert_eq!(curve.is_scalar(&number), good, "{} {number:?}", curve.name());
            let alone = EcPrivateKey::new(curve, Secret::new(number.clone()), None);
            assert_eq!(alone.is_ok(), good, "{} {number:?}", curve.name());
            if !good {
                let beside = EcPrivateKey::new(curve, Secret::new(number), Some(own.point().clone()));
                assert_code(curve.name(), beside, Code::KeyInvalid);
            }
        }
    }
}

/// A point whose x is small enough for one more prime in as many bytes.
fn low_point(curve: Curve) -> (Vec<u8>, Vec<u8>) {
    macro_rules! find {
        ($curve:ident) => {
            (1..99).find_map(|x| {
                let compressed = [&[2], &small(curve, x)[..]].concat();
                let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(&compressed).ok()?;
                Some(key.to_sec1_point(false).as_bytes()[1..].to_vec())
            })
        };
    }
    let point = match curve {
        Curve::P256 => find!(p256),
        Curve::P384 => find!(p384),
        Curve::P521 => find!(p521),
    };
    let point = point.unwrap();
    let (x, y) = point.split_at(curve.bytes());
    (x.to_vec(), y.to_vec())
}

#[test]
fn a_coordinate_is_below_the_prime_of_its_field() {
    for (curve, _, p) in CURVES {
        let (p, (x, y)) = (bytes(p), low_point(curve));
        assert!(Point::from_coordinates(curve, &x, &y).is_ok(), "{}", curve.name());
        let beyond = Point::from_coordinates(curve, &sum(&x, &p), &y);
        assert_code(curve.name(), beyond, Code::KeyOffCurve);
        // Of P-521 alone, every y has room for one more prime.
        if curve == Curve::P521 {
            assert_code("y", Point::from_coordinates(curve, &x, &sum(&y, &p)), Code::KeyOffCurve);
        }
    }
}
