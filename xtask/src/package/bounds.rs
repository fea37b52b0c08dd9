//! The caps and defaults of `src/bounds.rs` as a module of the package, so that a host which keeps to them need not repeat them.

use crate::files::folder::Files;
use crate::files::repository;
use anyhow::{Context, Result};
use std::fmt::Write as _;

const SOURCE: &str = "src/bounds.rs";

/// Adds `dist/bounds.js` and its types.
pub fn add(files: &mut Files) -> Result<()> {
    let (module, types) = transcribed(&repository::read_text(SOURCE)?)?;
    files.insert("dist/bounds.js".into(), module.into_bytes());
    files.insert("dist/bounds.d.ts".into(), types.into_bytes());
    Ok(())
}

/// The constants as JavaScript, which writes numbers and products alike; a range is its two ends.
fn transcribed(source: &str) -> Result<(String, String)> {
    let about = format!("// Generated from {SOURCE}, the core's caps and defaults.\n");
    let (mut module, mut types, mut comment) = (about.clone(), about, Vec::new());
    for line in source.lines() {
        if let Some(sentence) = line.strip_prefix("/// ") {
            comment.push(sentence);
        } else if let Some(constant) = line.strip_prefix("pub const ") {
            let (name, rest) = constant.split_once(": ").context("a constant without a type")?;
            let value = rest.split_once(" = ").context("a constant without a value")?.1.trim_end_matches(';');
            let (value, kind) = match value.split_once("..=") {
                Some((from, to)) => (format!("[{from}, {to}]"), "readonly [from: number, to: number]"),
                None => (value.to_owned(), "number"),
            };
            writeln!(module, "export const {name} = {value};")?;
            writeln!(types, "\n/** {} */\nexport const {name}: {kind};", comment.join(" "))?;
            comment.clear();
        }
    }
    Ok((module, types))
}

#[cfg(test)]
mod tests {
    use super::transcribed;

    #[test]
    fn a_constant_is_a_constant_with_its_reason() {
        let source = "//! Caps.\n\n/// Life of a pass, seconds: long\n/// enough.\npub const PASS_SECONDS: i64 = 2 * 60 * 60;\n\
                      /// Range.\npub const BITS: core::ops::RangeInclusive<usize> = 2048..=4096;\n";
        let (module, types) = transcribed(source).unwrap_or_default();
        assert!(
            module.ends_with("export const PASS_SECONDS = 2 * 60 * 60;\nexport const BITS = [2048, 4096];\n")
        );
        assert!(
            types
                .contains("/** Life of a pass, seconds: long enough. */\nexport const PASS_SECONDS: number;")
        );
        assert!(types.ends_with("export const BITS: readonly [from: number, to: number];\n"));
    }
}
