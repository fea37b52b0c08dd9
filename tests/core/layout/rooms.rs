//! Which room stands on which: the order of the rooms, no circle in any of them, and contents that hold no code.

use super::{
    files,
    graph::{Graph, circle},
    names::{code, code_in_contents},
};

/// The modules of a room from the ground up, one line for each level. A module names only modules of lines before its
/// own. A room that is not here has no circle, and that is all.
const LEVELS: &[(&[&str], &[&[&str]])] = &[
    (
        &[],
        &[
            &["error"],
            &["bounds", "secret", "url"],
            &["json"],
            &["time"],
            &["input", "profile", "participation", "period", "metadata", "rotation"],
            &["jose"],
            &["claims", "freshness", "profile_limit", "seal"],
            &["admission"],
            &["secure_token", "pass"],
            &["preview"],
            &["account"],
            &["oauth"],
            &["explain"],
            &["wasm"],
            &["lib", "readme"],
        ],
    ),
    (
        &["jose"],
        &[
            &["base64url", "der", "hexadecimal"],
            &["algorithm"],
            &["header"],
            &["host"],
            &["key"],
            &["compact", "primitives"],
            &["jws", "jwe"],
            &["nested", "interop"],
        ],
    ),
    (
        &["jose", "algorithm"],
        &[
            &["curve", "hmac", "content", "key_wrap", "roca", "rsa_encoding"],
            &["agreement", "ecdsa", "eddsa", "rsa"],
            &["key_management", "material", "rsa_private"],
            &["table"],
        ],
    ),
    (
        &["account"],
        &[
            &["reading"],
            &["keys", "return_paths"],
            &["profile", "challenge", "webhook"],
            &["token"],
            &["sign_in"],
            &["sources"],
            &["campaigns"],
            &["document"],
        ],
    ),
    (
        &["oauth"],
        &[
            &["account", "host"],
            &["flow", "provider"],
            &["client", "token"],
            &["profile"],
            &["start", "callback", "redeem"],
            &["owed_profile"],
        ],
    ),
];

/// The first arrow that does not point down; the levels are those of a room.
fn upward(graph: &Graph, room: &[&str], levels: &[&[&str]]) -> Option<String> {
    let room: Vec<_> = room.iter().map(|name| (*name).to_owned()).collect();
    let level = |name: &str| levels.iter().position(|modules| modules.contains(&name));
    for (from, named) in graph.arrows_within(&room) {
        if from != "mod" && level(&from).is_none() {
            return Some(format!("{}/{from} has no level: add it to LEVELS", room.join("/")));
        }
        if let Some(to) = named.iter().find(|to| level(to) >= level(&from)) {
            return Some(format!(
                "in the room {:?}, {from} names {to}, which stands above or beside it",
                room.join("/")
            ));
        }
    }
    None
}

#[test]
fn every_arrow_points_down() {
    let graph = Graph::new(&files("src"));
    let arrows = graph.arrows().len();
    assert!(arrows > 400, "only {arrows} arrows were found");
    for (room, levels) in LEVELS {
        if let Some(fault) = upward(&graph, room, levels) {
            panic!("src: {fault}");
        }
    }
}

#[test]
fn no_room_holds_a_circle() {
    for (folder, rooms) in [("src", 27), ("cli/src", 3), ("jwa/src", 2), ("verify/src", 1), ("xtask/src", 9)]
    {
        let graph = Graph::new(&files(folder));
        assert!(graph.rooms().len() >= rooms, "{folder}: only {:?} were found", graph.rooms());
        for room in graph.rooms() {
            let circle = circle(graph.arrows_within(&room));
            assert!(circle.is_empty(), "{folder}/{}: a circle among {circle:?}", room.join("/"));
        }
    }
}

#[test]
fn contents_hold_no_code() {
    for folder in ["src", "cli/src", "jwa/src", "xtask/src"] {
        for (file, text) in files(folder) {
            if file == "lib.rs" || file.ends_with("mod.rs") {
                let found = code_in_contents(&code(&text));
                assert!(found.is_none(), "{folder}/{file} holds more than contents: {}", found.unwrap());
            }
        }
    }
}

#[test]
fn an_arrow_up_is_seen() {
    let files = [("lib.rs", "mod a; mod b;"), ("a.rs", ""), ("b.rs", "use crate::a::A;")];
    let graph = Graph::new(&files.map(|(file, text)| (file.into(), text.into())));
    assert_eq!(upward(&graph, &[], &[&["a"], &["b"], &["lib"]]), None);
    for wrong in [&[&["b"][..], &["a"], &["lib"]][..], &[&["a", "b"], &["lib"]], &[&["a"], &["lib"]]] {
        assert!(upward(&graph, &[], wrong).is_some(), "{wrong:?}");
    }
}

#[test]
fn code_in_contents_is_seen() {
    let contents = "//! What it is.\n#![no_std]\nextern crate alloc;\n#[cfg(feature = \"x\")]\npub(crate) mod a;\n\
                    mod b;\npub use a::{A, B};\npub(in crate::c) use b::C;\n#[macro_use]\npub mod d;\n";
    assert_eq!(code_in_contents(&code(contents)), None);
    for more in [
        "fn x() {}",
        "use a::A;",
        "struct S;",
        "pub const N: u8 = 1;",
        "mod c { fn x() {} }",
        "pub fn y() {}",
    ] {
        assert!(code_in_contents(&code(&format!("{contents}{more}\n"))).is_some(), "{more}");
    }
}
