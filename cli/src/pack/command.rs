//! `handstamp pack`: the conformance pack, made from a seed, and held against what the library says today.

use super::{
    material::Material,
    row::{CAMPAIGN, NOW},
    rows::rows,
};
use crate::{files, show};
use anstream::println;
use anyhow::{Context as _, Result};
use clap::Subcommand;
use handstamp::{
    explain::{Status, Verdict, explain},
    secure_token::Settings,
    time::UnixTime,
};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Command {
    /// Print the pack: the same for the same seed.
    Make {
        #[arg(long)]
        seed: String,
    },
    /// Judge every row of a pack, and say where that differs from what it expects.
    Check {
        /// The pack; - is standard input.
        file: PathBuf,
    },
}

pub fn run(command: &Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Make { seed } => {
            println!("{:#}", make(seed)?);
            Ok(true)
        }
        Command::Check { file } => check(&files::read_json(file)?, as_json),
    }
}

fn make(seed: &str) -> Result<Value> {
    let mut material = Material::new(seed)?;
    let rows = rows(&mut material)?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let judged = judge(material.settings(row.settings)?, row.token.as_deref().unwrap_or_default())?;
            let mut out = json!({ "name": row.name, "about": row.about });
            if let Some(situation) = row.situation {
                out["situation"] = situation.into();
            }
            out["settings"] = row.settings.into();
            if let Some(token) = row.token {
                out["token"] = token.into();
            }
            out["verdict"] = judged["verdict"].clone();
            out["code"] = row.code.into();
            out["found"] = judged["found"].clone();
            Ok(out)
        })
        .collect::<Result<_>>()?;
    Ok(json!({
        "about": "Tokens as they should be and as people get them wrong. `settings` names the settings that a row is judged by, \
            at the time `now`, for the campaign `campaignId`. `code` is what a report says first, or the code that the settings are \
            refused with; `found` is every check that failed or warned. The keys are for tests only.",
        "madeBy": format!("handstamp pack make --seed {seed}"),
        "now": NOW,
        "campaignId": CAMPAIGN,
        "keys": material.keys()?,
        "settings": material.all_settings(),
        "rows": rows,
    }))
}

/// What comes of one row: `{ verdict, code, found }`.
fn judge(settings: &Value, token: &str) -> Result<Value> {
    Ok(match Settings::parse(settings.to_string().as_bytes()) {
        Err(fault) => {
            let code = fault.code().as_str();
            json!({ "verdict": "settings", "code": code, "found": [code] })
        }
        Ok(settings) => {
            let report = explain(&settings, token, Some(CAMPAIGN), UnixTime(NOW));
            let verdict = if report.verdict() == Verdict::Accepted { "accepted" } else { "rejected" };
            let remarkable = |status| matches!(status, Status::Fail | Status::Warn);
            let found: Vec<_> = report
                .checks
                .iter()
                .filter(|check| remarkable(check.status))
                .map(|check| check.code)
                .collect();
            json!({ "verdict": verdict, "code": report.code(), "found": found })
        }
    })
}

fn check(pack: &Value, as_json: bool) -> Result<bool> {
    let rows = pack["rows"].as_array().context("this is not a valid pack: it has no rows")?;
    let mut differing = Vec::new();
    for row in rows {
        let name = row["settings"].as_str().unwrap_or_default();
        let judged = judge(&pack["settings"][name], row["token"].as_str().unwrap_or_default())?;
        let same = ["verdict", "code", "found"].iter().all(|member| judged[member] == row[*member]);
        if !same {
            differing.push(json!({ "name": row["name"], "expected": row["code"], "got": judged["code"] }));
        }
        if !as_json {
            let mark = if same { "✓" } else { "✗" };
            let code = judged["code"].as_str().unwrap_or("-");
            let situation =
                row["situation"].as_i64().map(|number| format!("{number:>2}")).unwrap_or("  ".to_owned());
            println!(
                "{mark} {situation} {:<28} {:<9} {code}",
                row["name"].as_str().unwrap_or_default(),
                judged["verdict"].as_str().unwrap_or_default()
            );
        }
    }
    if as_json {
        show::document(&json!({ "rows": rows.len(), "differing": differing }), true);
    }
    Ok(differing.is_empty())
}
