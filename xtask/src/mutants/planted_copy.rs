//! The copy of the repository that holds every fault in one build, under `target/mutants/tree`.

use crate::files::folder::{self, Files};
use crate::files::repository;
use crate::mutants::fault::{self, Fault};
use crate::programs::command::Program;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The copy: sources with their faults, and what else the tests read.
pub struct Copy {
    files: Files,
}

/// The places of the faults' bodies, by the copy's file, each with its number.
type Places = BTreeMap<String, Vec<(Range<usize>, usize)>>;

impl Copy {
    /// Reads the repository's files as they are now, whether committed or not.
    pub fn read() -> Result<Self> {
        let listed = ["ls-files", "--cached", "--others", "--exclude-standard"];
        let listed = Program::new("git").args(listed).stdout()?;
        let read = |file: &str| fs::read(repository::path(file)).ok().map(|content| (file.into(), content));
        Ok(Self { files: listed.lines().filter_map(read).collect() })
    }

    /// The text of a file.
    pub fn text(&self, file: &str) -> Result<String> {
        let content = self.files.get(Path::new(file)).with_context(|| format!("there is no {file}"))?;
        Ok(String::from_utf8(content.clone())?)
    }

    /// The sources and the tests of the core.
    pub fn tested(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let of_rust = |file: &str| {
            file.starts_with("src/") || file.starts_with("tests/") && !file.starts_with("tests/js/")
        };
        let named =
            self.files.iter().filter_map(|(file, content)| Some((file.to_str()?, content.as_slice())));
        named.filter(move |(file, _)| of_rust(file) && *file != "tests/survivors.json")
    }

    /// Writes the copy with these faults and checks it, until all that is left of them compiles; gives the switch of each that
    /// is planted. `refuse` is told of each one that does not compile.
    pub fn plant(
        &self,
        faults: &BTreeMap<usize, &Fault>,
        mut refuse: impl FnMut(usize) -> Result<()>,
    ) -> Result<BTreeMap<usize, usize>> {
        let mut faults = faults.clone();
        // Functions that are asked for before the program runs.
        let mut constant = BTreeSet::new();
        loop {
            let (places, switches) = self.write(&faults, &constant)?;
            let check = cargo(&["check", "--lib"]);
            let messages = check.args(["--message-format=json"]).output()?;
            if messages.status.success() {
                return Ok(switches);
            }
            let before = (faults.len(), constant.len());
            for message in String::from_utf8_lossy(&messages.stdout).lines().filter_map(error) {
                for number in refused(&message, &places) {
                    if faults.remove(&number).is_some() {
                        refuse(number)?;
                    }
                }
                if message.pointer("/code/code").is_some_and(|code| code == "E0015") {
                    let function = message["message"]
                        .as_str()
                        .and_then(|text| text.split('`').nth(1))
                        .unwrap_or_default();
                    constant.insert(function.rsplit("::").next().unwrap_or_default().to_owned());
                }
            }
            if (faults.len(), constant.len()) == before {
                let said = String::from_utf8_lossy(&messages.stdout);
                let said = said.lines().filter_map(error).map(|error| error["rendered"].to_string());
                bail!("the copy does not compile:\n{}", said.collect::<String>());
            }
            println!("{} faults compile, as far as is known", faults.len());
        }
    }

    fn write(
        &self,
        faults: &BTreeMap<usize, &Fault>,
        constant: &BTreeSet<String>,
    ) -> Result<(Places, BTreeMap<usize, usize>)> {
        let (mut files, mut places, mut switches) = (self.files.clone(), BTreeMap::new(), BTreeMap::new());
        let mut by_file = BTreeMap::<&str, Vec<(usize, &Fault)>>::new();
        for (number, fault) in faults {
            by_file.entry(&fault.file).or_default().push((*number, fault));
        }
        for (file, faults) in by_file {
            let planted = fault::plant(&self.text(file)?, &faults, constant);
            files.insert(file.into(), planted.text.into_bytes());
            places.insert(file.to_owned(), planted.places);
            switches.extend(planted.switches);
        }
        let library =
            self.text("src/lib.rs")?.replacen("extern crate alloc;", "#[macro_use] extern crate alloc;", 1);
        files.insert("src/lib.rs".into(), format!("{library}\npub(crate) mod planted;\n").into_bytes());
        files.insert("src/planted.rs".into(), fault::SWITCH.into());
        // The faults are not held to the lints.
        let manifest = self.text("Cargo.toml")?.replace("[lints.", "[package.metadata.lints.");
        files.insert("Cargo.toml".into(), manifest.into_bytes());
        folder::write_folder(&tree(), &files, &[])?;
        Ok((places, switches))
    }
}

/// Where it is.
pub fn tree() -> PathBuf {
    repository::target().join("mutants/tree")
}

/// Cargo in the copy. In a folder of its own, as cargo would give what it builds here the names of what it builds there.
pub fn cargo(arguments: &[&str]) -> Program {
    let manifest = tree().join("Cargo.toml");
    Program::cargo()
        .args(arguments)
        .args(["--quiet", "--locked", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(repository::target().join("mutants/build"))
}

/// An error of the compiler, with its places.
fn error(line: &str) -> Option<Value> {
    let message = serde_json::from_str::<Value>(line).ok()?.get("message")?.clone();
    (message["level"] == "error").then_some(message)
}

/// The faults in whose bodies an error has its places; where it stands in a macro, the place that called it.
fn refused(message: &Value, places: &Places) -> Vec<usize> {
    let spans = message["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true);
    let called =
        spans.flat_map(|span| std::iter::successors(Some(span), |span| span.pointer("/expansion/span")));
    let found = called.filter_map(|span| {
        let at = usize::try_from(span["byte_start"].as_u64()?).ok()?;
        let file = places
            .iter()
            .find(|(file, _)| span["file_name"].as_str().is_some_and(|name| name.ends_with(file.as_str())))?;
        file.1.iter().find(|(place, _)| place.contains(&at)).map(|(_, number)| *number)
    });
    found.collect()
}
