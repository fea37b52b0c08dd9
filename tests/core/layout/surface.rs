//! The arguments of public functions: few, and no tuples.

use super::{files, names::code};

/// More than this many arguments belong in a structure with names.
const MOST_ARGUMENTS: usize = 5;

/// The arguments of every public function of some code, beside `self`: the function's name, and each argument as written.
fn public_functions(code: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for start in ["pub fn ", "pub const fn "] {
        for (position, _) in code.match_indices(start) {
            let rest = &code[position + start.len()..];
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            let (mut depth, mut arguments) = (0_usize, vec![String::new()]);
            // Generic parameters hold no bracket of this kind before the arguments but for bounds such as `Fn(…)`.
            let open = name.len() + generics(&rest[name.len()..]);
            for character in rest[open..].chars() {
                match character {
                    '(' | '[' | '{' | '<' => depth += 1,
                    ')' | ']' | '}' | '>' => depth -= 1,
                    _ => {}
                }
                match character {
                    ',' if depth == 1 => arguments.push(String::new()),
                    _ => arguments.last_mut().unwrap().push(character),
                }
                if depth == 0 {
                    break;
                }
            }
            let arguments = arguments.iter().map(|text| text.trim_matches(['(', ')', ' ', '\n']));
            let given = arguments.filter(|text| !text.is_empty() && !text.ends_with("self"));
            found.push((name.into(), given.map(String::from).collect()));
        }
    }
    found
}

/// How long the generic parameters at the beginning of a text are.
fn generics(text: &str) -> usize {
    let mut depth = 0_usize;
    for (position, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            '>' => depth -= 1,
            '(' if depth == 0 => return position,
            _ => {}
        }
    }
    0
}

/// Finds a fault of a function's arguments.
fn fault(arguments: &[String]) -> Option<&'static str> {
    if arguments.len() > MOST_ARGUMENTS {
        return Some("takes too many arguments in a row");
    }
    let is_pattern = |argument: &&String| argument.split(':').next().is_some_and(|name| name.contains(','));
    let is_tuple = |argument: &&String| {
        argument.split_once(": ").is_some_and(|(_, kind)| kind.starts_with('(') && kind.contains(','))
    };
    arguments.iter().find(|argument| is_pattern(argument) || is_tuple(argument)).map(|_| "takes a tuple")
}

#[test]
fn public_functions_take_names_and_not_a_row() {
    let mut count = 0;
    // The boundary takes what JavaScript has: bytes, numbers and texts in a row.
    for (file, text) in files("src").into_iter().filter(|(file, _)| !file.starts_with("wasm/")) {
        for (name, arguments) in public_functions(&code(&text)) {
            assert_eq!(fault(&arguments), None, "src/{file}: {name} {arguments:?}");
            count += 1;
        }
    }
    assert!(count > 250, "only {count} public functions were found");
}

#[test]
fn a_row_and_a_tuple_are_seen() {
    let fault_of = |code: &str| public_functions(code).first().and_then(|(_, arguments)| fault(arguments));
    assert_eq!(fault_of("pub fn good(&self, a: &[(u8, u8)], b: [u8; 2]) -> (u8, u8) {}"), None);
    assert_eq!(
        fault_of("pub fn good<T: Fn(u8, u8)>(a: T, b: Option<(u8, u8)>, c: u8, d: u8, e: u8) {}"),
        None
    );
    for wrong in [
        "pub fn row(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}",
        "pub const fn row(self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}",
        "pub fn pattern(a: u8, (b, c): (u8, u8)) {}",
        "pub fn tuple(both: (u8, &str)) {}",
    ] {
        assert!(fault_of(wrong).is_some(), "{wrong}");
    }
}
