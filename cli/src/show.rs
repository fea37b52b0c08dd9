//! What is printed: for people with colours on a terminal, for programs as JSON.

use anstream::println;
use anstyle::{AnsiColor, Style};
use handstamp::{
    Error,
    explain::{Report, Status, Verdict},
};
use serde_json::{Value, json};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// A report, one line for each check that says something.
pub fn report(report: &Report, as_json: bool) {
    if as_json {
        return println!("{}", handstamp::json::Value::from(report.to_json()).to_text());
    }
    let verdict = match report.verdict() {
        Verdict::Accepted => format!("{}accepted{:#}", color(AnsiColor::Green), color(AnsiColor::Green)),
        Verdict::Rejected => format!("{}rejected{:#}", color(AnsiColor::Red), color(AnsiColor::Red)),
    };
    println!("{verdict}{}", report.code().map(|code| format!("  {BOLD}{code}{BOLD:#}")).unwrap_or_default());
    let mut skipped = Vec::new();
    for check in &report.checks {
        let (mark, style) = match check.status {
            Status::Fail => ("✗", color(AnsiColor::Red)),
            Status::Warn => ("!", color(AnsiColor::Yellow)),
            Status::Pass => ("✓", color(AnsiColor::Green)),
            Status::Skip => {
                skipped.push(check.check);
                continue;
            }
        };
        let path = check.path.as_deref().unwrap_or_default();
        let beside = if check.status == Status::Pass { check.got.as_deref() } else { None };
        println!(
            "  {style}{mark} {}{style:#}  {DIM}{path}{DIM:#}  {}",
            check.code,
            beside.unwrap_or_default()
        );
        if check.status == Status::Pass {
            continue;
        }
        line("expected", check.expected.as_deref());
        line("got", check.got.as_deref());
        line("who fixes it", check.fix().map(person));
        line("how", check.hint());
    }
    if !skipped.is_empty() {
        println!("  {DIM}not checked: {}{DIM:#}", skipped.join(", "));
    }
}

/// A refusal, with what is known about it.
pub fn refusal(fault: &Error, as_json: bool) {
    let detail = fault.detail().cloned().unwrap_or_default();
    let code = fault.code();
    if as_json {
        let mut out =
            json!({ "code": code.as_str(), "says": code.says(), "how": code.how(), "fix": code.fix() });
        for (name, value) in [("at", detail.at), ("expected", detail.expected), ("got", detail.got)] {
            if let Some(value) = value {
                out[name] = value.into();
            }
        }
        return println!("{out}");
    }
    let red = color(AnsiColor::Red);
    println!("{red}{}{red:#}  {}", code.as_str(), code.says());
    line("at", detail.at.as_deref());
    line("expected", detail.expected.as_deref());
    line("got", detail.got.as_deref());
    line("who fixes it", Some(person(code.fix())));
    line("how", Some(code.how()));
}

/// A JSON document, in lines for people.
pub fn document(value: &Value, as_json: bool) {
    let text = if as_json { value.to_string() } else { format!("{value:#}") };
    println!("{text}");
}

fn line(name: &str, text: Option<&str>) {
    if let Some(text) = text {
        println!("      {DIM}{name}:{DIM:#} {text}");
    }
}

const fn color(color: AnsiColor) -> Style {
    color.on_default()
}

/// Who it is, to people.
fn person(fix: &str) -> &'static str {
    match fix {
        "issuer" => "the issuer: the team that creates the token",
        "settings" => "the team that maintains the settings",
        "service" => "the service that verifies",
        _ => "the participant",
    }
}
