//! `handstamp keys rotate`, from its options to what it writes and says.

use super::{
    account, client, kept, ring,
    secrets::secrets,
    turn::{Keys, Options, Step, Turn, Turning},
};
use crate::{entropy::Entropy, files, show};
use anstream::println;
use anyhow::{Result, bail};
use handstamp::rotation::{Untimely, coming, name_of, since_of, span, status_of};
use serde_json::{Value, json};

pub fn run(options: &Options, as_json: bool) -> Result<bool> {
    let now = options.now.unwrap_or_else(crate::token::now);
    let mut turning = Turning { options, now, entropy: Entropy::new(options.seed.as_deref())? };
    let document = files::read_json(&options.file)?;
    let turned = match options.keys {
        Keys::Ring => ring::turn(&mut turning, document),
        Keys::Verify => account::turn(&mut turning, document, "verify"),
        Keys::Decrypt => account::turn(&mut turning, document, "decrypt"),
        Keys::Client => client::turn(&mut turning, document),
    };
    let turn = match turned {
        Ok(turn) => turn,
        Err(fault) => match fault.downcast::<Untimely>() {
            Ok(refused) => return Ok(refuse(&refused, as_json)),
            Err(fault) => return Err(fault),
        },
    };
    let written = options.step.is_some() && !options.dry_run;
    if written {
        write(options, &turn)?;
    }
    tell(options, &turn, written, now, as_json)?;
    Ok(true)
}

/// Secrets first: a document that names a secret which is nowhere would be of no use.
fn write(options: &Options, turn: &Turn) -> Result<()> {
    if !turn.secrets.is_empty() || !turn.forgotten.is_empty() {
        let Some(path) = &options.secrets else { bail!("say --secrets FILE: a document holds no secrets") };
        let mut all = secrets(path)?;
        for name in &turn.forgotten {
            all.shift_remove(name);
        }
        all.extend(turn.secrets.clone());
        files::replace(path, &format!("{:#}\n", Value::Object(all)))?;
    }
    files::replace(&options.file, &format!("{:#}\n", turn.document))
}

fn refuse(refused: &Untimely, as_json: bool) -> bool {
    if as_json {
        let mut out = json!({ "refused": refused.code, "says": refused.says });
        if let Some(from) = refused.from {
            out["from"] = from.into();
        }
        println!("{out}");
    } else {
        println!("✗ {}", refused.says);
    }
    false
}

fn tell(options: &Options, turn: &Turn, written: bool, now: i64, as_json: bool) -> Result<()> {
    let keys = kept::read_all(&turn.keys)?;
    let rows = keys.iter().enumerate().map(|(index, key)| {
        json!({ "name": name_of(key, index), "status": status_of(key), "since": since_of(key) })
    });
    let rows: Vec<Value> = rows.collect();
    let next = turn.waits.map(|waits| coming(&keys, waits));
    let secrets: Vec<&String> = turn.secrets.keys().collect();
    if as_json {
        let next = next.map(|(step, from)| json!({ "step": step.as_str(), "from": from }));
        let step = options.step.map(Step::as_str);
        show::document(
            &json!({ "keys": rows, "kind": options.keys.as_str(), "step": step, "written": written, "next": next,
                "secrets": secrets, "public": turn.public, "then": turn.then }),
            true,
        );
        return Ok(());
    }
    for row in &rows {
        let since = match row["since"].as_i64() {
            Some(since) => format!("for {}", span(now.saturating_sub(since))),
            None => "nobody has noted since when".to_owned(),
        };
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        println!("  {:<24} {:<9} {since}", text("name"), text("status"));
    }
    match (options.step, written) {
        (Some(step), true) => println!("{} is done: {} is written", step.as_str(), options.file.display()),
        (Some(step), false) => println!("{} would be safe; nothing is written", step.as_str()),
        (None, _) => {}
    }
    for name in secrets {
        println!(
            "secret {name}: store it before the document, with handstamp secret put --purpose {} {name}",
            options.keys.as_str()
        );
    }
    if let Some(public) = &turn.public {
        println!("{public:#}");
    }
    for line in &turn.then {
        println!("{line}");
    }
    if let Some((step, from)) = next {
        let when = match from.map(|from| from.saturating_sub(now)) {
            None => "once it has waited, with --waited".to_owned(),
            Some(wait) if wait > 0 => format!("in {}", span(wait)),
            Some(_) => "when you like".to_owned(),
        };
        println!("next: {}, {when}", step.as_str());
    }
    Ok(())
}
