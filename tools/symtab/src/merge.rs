//! Finds the texts that recur in names: candidates for tokens.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use symbols::TOKEN_MAX_BYTES;

/// Neighbours are merged if they occur together this often.
const MERGE_MIN_USES: u64 = 3;

/// Two pieces, by their places in [`Merger::pieces`].
type Pair = (usize, usize);

/// All characters of `names`, and the longer texts that recur in them.
pub(crate) fn candidates<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut merger = Merger::new(names);
    while let Some((uses, Reverse(pair))) = merger.queue.pop() {
        // An outdated entry; a newer one is in the queue.
        if merger
            .pairs
            .get(&pair)
            .is_some_and(|found| found.uses == uses)
        {
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
    words: BTreeSet<usize>,
}

struct Merger<'a> {
    pieces: Vec<&'a str>,
    places: HashMap<&'a str, usize>,
    words: Vec<Word<'a>>,
    pairs: HashMap<Pair, Neighbours>,
    queue: BinaryHeap<(u64, Reverse<Pair>)>,
}

impl<'a> Merger<'a> {
    fn new(names: &[&'a str]) -> Self {
        let mut merger = Self {
            pieces: Vec::new(),
            places: HashMap::new(),
            words: Vec::new(),
            pairs: HashMap::new(),
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
            merger.count(word);
        }
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
            self.discount(index, pair);
            self.join(index, pair);
            self.count(index);
        }
    }

    /// Joins `pair` in one word.
    fn join(&mut self, index: usize, pair: Pair) {
        let name = self.words[index].name;
        let old = std::mem::take(&mut self.words[index].cut);
        let mut cut = Vec::with_capacity(old.len());
        let mut place = 0;
        let mut rest = old.as_slice();
        while let [first, after @ ..] = rest {
            let mut length = self.pieces[*first].len();
            rest = after;
            if let [second, after @ ..] = rest
                && (*first, *second) == pair
            {
                length += self.pieces[*second].len();
                rest = after;
            }
            cut.push(self.piece(&name[place..place + length]));
            place += length;
        }
        self.words[index].cut = cut;
    }

    /// Adds a word's neighbours to the counts.
    fn count(&mut self, index: usize) {
        let word = &self.words[index];
        for pair in pairs(&word.cut) {
            if self.pieces[pair.0].len() + self.pieces[pair.1].len() > TOKEN_MAX_BYTES {
                continue;
            }
            let neighbours = self.pairs.entry(pair).or_default();
            neighbours.uses += word.uses;
            neighbours.words.insert(index);
            if neighbours.uses >= MERGE_MIN_USES {
                self.queue.push((neighbours.uses, Reverse(pair)));
            }
        }
    }

    /// Takes a word's neighbours, but for `merged`, out of the counts.
    fn discount(&mut self, index: usize, merged: Pair) {
        let word = &self.words[index];
        for pair in pairs(&word.cut).filter(|&pair| pair != merged) {
            if let Some(neighbours) = self.pairs.get_mut(&pair) {
                neighbours.uses -= word.uses;
                neighbours.words.remove(&index);
                if neighbours.uses >= MERGE_MIN_USES {
                    self.queue.push((neighbours.uses, Reverse(pair)));
                }
            }
        }
    }
}

fn pairs(cut: &[usize]) -> impl Iterator<Item = Pair> {
    cut.windows(2).map(|pair| (pair[0], pair[1]))
}
