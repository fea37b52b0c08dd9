//! One row of the pack.

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
