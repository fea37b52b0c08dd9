//! One row of the pack, and when and for which campaign it is judged.

/// The time that it is in the pack.
pub const NOW: i64 = 1_900_000_000;
pub const CAMPAIGN: &str = "123456";

/// One row.
pub struct Row {
    pub name: &'static str,
    pub about: &'static str,
    pub situation: Option<i64>,
    pub settings: &'static str,
    pub token: Option<String>,
    pub code: Option<&'static str>,
}

/// A row that is no situation and has a code.
pub const fn row(
    name: &'static str,
    about: &'static str,
    settings: &'static str,
    token: Option<String>,
    code: &'static str,
) -> Row {
    Row { name, about, situation: None, settings, token, code: Some(code) }
}
