//! Which paths a file names. Its text goes in; every path that begins with `crate`, `super` or one of the file's own
//! modules comes out, groups taken apart.

/// The code of a file: without comments, and without the tests inside it, which may name all that is theirs.
pub fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The paths of some code that begin with this name.
pub fn paths(code: &str, first: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (position, _) in code.match_indices(&format!("{first}::")) {
        let before = &code[..position];
        // The end of a longer name or path, such as `$crate::`, or a visibility, which names nobody.
        let longer = before.ends_with(|c: char| c.is_alphanumeric() || "_$:.".contains(c));
        if !longer && !before.ends_with("(in ") {
            let _ = tree(&code[position..], &[], &mut found);
        }
    }
    found
}

/// Reads one path or group of paths below `prefix`, and gives back what follows it.
fn tree<'t>(text: &'t str, prefix: &[String], found: &mut Vec<Vec<String>>) -> &'t str {
    let mut path = prefix.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(mut group) = rest.strip_prefix('{') {
            loop {
                group = group.trim_start_matches([',', ' ', '\n']);
                if let Some(after) = group.strip_prefix('}') {
                    return after;
                }
                let after = tree(group, &path, found);
                // A group that is none, such as a block of code.
                if after.len() == group.len() {
                    return after;
                }
                group = after.trim_start();
                if let Some(alias) = group.strip_prefix("as ") {
                    group = &alias[word(alias).len()..];
                }
            }
        }
        let name = if rest.starts_with('*') { "*" } else { word(rest) };
        rest = &rest[name.len()..];
        if !name.is_empty() && name != "self" {
            path.push(name.into());
        }
        match rest.strip_prefix("::") {
            Some(below) if !name.is_empty() => rest = below,
            _ => break,
        }
    }
    if path.len() > prefix.len() || text.trim_start().starts_with("self") {
        found.push(path);
    }
    rest
}

/// The name that a text begins with.
pub fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The first statement of contents that neither declares a module nor passes a name on.
pub fn code_in_contents(code: &str) -> Option<String> {
    code.split(';').map(statement).find(|statement| {
        let declared = statement.strip_prefix("mod ").or_else(|| statement.strip_prefix("extern crate "));
        let is_name = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let is_export = statement.starts_with("pub ") && statement[4..].starts_with("use ");
        !(statement.is_empty() || is_export || declared.is_some_and(is_name))
    })
}

/// A statement without its attributes, its visibility cut to `pub`, and a public module's left out.
fn statement(text: &str) -> String {
    let mut rest = text.trim();
    while let Some(attribute) = rest.strip_prefix("#![").or_else(|| rest.strip_prefix("#[")) {
        let mut depth = 1;
        let end = attribute.find(|character| {
            depth += i32::from(character == '[') - i32::from(character == ']');
            depth == 0
        });
        rest = attribute[end.map_or(attribute.len(), |end| end + 1)..].trim_start();
    }
    let Some(public) = rest.strip_prefix("pub") else { return rest.into() };
    let public = match public.strip_prefix('(') {
        Some(visibility) => visibility.split_once(')').map_or(public, |(_, after)| after),
        None => public,
    };
    let public = public.trim_start();
    if public.starts_with("mod ") { public.into() } else { format!("pub {public}") }
}

#[test]
fn paths_are_found_in_code_and_in_groups() {
    let code = code(
        "use crate::{Code, json::{self, Object}, a::b as c, d::*}; // crate::no\n\
         pub(in crate::jose) fn x() { crate::time::now(); $crate::z }\n\
         #[cfg(test)]\nmod tests { use crate::no; }",
    );
    let found: Vec<_> = paths(&code, "crate").iter().map(|path| path.join("/")).collect();
    assert_eq!(
        found,
        ["crate/Code", "crate/json", "crate/json/Object", "crate/a/b", "crate/d/*", "crate/time/now"]
    );
    assert_eq!(paths("super::super::a::b(c)", "super"), [["super", "super", "a", "b"]]);
}
