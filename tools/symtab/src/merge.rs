//! Finds the texts that recur in names: candidates for tokens.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use symbols::TOKEN_MAX_BYTES;

/// Neighbours are merged if they occur together this often.
const MERGE_MIN_USES: u64 = 5;

/// Two pieces, by their places in [`Merger::pieces`].
type Pair = (usize, usize);

/// All characters of `names`, and the longer texts that recur in them.
pub(crate) fn candidates<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut merger = Merger::new(names);
    while let Some((uses, Reverse(pair))) = merger.queue.pop() {
        let found = merger.pairs.get(&pair);
        // Otherwise the entry is outdated; a newer one is in the queue.
        if found.is_some_and(|found| found.uses == uses) {
            merger.merge(pair);
        }
    }
    merger.pieces
}

/// A name cut into the pieces found so far.
struct Word<'a> {
    name: &'a str,
    /// How many functions have it.
    uses: u64,
    cut: Vec<usize>,
}

/// Where two pieces are neighbours.
#[derive(Default)]
struct Neighbours {
    uses: u64,
    /// Words that have or had them.
    words: BTreeSet<usize>,
}

struct Merger<'a> {
    pieces: Vec<&'a str>,
    places: HashMap<&'a str, usize>,
    words: Vec<Word<'a>>,
    pairs: HashMap<Pair, Neighbours>,
    /// Pairs whose uses changed since they were queued.
    changed: BTreeSet<Pair>,
    queue: BinaryHeap<(u64, Reverse<Pair>)>,
}

impl<'a> Merger<'a> {
    fn new(names: &[&'a str]) -> Self {
        let mut merger = Self {
            pieces: Vec::new(),
            places: HashMap::new(),
            words: Vec::new(),
            pairs: HashMap::new(),
            changed: BTreeSet::new(),
            queue: BinaryHeap::new(),
        };
        let mut uses: BTreeMap<&str, u64> = BTreeMap::new();
        for &name in names {
            *uses.entry(name).or_default() += 1;
        }
        for (name, uses) in uses {
            let characters = name
                .char_indices()
                .map(|(place, character)| &name[place..place + character.len_utf8()]);
            let cut = characters
                .map(|character| merger.piece(character))
                .collect();
            merger.words.push(Word { name, uses, cut });
        }
        for word in 0..merger.words.len() {
            merger.recount(word, &[]);
        }
        merger.queue_changed();
        merger
    }

    fn piece(&mut self, text: &'a str) -> usize {
        *self.places.entry(text).or_insert_with(|| {
            self.pieces.push(text);
            self.pieces.len() - 1
        })
    }

    /// Makes `pair` one piece wherever its halves are neighbours.
    fn merge(&mut self, pair: Pair) {
        let Some(neighbours) = self.pairs.remove(&pair) else {
            return;
        };
        for index in neighbours.words {
            let joined = self.join(&self.words[index], pair);
            let cut = joined.into_iter().map(|text| self.piece(text)).collect();
            let old = std::mem::replace(&mut self.words[index].cut, cut);
            self.recount(index, &old);
        }
        self.queue_changed();
    }

    fn queue_changed(&mut self) {
        for pair in std::mem::take(&mut self.changed) {
            let uses = self.pairs.get(&pair).map_or(0, |found| found.uses);
            if uses >= MERGE_MIN_USES {
                self.queue.push((uses, Reverse(pair)));
            }
        }
    }

    /// The pieces of a word with `pair` joined.
    fn join(&self, word: &Word<'a>, pair: Pair) -> Vec<&'a str> {
        let mut joined = Vec::with_capacity(word.cut.len());
        let mut place = 0;
        let mut rest = word.cut.as_slice();
        while let [first, after @ ..] = rest {
            let mut length = self.pieces[*first].len();
            rest = after;
            if let [second, after @ ..] = rest
                && (*first, *second) == pair
            {
                length += self.pieces[*second].len();
                rest = after;
            }
            joined.push(&word.name[place..place + length]);
            place += length;
        }
        joined
    }

    /// Brings the counts up to date after a word was cut `old`.
    fn recount(&mut self, index: usize, old: &[usize]) {
        let word = &self.words[index];
        let (old, new) = changed(old, &word.cut);
        for pair in pairs(old) {
            if let Some(neighbours) = self.pairs.get_mut(&pair) {
                neighbours.uses -= word.uses;
                self.changed.insert(pair);
            }
        }
        for pair in pairs(new) {
            if self.pieces[pair.0].len() + self.pieces[pair.1].len() > TOKEN_MAX_BYTES {
                continue;
            }
            let neighbours = self.pairs.entry(pair).or_default();
            neighbours.uses += word.uses;
            neighbours.words.insert(index);
            self.changed.insert(pair);
        }
    }
}

/// The two cuts without the neighbours they share at the front and the back.
fn changed<'b>(old: &'b [usize], new: &'b [usize]) -> (&'b [usize], &'b [usize]) {
    let same = |(a, b): &(&usize, &usize)| a == b;
    let front = old
        .iter()
        .zip(new)
        .take_while(same)
        .count()
        .saturating_sub(1);
    let (old, new) = (&old[front..], &new[front..]);
    let back = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count();
    let back = back.saturating_sub(1);
    (&old[..old.len() - back], &new[..new.len() - back])
}

fn pairs(cut: &[usize]) -> impl Iterator<Item = Pair> {
    cut.windows(2).map(|pair| (pair[0], pair[1]))
}
