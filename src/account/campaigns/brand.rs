//! The brand of a campaign: its colour, which must be readable on the page, and its logo, which is stored with the document.
//!
//! Enters: the `brand` member of a campaign. Leaves: colours for the light and the dark page; the ratio of two colours is
//! that of WCAG 2.2, "contrast ratio" and "relative luminance".

use crate::{
    account::reading::{FaultReason, MemberReader},
    jose::base64url::decode_standard,
    json::Object,
};
use alloc::{
    format,
    string::{String, ToString},
};

type Colour = [f64; 3];

/// Grounds of the page (`www/campaign/style.css`, `dark.css`), on which the colour stands as text.
const LIGHT: (&str, Colour) = ("light", [251.0, 250.0, 246.0]);
const DARK: (&str, Colour) = ("dark", [26.0, 27.0, 35.0]);
/// Least ratio for text (WCAG 2.2 section 1.4.3).
const LEAST: f64 = 4.5;
/// Longest text that is looked at as a colour, characters.
const COLOUR_CHARACTERS: usize = 40;
/// Longest logo, characters of its data URL.
const LOGO_CHARACTERS: usize = 32 * 1024;
const IMAGES: [&str; 4] = ["png", "jpeg", "webp", "svg+xml"];

/// Reads `brand`: `{ color, darkColor?, name?, logo? }`.
pub fn read(campaign: &MemberReader<'_>) -> Option<Object> {
    let value = campaign.get("brand")?;
    let known = ["color", "darkColor", "name", "logo"];
    let brand = MemberReader::open(value, &campaign.path("brand"), &known, campaign.faults())?;
    let mut out = Object::new();
    let light = colour(&brand, "color", LIGHT);
    let dark = colour(&brand, "darkColor", DARK).or_else(|| light.map(lightened));
    out.set_some("color", light.map(written));
    out.set_some("darkColor", dark.map(written));
    out.set_some("name", brand.text("name", 100));
    if let Some(logo) = brand.text("logo", LOGO_CHARACTERS) {
        if !is_image(logo) {
            let kinds = IMAGES.join(", ");
            brand.because(
                "logo",
                FaultReason::new("logo", []),
                format!("`logo` must be a data URL, data:image/…;base64,…, of type {kinds}."),
            );
        }
        out.set("logo", logo);
    }
    Some(out)
}

/// Reads a colour that can be read on its ground.
fn colour(brand: &MemberReader<'_>, name: &str, (page, ground): (&str, Colour)) -> Option<Colour> {
    let text = brand.text(name, COLOUR_CHARACTERS)?;
    let Some(colour) = parse(text) else {
        let message = format!("`{name}` must be a colour such as #1d2fdb.");
        brand.because(name, FaultReason::new("colour", []), message);
        return None;
    };
    let ratio = contrast(colour, ground);
    if ratio < LEAST {
        let change = if page == "light" { "darker" } else { "lighter" };
        let values = [
            ("colour", text.into()),
            ("page", page.into()),
            ("ratio", format!("{ratio:.2}")),
            ("least", LEAST.to_string()),
        ];
        brand.because(
            name,
            FaultReason::new("contrast", values),
            format!(
                "The contrast of {text} with the {page} page is {ratio:.2}, and text needs {LEAST}: choose a {change} colour."
            ),
        );
        return None;
    }
    Some(colour)
}

fn parse(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let number = digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())??;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue].map(f64::from))
}

fn written(colour: Colour) -> String {
    // Each is a whole number from 0 to 255.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let [red, green, blue] = colour.map(|part| part as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour with so much white that it can be read on the dark page.
fn lightened(colour: Colour) -> Colour {
    let mut lighter = colour;
    for percent in 0..=100_u8 {
        let share = f64::from(percent) / 100.0;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let mixed = colour.map(|part| f64::from((part + (255.0 - part) * share) as u8));
        lighter = mixed;
        if contrast(lighter, DARK.1) >= LEAST {
            break;
        }
    }
    lighter
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|part| linear(part / 255.0));
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn linear(part: f64) -> f64 {
    if part <= 0.04045 { part / 12.92 } else { power((part + 0.055) / 1.055) }
}

/// The power 2.4 of a number from 0 to 1: its square times the fifth root of its square, by Newton's method, as the core has no
/// floating-point functions of the platform.
fn power(base: f64) -> f64 {
    let square = base * base;
    let mut root = 1.0;
    for _ in 0..24 {
        root -= (root * root * root * root * root - square) / (5.0 * root * root * root * root);
    }
    square * root
}

/// Checks that a data URL holds an image of one of the types. An image of a page runs no script, whatever is in it.
fn is_image(logo: &str) -> bool {
    let kind = logo.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"));
    let Some((kind, data)) = kind.filter(|(kind, _)| IMAGES.contains(kind)) else { return false };
    let Some(bytes) = decode_standard(data.as_bytes()) else { return false };
    match kind {
        "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        "webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        _ => core::str::from_utf8(&bytes).is_ok_and(|text| text.contains("<svg")),
    }
}
