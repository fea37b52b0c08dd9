//! `handstamp account`: account documents, checked here and written to a deployment.

use crate::{files, show};
use anstream::println;
use anyhow::Result;
use clap::Subcommand;
use handstamp::account::Account;
use serde_json::json;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Command {
    /// Check a document: every fault with its path.
    Check {
        /// Allow plain http to this machine.
        #[arg(long)]
        development: bool,
        /// A JSON file; - is standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
}

pub fn run(Command::Check { development, file }: &Command, as_json: bool) -> Result<bool> {
    let text = files::read(file)?;
    let faults = match Account::parse(text.as_bytes(), *development) {
        Ok(account) => {
            let remarks: Vec<_> = account
                .remarks()
                .iter()
                .map(|remark| json!({ "code": remark.warning.as_str(), "path": remark.at, "says": remark.warning.says() }))
                .collect();
            if as_json {
                show::document(&json!({ "good": true, "warnings": remarks }), true);
            } else {
                for remark in &remarks {
                    println!("! {}  {}", remark["path"].as_str().unwrap_or_default(), remark["code"]);
                }
                println!("the document is good");
            }
            return Ok(true);
        }
        Err(faults) => faults,
    };
    if as_json {
        let rows: Vec<_> = faults
            .iter()
            .map(|fault| json!({ "path": fault.path, "code": fault.code.as_str(), "says": fault.message }))
            .collect();
        show::document(&json!({ "good": false, "faults": rows }), true);
    } else {
        for fault in &faults {
            println!("✗ {}  {}  {}", fault.path, fault.code.as_str(), fault.message);
        }
    }
    Ok(false)
}
