//! docs/settings.md, the page of every setting, made from the schema of the account document.

use crate::files::repository;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;

/// Where the page stands.
pub const PAGE: &str = "docs/settings.md";
const SCHEMA: &str = "worker/account.schema.json";

/// The definitions that have a section, in the page's order: heading and definition.
const SECTIONS: [(&str, &str); 10] = [
    ("secureToken", "secureToken"),
    ("verify", "keySource"),
    ("decrypt", "decryptKey"),
    ("mapping", "mapping"),
    ("profileApi", "profileApi"),
    ("oauth", "oauth"),
    ("campaigns", "campaign"),
    ("challenge", "challenge"),
    ("webhook", "webhook"),
    ("secret", "secret"),
];

/// Definitions that are named in a cell instead of having a section.
const NAMED: [(&str, &str); 5] = [
    ("url", "string, an https URL"),
    ("pointer", "string, a JSON Pointer"),
    ("localised", "object: language → string"),
    ("localisedOnce", "object: language → string, not empty"),
    ("jwk", "JWK"),
];

/// The page as it must be.
pub fn page() -> Result<String> {
    let schema: Value = serde_json::from_str(&repository::read_text(SCHEMA)?)
        .with_context(|| format!("{SCHEMA} is not JSON"))?;
    let schema = Schema(&schema);
    let mut out = String::from(HEAD);
    section(&mut out, schema, "The account document", schema.0)?;
    for (heading, name) in SECTIONS {
        section(&mut out, schema, &format!("`{heading}`"), schema.definition(name)?)?;
    }
    Ok(out)
}

fn section(out: &mut String, schema: Schema<'_>, heading: &str, object: &Value) -> Result<()> {
    write!(out, "\n## {heading}\n\n{}\n\n", text(object, "description"))?;
    out.push_str("| setting | type | default | meaning |\n|---|---|---|---|\n");
    // A mapping names its fields itself; the rest has names of its own.
    let Some(rule) = object.pointer("/additionalProperties/then") else {
        return rows(out, schema, "", object);
    };
    writeln!(out, "| `{{field}}` | string, or an object | none | {} |", text(rule, "description"))?;
    rows(out, schema, "{field}.", rule)
}

/// A row for each member, and below it those of an object or of an array of objects.
fn rows(out: &mut String, schema: Schema<'_>, prefix: &str, object: &Value) -> Result<()> {
    let required = object["required"].as_array().cloned().unwrap_or_default();
    for (name, member) in object["properties"].as_object().context("an object of settings has properties")? {
        let whole = schema.resolved(member)?;
        let meaning = Some(text(member, "description")).filter(|own| !own.is_empty());
        let meaning = meaning.unwrap_or_else(|| text(whole, "description"));
        let default = match whole.get("default").or_else(|| member.get("default")) {
            Some(value) => format!("`{value}`"),
            None if required.contains(&Value::from(name.as_str())) => "required".to_owned(),
            None => "none".to_owned(),
        };
        let kind = schema.kind(member)?;
        writeln!(out, "| `{prefix}{name}` | {kind} | {default} | {} |", meaning.replace('|', "\\|"))?;
        for (inner, mark) in [(whole, "."), (&whole["items"], "[].")] {
            if inner.get("properties").is_some() && member.get("$ref").is_none() {
                rows(out, schema, &format!("{prefix}{name}{mark}"), inner)?;
            }
        }
    }
    Ok(())
}

fn text<'a>(node: &'a Value, name: &str) -> &'a str {
    node[name].as_str().unwrap_or_default()
}

/// The schema, for what its parts refer to.
#[derive(Clone, Copy)]
struct Schema<'a>(&'a Value);

impl<'a> Schema<'a> {
    fn definition(self, name: &str) -> Result<&'a Value> {
        self.0.pointer(&format!("/$defs/{name}")).with_context(|| format!("{SCHEMA} has no {name}"))
    }

    fn resolved(self, node: &'a Value) -> Result<&'a Value> {
        match node["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/")) {
            Some(name) => self.definition(name),
            None => Ok(node),
        }
    }

    /// The type in words.
    fn kind(self, node: &'a Value) -> Result<String> {
        if let Some(name) = node["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/")) {
            if let Some((_, words)) = NAMED.iter().find(|(named, _)| *named == name) {
                return Ok((*words).to_owned());
            }
            return match SECTIONS.iter().find(|(_, definition)| *definition == name) {
                Some((heading, _)) => Ok(format!("[{heading}](#{})", heading.to_lowercase())),
                None => self.kind(self.definition(name)?),
            };
        }
        if let Some(words) = node["enum"].as_array() {
            let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            return Ok(words.join(", "));
        }
        if let Some(kinds) = node["anyOf"].as_array() {
            let kinds: Result<Vec<_>> = kinds.iter().map(|kind| self.kind(kind)).collect();
            return Ok(kinds?.join(" or "));
        }
        if let (Some(most), Some(single)) = (node["then"]["maxItems"].as_u64(), node.get("else")) {
            return Ok(format!("{0}, or an array of at most {most} {0}", self.kind(single)?));
        }
        let most = |name: &str, unit: &str| node[name].as_u64().map(|most| format!(", at most {most}{unit}"));
        Ok(match node["type"].as_str().unwrap_or_default() {
            "string" => format!("string{}", most("maxLength", " characters").unwrap_or_default()),
            "integer" => format!("whole number, {} to {}", node["minimum"], node["maximum"]),
            "array" => {
                let entries = most("maxItems", " entries").unwrap_or_default();
                match node["items"].get("properties") {
                    Some(_) => format!("array of objects{entries}"),
                    None => format!("array{entries}; each entry: {}", self.kind(&node["items"])?),
                }
            }
            other => other.to_owned(),
        })
    }
}

const HEAD: &str = "<!-- Made from worker/account.schema.json by `cargo xtask codes`. -->
# Settings

Every setting of an account document, as `PUT /v1/accounts/{account}` takes it. [`worker/account.schema.json`](../worker/account.schema.json)
is the same as a JSON Schema, for editors; [`worker/examples/`](../worker/examples) has two commented documents.

`TokenSettings`, which `createVerifier` of the npm package and `secure_token::Settings` of the crate take, are the members of
[secureToken](#securetoken) without `reportOnly`. There, a key is given itself instead of a reference to a stored secret.

A setting without a value in the column \"default\" may be left out, unless it is required. An unknown setting is refused with
`settings_unknown`, a value that is not valid with `settings_invalid`, each with its path.
";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_page_is_that_of_the_schema() -> Result<()> {
        let kept = repository::read_text(PAGE)?;
        assert!(kept == page()?, "{PAGE} is not made from today's {SCHEMA}: run `cargo xtask codes`");
        Ok(())
    }

    #[test]
    fn every_member_of_the_schema_has_its_row() -> Result<()> {
        let schema: Value = serde_json::from_str(&repository::read_text(SCHEMA)?)?;
        let mut names = BTreeSet::new();
        let mut open = vec![&schema];
        while let Some(node) = open.pop() {
            let members = node.get("properties").and_then(Value::as_object);
            // A condition repeats members of the object that it is about; a key's own members are the standard's.
            let is_settings = node.get("description").is_some() && node.pointer("/properties/kty").is_none();
            names.extend(members.filter(|_| is_settings).into_iter().flat_map(|members| members.keys()));
            open.extend(node.as_object().into_iter().flat_map(|object| object.values()));
        }
        assert!(names.len() > 70, "{names:?}");
        let page = page()?;
        let rows: Vec<_> =
            page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        let missing: Vec<_> = names
            .iter()
            .filter(|name| !rows.iter().any(|row| row.rsplit('.').next() == Some(name.as_str())))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        Ok(())
    }

    #[test]
    fn the_token_settings_of_the_package_are_those_of_the_section() -> Result<()> {
        let types = repository::read_text("pkg-template/index.d.ts")?;
        let (_, body) = types.split_once("export interface TokenSettings {\n").context("TokenSettings")?;
        let (body, _) = body.split_once("\n}").context("the end of TokenSettings")?;
        let member = |line: &str| {
            let name = line.strip_prefix("  ")?.split([':', '?']).next()?;
            name.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| name.to_owned())
        };
        let typed: BTreeSet<_> = body.lines().filter_map(member).collect();
        let page = page()?;
        let (_, section) = page.split_once("\n## `secureToken`\n").context("the section")?;
        let (section, _) = section.split_once("\n## ").context("the section after it")?;
        let mut listed: BTreeSet<_> = section
            .lines()
            .filter_map(|line| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned()))
            .filter(|name| !name.contains('.'))
            .collect();
        assert!(listed.remove("reportOnly"));
        assert_eq!(typed, listed);
        Ok(())
    }
}
