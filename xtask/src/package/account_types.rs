//! The type of an account document for TypeScript, made from its JSON Schema.

use crate::files::folder::Files;
use crate::files::repository;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;

const SCHEMA: &str = "worker/account.schema.json";

/// Adds `dist/account.d.ts`.
pub fn add(files: &mut Files) -> Result<()> {
    let schema = serde_json::from_str(&repository::read_text(SCHEMA)?).context("the schema is not JSON")?;
    files.insert("dist/account.d.ts".into(), types(&schema)?.into_bytes());
    // A module beside its types, for tools that look for one.
    files.insert("dist/account.js".into(), b"export {};\n".to_vec());
    Ok(())
}

fn types(schema: &Value) -> Result<String> {
    let mut out = String::from("// Generated from account.schema.json, the schema of an account document.\n");
    let definitions = schema["$defs"].as_object().context("the schema has no $defs")?;
    let all = [("accountDocument", schema)].into_iter();
    for (name, node) in all.chain(definitions.iter().map(|(name, node)| (name.as_str(), node))) {
        write!(out, "\n{}export type {} = {};\n", comment(node, ""), type_name(name), kind(node, ""))?;
    }
    Ok(out)
}

fn type_name(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

/// The description of a node, as a comment before it.
fn comment(node: &Value, indent: &str) -> String {
    let description = node["description"].as_str().map(|text| text.replace("*/", "* /"));
    description.map(|text| format!("/** {text} */\n{indent}")).unwrap_or_default()
}

/// The type of a node; conditions between members are left to the schema.
fn kind(node: &Value, indent: &str) -> String {
    if let Some(name) = node["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
        return type_name(name);
    }
    if let Some(words) = node["enum"].as_array() {
        return union(words.iter().map(Value::to_string).collect());
    }
    if let Some(kinds) = node["anyOf"].as_array() {
        return union(kinds.iter().map(|each| kind(each, indent)).collect());
    }
    if let Some(single) =
        node["allOf"].as_array().and_then(|all| all.first()).filter(|_| node.get("properties").is_none())
    {
        return kind(single, indent);
    }
    // One entry or an array of them, or a string or an object.
    if let (Some(one), Some(other), None) = (node.get("then"), node.get("else"), node.get("type")) {
        let one = if one.get("items").is_some() {
            format!("{}[]", kind(&one["items"], indent))
        } else {
            kind(one, indent)
        };
        return union(vec![one, kind(other, indent)]);
    }
    match node["type"].as_str().unwrap_or_default() {
        "integer" | "number" => "number".to_owned(),
        "array" => match node.get("items") {
            Some(items) => format!("({})[]", kind(items, indent)),
            None => "unknown[]".to_owned(),
        },
        "object" => object(node, indent),
        "" => "unknown".to_owned(),
        other => other.to_owned(),
    }
}

fn object(node: &Value, indent: &str) -> String {
    let Some(members) = node["properties"].as_object() else {
        let of = node.get("additionalProperties").filter(|more| more.is_object());
        return format!("Record<string, {}>", of.map_or_else(|| "unknown".to_owned(), |of| kind(of, indent)));
    };
    let required =
        |name: &str| node["required"].as_array().is_some_and(|names| names.iter().any(|each| each == name));
    let inner = format!("{indent}  ");
    let mut out = String::from("{\n");
    for (name, member) in members {
        let mark = if required(name) { "" } else { "?" };
        let _ = writeln!(
            out,
            "{inner}{}{}{mark}: {};",
            comment(member, &inner),
            Value::from(name.as_str()),
            kind(member, &inner)
        );
    }
    // A JWK has the members of its kind beside those that are named.
    if node.get("additionalProperties") != Some(&Value::Bool(false)) {
        let _ = writeln!(out, "{inner}[member: string]: unknown;");
    }
    out + indent + "}"
}

fn union(mut kinds: Vec<String>) -> String {
    kinds.dedup();
    kinds.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_becomes_types_with_its_descriptions() -> Result<()> {
        let schema = json!({
            "type": "object", "additionalProperties": false, "required": ["account"], "description": "A document.",
            "properties": {
                "account": { "type": "string", "description": "Its name." },
                "keys": { "if": { "type": "array" }, "then": { "items": { "$ref": "#/$defs/key" } }, "else": { "$ref": "#/$defs/key" } },
                "texts": { "type": "object", "additionalProperties": { "type": "integer" } },
            },
            "$defs": { "key": { "anyOf": [{ "type": "string" }, { "enum": ["a", 1] }] } },
        });
        assert_eq!(
            types(&schema)?.split_once("\n\n").map(|(_, rest)| rest),
            Some(
                "/** A document. */\nexport type AccountDocument = {\n  /** Its name. */\n  \"account\": string;\n  \
                 \"keys\"?: Key[] | Key;\n  \"texts\"?: Record<string, number>;\n};\n\nexport type Key = string | \"a\" | 1;\n"
            )
        );
        Ok(())
    }
}
