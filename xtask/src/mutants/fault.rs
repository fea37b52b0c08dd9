//! The faults of the core as `cargo-mutants` lists them, and the source that holds all of them at once: each function with
//! faults begins with a switch, in which every fault is a whole body of its own. One build instead of one for each fault.

use crate::programs::command::Program;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

/// The module of the copy that says which fault is on. A test that is asked for its reach writes down every switch it meets.
pub const SWITCH: &str = r#"//! The fault that is on.
extern crate std;
use std::{env, fs::OpenOptions, io::Write, sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed}};
const UNREAD: u32 = u32::MAX;
const REACH: u32 = u32::MAX - 1;
static ACTIVE: AtomicU32 = AtomicU32::new(UNREAD);
static REACHED: [AtomicBool; 8192] = [const { AtomicBool::new(false) }; 8192];
/// Returns the number of the fault that is on.
#[inline]
pub fn active(switch: u32) -> u32 {
    match ACTIVE.load(Relaxed) { UNREAD | REACH => unusual(switch), fault => fault }
}
#[cold]
fn unusual(switch: u32) -> u32 {
    if ACTIVE.load(Relaxed) == UNREAD {
        let fault = env::var("PLANTED").ok().and_then(|number| number.parse().ok()).unwrap_or(REACH);
        ACTIVE.store(fault, Relaxed);
        return active(switch);
    }
    if !REACHED[switch as usize].swap(true, Relaxed) {
        let list = OpenOptions::new().append(true).create(true).open(env::var_os("PLANTED_REACH").unwrap());
        writeln!(list.unwrap(), "{switch}").unwrap();
    }
    0
}
"#;

/// How the copy asks which fault is on. In two parts, as no module of this program has the name.
const ACTIVE: &str = concat!("crate", "::planted::active");

/// One change of the source that a test should notice.
pub struct Fault {
    /// Its name, with file and position.
    pub name: String,
    /// The file in the repository.
    pub file: String,
    /// Its function's body, with the braces, and what stands between the documentation and it; none outside of functions, none
    /// where the tests do not compile it, and none where the type that is returned is an unnamed one, of which every body has its own.
    function: Option<(Range<usize>, Range<usize>)>,
    /// The text that is replaced, and by what.
    span: Range<usize>,
    replacement: String,
}

/// A file with its faults, each with the place of its body in the new text.
pub struct Planted {
    pub text: String,
    pub places: Vec<(Range<usize>, usize)>,
    /// The first number of each function's faults, by the number of the fault.
    pub switches: BTreeMap<usize, usize>,
}

/// Lists the faults of a part of `src/`; `read` gives the text of a file.
pub fn list(part: &str, read: impl Fn(&str) -> Result<String>) -> Result<Vec<Fault>> {
    if Program::cargo().args(["mutants", "--version"]).output().is_ok_and(|output| !output.status.success()) {
        bail!("cargo-mutants is missing: cargo install --locked cargo-mutants");
    }
    let program = Program::cargo().args(["mutants", "--list", "--json", "--package", "handstamp"]);
    let program = program.args(["--file", &format!("src/{part}.rs"), "--file", &format!("src/{part}/**")]);
    // Texts for people are held by the tests of words.
    let program = program.args(["--exclude-re", "impl (fmt::|core::fmt::)?(Debug|Display)"]);
    let listed: Vec<Value> = serde_json::from_str(&program.stdout()?)?;
    listed
        .iter()
        .map(|fault| parse(fault, &read).with_context(|| format!("a fault of another form: {fault}")))
        .collect()
}

fn parse(fault: &Value, read: impl Fn(&str) -> Result<String>) -> Result<Fault> {
    let said = |name: &str| fault[name].as_str().map(str::to_owned).with_context(|| format!("no {name}"));
    let file = said("file")?;
    let text = read(&file)?;
    let span = |of: &Value| Ok::<_, anyhow::Error>(offset(&text, &of["start"])?..offset(&text, &of["end"])?);
    let named = !fault["function"]["return_type"].as_str().is_some_and(|returned| returned.contains("impl "));
    let function = fault["function"].get("span").filter(|_| named).map(span).transpose()?;
    // The tests have every feature: what stands in for one is not compiled.
    let function = function.filter(|whole| !text[whole.clone()].starts_with("#[cfg(not(feature"));
    let function =
        function.map(|whole| body(&text, whole).context("a function without a body")).transpose()?;
    Ok(Fault {
        name: said("name")?,
        span: span(&fault["span"])?,
        replacement: said("replacement")?,
        file,
        function,
    })
}

/// The offset of a line and a column, both counted from one, the column in characters.
fn offset(text: &str, place: &Value) -> Result<usize> {
    let count =
        |name: &str| place[name].as_u64().and_then(|count| usize::try_from(count).ok()?.checked_sub(1));
    let (Some(line), Some(column)) = (count("line"), count("column")) else { bail!("no place: {place}") };
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    Ok(before + text[before..].chars().take(column).map(char::len_utf8).sum::<usize>())
}

/// The head and the body of a function, which begins with its documentation and attributes.
fn body(text: &str, whole: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let mut head = whole.start;
    for line in text[whole.clone()].split_inclusive('\n') {
        if !line.trim_start().starts_with("//") && !line.trim_start().starts_with("#[") {
            break;
        }
        head += line.len();
    }
    // A parameter may be taken apart by braces.
    let mut depth = 0_u32;
    let open = text.get(head..whole.end)?.find(|letter: char| {
        depth = depth.wrapping_add(u32::from(letter == '(')).wrapping_sub(u32::from(letter == ')'));
        letter == '{' && depth == 0
    });
    let open = head + open?;
    Some((head..open, open..whole.end))
}

/// Plants numbered faults in the text of their file; the functions named in `constant` are asked for before the program runs.
pub fn plant(text: &str, faults: &[(usize, &Fault)], constant: &BTreeSet<String>) -> Planted {
    let mut functions = BTreeMap::<usize, Vec<_>>::new();
    for (number, fault) in faults {
        let Some((head, body)) = &fault.function else { continue };
        if !constant.contains(name(&text[head.clone()])) || !text[head.clone()].contains("const fn") {
            functions.entry(body.start).or_default().push((*number, *fault, head, body));
        }
    }
    let mut planted = Planted { text: String::new(), places: Vec::new(), switches: BTreeMap::new() };
    let mut done = 0;
    for (open, faults) in functions {
        let Some(&(switch, _, head, _)) = faults.first() else { continue };
        planted.text.push_str(&text[done..head.start]);
        planted.text.push_str(&text[head.clone()].replacen("const fn", "fn", 1));
        let _ = write!(planted.text, "{{ match {ACTIVE}({switch}) {{");
        for (number, fault, _, body) in faults {
            let _ = write!(planted.text, "{number} => return ");
            let from = planted.text.len();
            planted.text.extend([
                &text[body.start..fault.span.start],
                &fault.replacement,
                &text[fault.span.end..body.end],
            ]);
            planted.places.push((from..planted.text.len(), number));
            planted.text.push_str(", ");
            planted.switches.insert(number, switch);
        }
        planted.text.push_str("_ => {} }");
        done = open + 1;
    }
    planted.text.push_str(&text[done..]);
    planted
}

/// The name of a function, from its head.
fn name(head: &str) -> &str {
    let after = head.split_once("fn ").map_or("", |(_, after)| after);
    after.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_function_stands_in_its_switch() -> Result<()> {
        let text = "/// Adds {one}.\npub const fn more(n: u8) -> u8 {\n    n + 1\n}\n";
        let place = |line: u8, column: u8| json!({ "line": line, "column": column });
        let listed = json!({
            "name": "src/a.rs:3:7: replace + with - in more", "file": "src/a.rs", "replacement": "-",
            "function": { "return_type": "-> u8", "span": { "start": place(1, 1), "end": place(4, 2) } },
            "span": { "start": place(3, 7), "end": place(3, 8) },
        });
        let fault = parse(&listed, |_| Ok(text.to_owned()))?;
        let planted = plant(text, &[(7, &fault)], &BTreeSet::new());
        let switch = format!("{{ match {ACTIVE}(7) {{7 => return {{\n    n - 1\n}}, _ => {{}} }}");
        assert_eq!(
            planted.text,
            format!("/// Adds {{one}}.\npub fn more(n: u8) -> u8 {switch}\n    n + 1\n}}\n")
        );
        assert!(planted.places.iter().all(|(place, _)| planted.text[place.clone()].contains("n - 1")));
        assert_eq!(plant(text, &[(7, &fault)], &BTreeSet::from(["more".to_owned()])).text, text);
        let other = text.replacen("///", "#[cfg(not(feature = \"whole\"))] //", 1);
        assert_eq!(
            plant(&other, &[(7, &parse(&listed, |_| Ok(other.clone()))?)], &BTreeSet::new()).text,
            other
        );
        Ok(())
    }
}
