//! "Did you mean": the known name that is closest to an unknown one.

use alloc::{string::String, vec, vec::Vec};

/// The known name nearest to `name`, where one is near enough to be what was meant.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // Longer texts are no misspelt name, and the comparison is quadratic.
    if name.len() > 64 {
        return None;
    }
    let plain = folded(name);
    known
        .iter()
        .map(|candidate| (distance(&plain, &folded(candidate)), *candidate))
        .filter(|(edits, candidate)| *edits <= candidate.chars().count().div_ceil(3))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Letters and digits only, in lower case: `client_id` and `clientId` are the same name misspelt.
fn folded(name: &str) -> Vec<char> {
    let letters: String = name.chars().filter(|character| character.is_alphanumeric()).collect();
    letters.to_lowercase().chars().collect()
}

/// Edits (insert, remove, replace, swap neighbours) that turn one text into the other.
fn distance(left: &[char], right: &[char]) -> usize {
    let columns = right.len().saturating_add(1);
    let mut before = vec![0_usize; columns];
    let mut last: Vec<usize> = (0..columns).collect();
    let mut previous = None;
    for (row, &a) in left.iter().enumerate() {
        let mut current = vec![row.saturating_add(1)];
        let mut neighbour = None;
        for (column, &b) in right.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let next = column.saturating_add(1);
            let replaced = at(&last, column).saturating_add(usize::from(a != b));
            let removed = at(&last, next).saturating_add(1);
            let inserted = at(&current, column).saturating_add(1);
            let swapped = if previous == Some(b) && neighbour == Some(a) {
                at(&before, column.saturating_sub(1)).saturating_add(1)
            } else {
                usize::MAX
            };
            current.push(replaced.min(removed).min(inserted).min(swapped));
            neighbour = Some(b);
        }
        previous = Some(a);
        before = core::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn misspelt_names_find_their_neighbour() {
        let known = ["origins", "secureToken", "profileApi", "clientId", "iss"];
        assert_eq!(nearest("orgins", &known), Some("origins"));
        assert_eq!(nearest("oirgins", &known), Some("origins"));
        assert_eq!(nearest("secure_token", &known), Some("secureToken"));
        assert_eq!(nearest("clientID", &known), Some("clientId"));
        assert_eq!(nearest("quota", &known), None);
        assert_eq!(nearest("", &known), None);
        assert_eq!(nearest(&"o".repeat(1000), &known), None);
    }
}
