//! Whether something has to be made again: a fingerprint of everything that it is made from.

use crate::files::repository;
use anyhow::{Context, Result};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// Collects what something is made from.
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Starts with this program itself: a new way of making is a reason to make again.
    pub fn new() -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        let program = fs::metadata(std::env::current_exe()?)?;
        program.modified()?.hash(&mut hasher);
        program.len().hash(&mut hasher);
        Ok(Self(hasher))
    }

    /// Adds one file's content.
    pub fn file(&mut self, file: &Path) -> Result<()> {
        file.hash(&mut self.0);
        fs::read(file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut self.0);
        Ok(())
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        text.hash(&mut self.0);
    }

    /// Adds every file below a folder.
    pub fn folder(&mut self, folder: &Path) -> Result<()> {
        for file in repository::files_below(folder)? {
            self.file(&folder.join(file))?;
        }
        Ok(())
    }

    /// The fingerprint as text.
    pub fn finish(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// The fingerprint of the last time, kept in a file beside what was made.
pub struct Mark(PathBuf);

impl Mark {
    /// The mark in this file.
    pub const fn at(file: PathBuf) -> Self {
        Self(file)
    }

    /// Whether the last time was made from the same.
    pub fn is(&self, fingerprint: &str) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|last| last == fingerprint)
    }

    /// Forgets the last time: until the next mark, nothing counts as made.
    pub fn clear(&self) {
        let _ = fs::remove_file(&self.0);
    }

    /// Remembers this time.
    pub fn set(&self, fingerprint: &str) -> Result<()> {
        fs::write(&self.0, fingerprint).with_context(|| format!("cannot write {}", self.0.display()))
    }
}
