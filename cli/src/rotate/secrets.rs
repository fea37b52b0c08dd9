//! The file that new secrets of an account go to.

use crate::files;
use anyhow::{Result, bail};
use serde_json::{Map, Value};
use std::path::Path;

/// The account's secrets of a file, which may not be there yet.
pub fn secrets(path: &Path) -> Result<Map<String, Value>> {
    if !path.exists() {
        return Ok(Map::new());
    }
    match files::read_json(path)? {
        Value::Object(all) if all.values().all(Value::is_string) => Ok(all),
        _ => bail!("{} is not a JSON object of secrets by name", path.display()),
    }
}
