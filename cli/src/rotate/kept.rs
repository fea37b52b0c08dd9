//! Keys of a file as the core reads them, and back.

use anyhow::{Result, anyhow};
use handstamp::json;
use serde_json::Value;

/// A key as the core reads it.
pub fn read(key: &Value) -> Result<json::Value> {
    json::Value::parse(key.to_string().as_bytes()).map_err(|fault| anyhow!("a key cannot be read: {fault}"))
}

/// A list of keys as the core reads it.
pub fn read_all(keys: &[Value]) -> Result<Vec<json::Value>> {
    keys.iter().map(read).collect()
}

/// A key of the core as it is written into a file.
pub fn written(key: &json::Value) -> Result<Value> {
    Ok(serde_json::from_str(&key.to_text())?)
}
