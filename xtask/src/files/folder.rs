//! A folder to be, made as a whole: its files by their paths.

use crate::files::repository;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a folder to be: where, and what.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Makes a folder hold exactly these files (and what is kept): unchanged ones are not touched, each other
/// one appears at once and whole, what is not among them goes.
pub fn write_folder(folder: &Path, files: &Files, keep: &[&str]) -> Result<()> {
    for (file, content) in files {
        let to = folder.join(file);
        if fs::read(&to).is_ok_and(|there| there == *content) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(folder))?;
        let new = to.with_extension("new");
        fs::write(&new, content).with_context(|| format!("cannot write {}", to.display()))?;
        fs::rename(&new, &to).with_context(|| format!("cannot write {}", to.display()))?;
    }
    for file in repository::files_below(folder)? {
        let hidden = file.to_str().is_some_and(|name| name.starts_with('.'));
        if !files.contains_key(&file) && !hidden && !keep.iter().any(|kept| file.starts_with(kept)) {
            fs::remove_file(folder.join(&file))?;
        }
    }
    Ok(())
}
