//! The catalogue of the package, made from errors.json: with its sentences, and without them as small as can be.

use crate::files::folder::Files;
use crate::files::repository;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;

/// Adds errors.json as it is, as a module, and as unions of its names.
pub fn add(version: &str, files: &mut Files) -> Result<()> {
    let text = repository::read_text("errors.json")?;
    let catalogue: Value = serde_json::from_str(&text).context("errors.json is not JSON")?;
    let union = |name: &str, section: &str| -> Result<String> {
        let rows = catalogue[section].as_object().with_context(|| format!("errors.json has no {section}"))?;
        let mut out = format!("export type {name} =");
        for code in rows.keys() {
            let _ = write!(out, "\n  | \"{code}\"");
        }
        Ok(out + ";\n")
    };
    let types = format!(
        "// Generated from errors.json, the one catalogue of what can go wrong.\n\n\
         /// Why something was refused.\n{}\n/// The few reasons that a visitor may see.\n{}\n\
         /// What was accepted, but should be put right.\n{}\n\
         /// What an explanation finds out beside the refusal, by looking closer or by trying.\n{}\n\
         /// Why a value was left out of the form; nobody is refused for it.\n{}\n\
         interface Row {{\n  readonly fix: \"issuer\" | \"settings\" | \"service\" | \"participant\";\n  \
           readonly retry: string;\n  readonly says: string;\n  readonly how: string;\n}}\n\
         export const version: string;\n\
         export const catalogue: {{\n  \
           readonly public: {{ readonly [reason in PublicReason]: string }};\n  \
           readonly codes: {{ readonly [code in ErrorCode]: Row & {{\n    \
           /** The HTTP status of its problem document. */\n    \
           readonly status: number;\n    \
           /** Whether who asks may know this code: it is about the call itself, and tells nothing of an account. */\n    \
           readonly open?: true;\n    \
           readonly public: PublicReason;\n  }} }};\n  \
           readonly warnings: {{ readonly [code in WarningCode]: Row }};\n  \
           readonly clues: {{ readonly [code in ClueCode]: Row }};\n  \
           readonly ignored: {{ readonly [reason in IgnoredReason]: Row }};\n}};\n",
        union("ErrorCode", "codes")?.replace("///", "//"),
        union("PublicReason", "public")?,
        union("WarningCode", "warnings")?,
        union("ClueCode", "clues")?,
        union("IgnoredReason", "ignored")?,
    );
    let module = format!(
        "// Generated from errors.json, the one catalogue of what can go wrong.\n\
         export {{ version }} from \"./codes.js\";\nexport const catalogue = {};\n",
        serde_json::to_string(&catalogue)?,
    );
    files.insert("dist/codes.js".into(), codes(version, &catalogue)?.into_bytes());
    files.insert("dist/codes.d.ts".into(), CODES_TYPES.as_bytes().to_vec());
    files.insert("dist/catalogue.d.ts".into(), types.into_bytes());
    files.insert("dist/catalogue.js".into(), module.into_bytes());
    files.insert("errors.json".into(), text.into_bytes());
    Ok(())
}

/// The catalogue without its sentences, as small as can be: a letter for each code says what is alike for several.
fn codes(version: &str, catalogue: &Value) -> Result<String> {
    let mut kinds: Vec<[&str; 3]> = Vec::new();
    let (mut names, mut letters) = (Vec::new(), String::new());
    for (code, row) in catalogue["codes"].as_object().context("errors.json has no codes")? {
        let kind = ["public", "fix", "retry"].map(|name| row[name].as_str().unwrap_or_default());
        let place = kinds.iter().position(|known| *known == kind).unwrap_or(kinds.len());
        if place == kinds.len() {
            kinds.push(kind);
        }
        names.push(code.as_str());
        letters.push(char::from(
            u8::try_from(place).ok().and_then(|place| place.checked_add(b'A')).context("too many kinds")?,
        ));
    }
    let warnings = catalogue["warnings"].as_object().context("errors.json has no warnings")?;
    let warnings: Vec<_> = warnings.keys().map(String::as_str).collect();
    Ok(format!(
        "// Generated from errors.json: the codes without their sentences.\n\
         export const version = \"{version}\";\n\
         export const codes = \"{}\".split(\" \");\n\
         export const warnings = \"{}\".split(\" \");\n\
         const kinds = {};\n\
         const letters = {};\n\
         export const kindOf = (code) => kinds[letters.charCodeAt(codes.indexOf(code)) - 65];\n",
        names.join(" "),
        warnings.join(" "),
        serde_json::to_string(&kinds)?,
        serde_json::to_string(&letters)?,
    ))
}

const CODES_TYPES: &str = "// Generated from errors.json: the codes without their sentences.\n\
    import type { ErrorCode, PublicReason, WarningCode } from \"./catalogue.js\";\n\
    export const version: string;\n\
    export const codes: ErrorCode[];\n\
    export const warnings: WarningCode[];\n\
    /** What a visitor sees, who can fix it, and whether another try helps. */\n\
    export const kindOf: (code: ErrorCode) => [PublicReason, \"issuer\" | \"settings\" | \"service\" | \"participant\", string];\n";
