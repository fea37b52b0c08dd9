//! Files and standard input: read, and replaced as a whole.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::{
    fs,
    io::{Read as _, Write as _},
    path::Path,
};

/// The text of a file; `-` is standard input.
pub fn read(path: &Path) -> Result<String> {
    if path != Path::new("-") {
        return fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
    Ok(text)
}

/// A JSON document.
pub fn read_json(path: &Path) -> Result<Value> {
    let text = read(path)?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// Puts a text in the place of a file, or of none: whole, on disk, and with the rights that the file had. A new one is for
/// its owner alone.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    let put = || -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut whole = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        whole.write_all(text.as_bytes())?;
        if let Ok(known) = fs::metadata(path) {
            whole.as_file().set_permissions(known.permissions())?;
        }
        whole.as_file().sync_all()?;
        whole.persist(path)?;
        Ok(())
    };
    put().with_context(|| format!("cannot write {}", path.display()))
}

/// The token of the command line, or that of standard input, as it is but for one line break at the end.
pub fn token(given: Option<String>) -> Result<String> {
    match given {
        Some(token) if token != "-" => Ok(token),
        _ => {
            let text = read(Path::new("-"))?;
            let token = text.strip_suffix('\n').unwrap_or(&text);
            let token = token.strip_suffix('\r').unwrap_or(token);
            if token.is_empty() {
                bail!("there is no token: give it as an argument or on standard input")
            }
            Ok(token.to_owned())
        }
    }
}
