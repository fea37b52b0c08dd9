//! The tables of the keys that are in use: built when a key has been used often enough to pay for them, never more
//! than a bounded number, dropped when other keys were used for long. Counted in verifications, not in time.
//!
//! In wasm a verification takes about 140 µs without a comb, 45 with a small and 40 with a large one; they take
//! about 0.5 and 1.2 ms to build.

use super::{
    public_key::PublicKey,
    table::{Comb, Odd, Preparation},
    words::U256,
};
use alloc::{sync::Arc, vec::Vec};
use spin::Mutex;

/// Keys that are remembered.
const KEYS: usize = 32;
/// Keys among them with a large comb.
const LARGE: usize = 4;
/// A key that was not used for so many verifications is forgotten.
const IDLE: u64 = 16_384;

impl Preparation {
    const fn after(uses: u32) -> Self {
        match uses {
            0..8 => Self::Little,
            8..256 => Self::Small,
            _ => Self::Large,
        }
    }
}

/// One point's tables, as far as they were built.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) odd: Option<Arc<Odd>>,
    pub(super) comb: Option<Arc<Comb>>,
}

impl Tables {
    const NONE: Self = Self { odd: None, comb: None };

    /// Whether there is what is wanted.
    fn has(&self, wanted: Preparation) -> bool {
        match wanted {
            Preparation::Little => self.odd.is_some(),
            size => self.comb.as_ref().is_some_and(|comb| comb.preparation() >= size),
        }
    }

    /// Builds what is wanted.
    pub(super) fn build(&mut self, key: &PublicKey, wanted: Preparation) {
        match wanted {
            _ if self.has(wanted) => {}
            Preparation::Little => self.odd = Odd::new(&key.point).map(Arc::new),
            size => self.comb = Comb::new(&key.point, size).map(Arc::new),
        }
    }
}

struct Entry {
    name: [U256; 2],
    uses: u32,
    last: u64,
    tables: Tables,
}

struct HotKeys {
    verifications: u64,
    generator: Tables,
    keys: Vec<Entry>,
}

// Public keys only. Who finds the lock taken, works without: nobody waits.
static HOT: Mutex<HotKeys> =
    Mutex::new(HotKeys { verifications: 0, generator: Tables::NONE, keys: Vec::new() });

/// The tables of the generator and of a key for one more verification with it.
pub(super) fn tables(key: &PublicKey) -> (Tables, Tables, Preparation) {
    let noted = HOT.try_lock().map(|mut hot| hot.note(key));
    let (mut generator, mut ours, wanted) =
        noted.unwrap_or((Tables::NONE, Tables::NONE, Preparation::Little));
    if !generator.has(wanted) || !ours.has(wanted) {
        // Without the lock: it takes a while, and at worst somebody else does the same.
        if let Some(point) = PublicKey::generator() {
            generator.build(&point, wanted);
        }
        ours.build(key, wanted);
        if let Some(mut hot) = HOT.try_lock() {
            hot.keep(key, &generator, &ours);
        }
    }
    (generator, ours, wanted)
}

/// Counts one more use of a key, whoever computes, and says what it is worth by now.
pub(super) fn note(key: &PublicKey) -> Preparation {
    HOT.try_lock().map_or(Preparation::Little, |mut hot| hot.note(key).2)
}

impl HotKeys {
    fn note(&mut self, key: &PublicKey) -> (Tables, Tables, Preparation) {
        self.verifications = self.verifications.saturating_add(1);
        let now = self.verifications;
        let larger = self.keys.iter().filter(|entry| entry.tables.has(Preparation::Large)).count();
        let entry = match self.keys.iter_mut().position(|entry| entry.name == key.name) {
            Some(place) => self.keys.get_mut(place),
            None => {
                self.keys.retain(|entry| now.saturating_sub(entry.last) < IDLE);
                if self.keys.len() >= KEYS {
                    let oldest = self.keys.iter().enumerate().min_by_key(|(_, entry)| entry.last);
                    if let Some((place, _)) = oldest {
                        self.keys.swap_remove(place);
                    }
                }
                self.keys.push(Entry { name: key.name, uses: 0, last: now, tables: Tables::NONE });
                self.keys.last_mut()
            }
        };
        let Some(entry) = entry else { return (Tables::NONE, Tables::NONE, Preparation::Little) };
        let mut wanted = Preparation::after(entry.uses);
        if wanted == Preparation::Large && !entry.tables.has(wanted) && larger >= LARGE {
            wanted = Preparation::Small;
        }
        entry.uses = entry.uses.saturating_add(1);
        entry.last = now;
        (self.generator.clone(), entry.tables.clone(), wanted)
    }

    fn keep(&mut self, key: &PublicKey, generator: &Tables, ours: &Tables) {
        self.generator = generator.clone();
        if let Some(entry) = self.keys.iter_mut().find(|entry| entry.name == key.name) {
            entry.tables = ours.clone();
        }
    }
}
