//! Which Chromium the browser tests drive. The tests themselves find its headless shell beside it, and need less time with that.

use crate::programs::command::Program;
use anyhow::{Context, Result, bail};
use std::env;
use std::path::{Path, PathBuf};

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const USUAL_PLACES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/// Finds a browser, or installs one where that was asked for; else says the three ways to get one.
pub fn find(install: bool) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROME_PATH") {
        let chosen = PathBuf::from(chosen);
        if !chosen.is_file() {
            bail!("CHROME_PATH is {}, where there is no file", chosen.display());
        }
        return Ok(chosen);
    }
    if let Some(found) = look() {
        return Ok(found);
    }
    // A fresh CI machine installs for itself; a person's machine only when asked to.
    if (install || env::var_os("CI").is_some()) && is_debian() && is_root()? {
        for command in
            ["apt-get update", "apt-get install -y --no-install-recommends chromium chromium-headless-shell"]
        {
            println!("set-up   {command}");
            Program::new("apt-get")
                .args(command.split(' ').skip(1))
                .env("DEBIAN_FRONTEND", "noninteractive")
                .run()?;
        }
        return look().context("Chromium was installed, but is not in PATH");
    }
    bail!(
        "no Chromium was found for the browser tests. One of these three:\n  \
         sudo apt-get install -y --no-install-recommends chromium chromium-headless-shell\n  \
         npx playwright-core install chromium\n  \
         CHROME_PATH=/path/to/chromium cargo xtask test"
    )
}

fn look() -> Option<PathBuf> {
    playwright()
        .or_else(in_path)
        .or_else(|| USUAL_PLACES.iter().map(PathBuf::from).find(|place| place.is_file()))
}

/// The browser that playwright downloaded, if it did.
fn playwright() -> Option<PathBuf> {
    let asked = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
    let answer = Program::new("node").args(["--eval", asked]).stdout().ok()?;
    Some(PathBuf::from(answer.trim())).filter(|found| found.is_file())
}

fn in_path() -> Option<PathBuf> {
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH")?).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").is_file()
}

fn is_root() -> Result<bool> {
    Ok(Program::new("id").arg("-u").stdout()?.trim() == "0")
}
