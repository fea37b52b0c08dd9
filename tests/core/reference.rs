//! docs/claims.md against the core: each claim of the table is read as its row says, and refused with its codes alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use crate::common::{SECRET, signed};
use handstamp::{
    Code, Warning,
    secure_token::{self, AdmitOptions, Settings},
    time::UnixTime,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../docs/claims.md");
const NOW: i64 = 1_800_000_200;

/// One line of the table.
struct Row {
    /// The claim, or a member of one behind a dot.
    name: &'static str,
    example: Value,
    codes: BTreeSet<&'static str>,
}

/// Returns what stands in backticks.
fn quoted(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split('`').skip(1).step_by(2)
}

fn rows() -> Vec<Row> {
    let lines = PAGE.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<_> = lines
        .map(|line| {
            let cells: Vec<_> = line.split(" | ").collect();
            assert_eq!(cells.len(), 6, "{line}");
            let example = quoted(cells[3]).next().unwrap();
            Row {
                name: quoted(cells[0]).next().unwrap(),
                example: serde_json::from_str(example).unwrap(),
                codes: quoted(cells[5]).collect(),
            }
        })
        .collect();
    assert!(rows.len() > 15);
    rows
}

/// The refusal of a token whose claims are the examples, changed.
fn refusal(change: impl FnOnce(&mut Value)) -> Option<Code> {
    let settings = format!(
        r#"{{"verify":{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}},
            "issuer":"com.customer","audience":"campaigns","maxLifetimeSeconds":3600}}"#
    );
    let mut claims = json!({});
    for row in rows().into_iter().filter(|row| !row.name.contains('.') && row.name != "access_token") {
        claims[row.name] = row.example;
    }
    change(&mut claims);
    let token = signed(r#"{"alg":"HS256"}"#, claims.to_string().as_bytes());
    let settings = Settings::parse(settings.as_bytes()).unwrap();
    let admitted = secure_token::admit(&settings, &token, &AdmitOptions::new("123456", UnixTime(NOW)));
    admitted.err().map(|error| error.code())
}

#[test]
fn the_examples_are_admitted_together() {
    assert_eq!(refusal(|_| ()), None);
    for row in rows().iter().filter(|row| row.name.contains('.')) {
        let pointer = format!("/{}", row.name.replace('.', "/"));
        let change = |claims: &mut Value| {
            let (claim, member) = row.name.split_once('.').unwrap();
            claims[claim][member] = row.example.clone();
            assert!(claims.pointer(&pointer).is_some());
        };
        assert_eq!(refusal(change), None, "{}", row.name);
    }
}

#[test]
fn each_claim_is_refused_with_the_codes_of_its_row_and_no_others() {
    let values = [
        json!(null),
        json!(true),
        json!(7),
        json!(-1),
        json!(0.5),
        json!(""),
        json!("another"),
        json!("a\u{0}b"),
        json!([1]),
        json!(["another"]),
        json!({}),
        json!({ "a": 1 }),
        json!({ "label": 1 }),
        json!(NOW - 150),
        json!(NOW + 1000),
        json!(NOW + 4000),
        json!(NOW * 1000),
    ];
    for Row { name, codes, .. } in rows() {
        let absent = refusal(|claims| match name.split_once('.') {
            Some((claim, member)) => drop(claims[claim].as_object_mut().unwrap().remove(member)),
            None => drop(claims.as_object_mut().unwrap().remove(name)),
        });
        // A limit without its only member is an empty one, which the row of the limit says.
        let absent = absent.filter(|_| !name.contains('.'));
        let given = values.iter().filter_map(|value| {
            refusal(|claims| match name.split_once('.') {
                Some((claim, member)) => claims[claim][member] = value.clone(),
                None => claims[name] = value.clone(),
            })
        });
        let given: BTreeSet<_> = given.chain(absent).map(Code::as_str).collect();
        assert_eq!(given, codes, "{name}");
    }
}

#[test]
fn every_name_of_the_page_exists() {
    let known: BTreeSet<_> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .chain(Warning::ALL.iter().map(|warning| warning.as_str()))
        .chain(rows().iter().map(|row| row.name))
        .collect();
    let is_name = |name: &&str| {
        name.contains('_') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let unknown: Vec<_> =
        PAGE.lines().flat_map(quoted).filter(is_name).filter(|name| !known.contains(name)).collect();
    assert_eq!(unknown, [""; 0]);
}
