//! The arrows of a crate: which file names which. A name that a room's contents re-export leads to the file that
//! holds it, so that no circle can hide behind a `mod.rs`.

use super::names::{code, code_in_contents, paths, word};
use std::collections::{BTreeMap, BTreeSet};

/// A module by its path below the root; the contents of a room are its `mod`.
pub type Module = Vec<String>;

/// A crate, as far as its shape goes.
pub struct Graph {
    files: BTreeMap<Module, String>,
    /// What the contents of each room re-export: the name, and where they take it from.
    exports: BTreeMap<(Module, String), Module>,
}

impl Graph {
    /// Reads a crate from its files: paths below the root, and texts.
    pub fn new(files: &[(String, String)]) -> Self {
        let module = |file: &str| file.trim_end_matches(".rs").split('/').map(String::from).collect();
        let files: BTreeMap<Module, String> =
            files.iter().map(|(file, text)| (module(file), code(text))).collect();
        let mut graph = Self { files, exports: BTreeMap::new() };
        let mut exports = Vec::new();
        for (module, text) in graph.files.iter().filter(|(module, _)| is_contents(module)) {
            let room = &module[..module.len() - 1];
            for statement in text.split(';').filter(|statement| is_export(statement)) {
                for path in graph.named(module, statement) {
                    let name = path.last().unwrap();
                    let renamed = statement.split_once(&format!("{name} as ")).map(|(_, after)| word(after));
                    let name = String::from(renamed.unwrap_or(name));
                    exports.push(((room.to_vec(), name), path));
                }
            }
        }
        graph.exports.extend(exports);
        graph
    }

    /// Every arrow: the file, and the file that it names.
    pub fn arrows(&self) -> BTreeSet<(Module, Module)> {
        let mut arrows = BTreeSet::new();
        for (module, text) in &self.files {
            // What pure contents pass on is no arrow; code among them may use it all.
            if is_contents(module) && code_in_contents(text).is_none() {
                continue;
            }
            for path in self.named(module, text) {
                let to = self.resolve(&path, 0);
                if to != *module {
                    arrows.insert((module.clone(), to));
                }
            }
        }
        arrows
    }

    /// The arrows among the members of one room; whatever is in a room inside it counts as that room.
    pub fn arrows_within(&self, room: &[String]) -> BTreeMap<String, BTreeSet<String>> {
        let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let member = |module: &Module| module.strip_prefix(room).map(|below| below[0].clone());
        for module in self.files.keys() {
            members.entry(member(module).unwrap_or_default()).or_default();
        }
        members.remove("");
        for (from, to) in self.arrows() {
            if let (Some(from), Some(to)) = (member(&from), member(&to))
                && from != to
            {
                members.entry(from).or_default().insert(to);
            }
        }
        members
    }

    /// Every room: the root, and each folder.
    pub fn rooms(&self) -> BTreeSet<Module> {
        self.files.keys().flat_map(|module| (0..module.len()).map(|depth| module[..depth].to_vec())).collect()
    }

    /// The paths that some code of a module names, from the root on.
    fn named(&self, module: &[String], code: &str) -> Vec<Module> {
        let (room, name) = (&module[..module.len() - 1], &module[module.len() - 1]);
        // The contents of a room are the room itself: what they call `super` is the room around it.
        let above = if name == "mod" { room.split_last().map_or(room, |(_, above)| above) } else { room };
        let mut found: Vec<Module> =
            paths(code, "crate").into_iter().map(|path| path[1..].to_vec()).collect();
        for path in paths(code, "super") {
            let levels = path.iter().take_while(|name| *name == "super").count();
            let base = &above[..above.len().saturating_sub(levels - 1)];
            found.push([base, &path[levels..]].concat());
        }
        if is_contents(module) {
            let own = self.files.keys().filter_map(|other| other.strip_prefix(room)?.first());
            for name in own.collect::<BTreeSet<_>>() {
                found.extend(paths(code, name).into_iter().map(|path| [room, &path].concat()));
            }
        }
        found
    }

    /// The file that holds what a path names.
    fn resolve(&self, path: &[String], depth: usize) -> Module {
        assert!(depth < 20, "{path:?} is re-exported in a circle");
        let is_room = |path: &[String]| {
            self.files.keys().any(|module| module.len() > path.len() && module.starts_with(path))
        };
        for end in (0..=path.len()).rev() {
            let (module, below) = path.split_at(end);
            if self.files.contains_key(module) {
                return module.to_vec();
            }
            if is_room(module) {
                if let Some(name) = below.first()
                    && let Some(target) = self.exports.get(&(module.to_vec(), name.clone()))
                    && target != path
                {
                    return self.resolve(&[target, &below[1..]].concat(), depth + 1);
                }
                let contents = ["mod", "lib", "main"].map(|name| [module, &[name.into()]].concat());
                let there = contents.iter().find(|contents| self.files.contains_key(*contents));
                return there.unwrap_or(&contents[0]).clone();
            }
        }
        path.to_vec()
    }
}

/// Whether a module is what lists a room; `main.rs` is, and may hold code beside it.
fn is_contents(module: &[String]) -> bool {
    module.last().is_some_and(|name| name == "mod" || module.len() == 1 && (name == "lib" || name == "main"))
}

/// Whether a statement passes names on.
fn is_export(statement: &str) -> bool {
    let statement = statement.rsplit(']').next().unwrap_or_default().trim_start();
    statement.starts_with("pub") && statement.split_whitespace().any(|word| word == "use")
}

/// The members of a room that form a circle, if any do: what is left without all that lead to none or come from none.
pub fn circle(mut members: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let before = members.len();
        let named: BTreeSet<_> = members.values().flatten().cloned().collect();
        members.retain(|name, _| named.contains(name));
        let names: BTreeSet<_> = members.keys().cloned().collect();
        members.values_mut().for_each(|named| named.retain(|other| names.contains(other)));
        members.retain(|_, named| !named.is_empty());
        if members.len() == before {
            return members;
        }
    }
}

fn circle_in(files: &[(&str, &str)], room: &[&str]) -> Vec<String> {
    let files: Vec<_> = files.iter().map(|(file, text)| ((*file).into(), (*text).into())).collect();
    let room: Module = room.iter().map(|name| (*name).into()).collect();
    circle(Graph::new(&files).arrows_within(&room)).into_keys().collect()
}

#[test]
fn a_circle_of_two_files_is_seen() {
    let files = [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "use crate::a::A;")];
    assert_eq!(circle_in(&files, &[]), ["a", "b"]);
    assert!(circle_in(&[files[0], files[1], ("b.rs", "// use crate::a::A;")], &[]).is_empty());
}

#[test]
fn a_circle_through_the_code_of_contents_is_seen() {
    for contents in
        ["mod child; fn own() { child::theirs() }", "mod child; pub use child::Theirs; fn own(_: Theirs) {}"]
    {
        let files = [("lib.rs", "mod room;"), ("room/mod.rs", contents), ("room/child.rs", "super::own()")];
        assert_eq!(circle_in(&files, &["room"]), ["child", "mod"], "{contents}");
    }
}

#[test]
fn a_circle_through_what_contents_re_export_is_seen() {
    let files = [
        ("lib.rs", "mod room; pub use room::{A as B};"),
        ("room/mod.rs", "mod a; mod b; pub use a::A; pub(crate) use b::{C, D as B};"),
        ("room/a.rs", "use super::B;"),
        ("room/b.rs", "use crate::room::A;"),
    ];
    assert_eq!(circle_in(&files, &["room"]), ["a", "b"]);
}

#[test]
fn a_circle_of_two_rooms_is_seen() {
    let files = [
        ("lib.rs", "mod x; mod y;"),
        ("x/mod.rs", "mod a; mod b; pub use a::A;"),
        ("x/a.rs", ""),
        ("x/b.rs", "use crate::y::C;"),
        ("y/mod.rs", "mod c; pub use c::C;"),
        ("y/c.rs", "use super::super::x::A;"),
    ];
    assert_eq!(circle_in(&files, &[]), ["x", "y"]);
    assert!(circle_in(&files, &["x"]).is_empty());
}
