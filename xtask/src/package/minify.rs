//! Scripts and style sheets as pages load them: one file, minified.

use crate::programs::command::Program;
use anyhow::{Result, bail};

/// A script with everything that it imports, minified: `iife`, `esm`, or `es5` for a script that imports nothing;
/// `css` for a style sheet.
pub fn minified(entry: &str, format: &str, version: &str) -> Result<String> {
    let script = Program::node("xtask/js/minify.mjs").args([entry, format, version]).stdout()?;
    if script.trim().is_empty() {
        bail!("{entry} came out empty as {format}");
    }
    Ok(script)
}
