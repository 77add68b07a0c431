//! The tokens that names are cut into, chosen so that the table is small.
//!
//! Candidates come from merging, again and again, the two neighbouring pieces
//! that occur together most often. Then all names are cut in the shortest way
//! and tokens that save less than they cost are dropped, a few times over.

use std::collections::{BTreeMap, HashMap};

use symbols::{TOKEN_MAX_BYTES, TOKENS_MAX};

use crate::merge;

/// How often names are cut anew.
const ROUNDS: usize = 4;

/// A token of several characters is kept if it is used this often.
const KEEP_MIN_USES: usize = 3;

/// The text of all tokens stays below what 16 bits address.
const TEXT_MAX_BYTES: usize = 1 << 16;

/// Names cut into tokens.
pub(crate) struct Encoded<'a> {
    /// Those used most often first.
    pub(crate) tokens: Vec<&'a str>,
    /// For every name, its tokens.
    pub(crate) names: Vec<Vec<u16>>,
}

/// Chooses tokens for `names` and cuts the names into them.
pub(crate) fn encode<'a>(names: &[&'a str]) -> Encoded<'a> {
    let mut tokens = merge::candidates(names);
    tokens.retain(|token| token.len() <= TOKEN_MAX_BYTES);
    for round in 0..ROUNDS {
        let cutter = Cutter::new(&tokens);
        let mut uses = vec![0_usize; tokens.len()];
        for name in names {
            for token in cutter.cut(name) {
                uses[token] += 1;
            }
        }
        let mut ranked: Vec<_> = tokens.into_iter().zip(uses).collect();
        ranked.sort_by_key(|&(token, uses)| (std::cmp::Reverse(uses), token));
        if round + 1 < ROUNDS {
            ranked.retain(|&(token, uses)| is_character(token) || uses >= KEEP_MIN_USES);
            keep_within_limits(&mut ranked);
        }
        tokens = ranked.into_iter().map(|(token, _)| token).collect();
    }
    let cutter = Cutter::new(&tokens);
    let cut = |name: &&str| {
        let tokens = cutter.cut(name).into_iter();
        tokens
            .filter_map(|token| u16::try_from(token).ok())
            .collect()
    };
    let names = names.iter().map(cut).collect();
    Encoded { tokens, names }
}

/// Drops the tokens used least, never a single character, until all have codes
/// and places in the text.
fn keep_within_limits(ranked: &mut Vec<(&str, usize)>) {
    let characters = ranked.iter().filter(|(token, _)| is_character(token));
    let mut count = characters.clone().count();
    let mut text_bytes: usize = characters.map(|(token, _)| token.len()).sum();
    ranked.retain(|(token, _)| {
        if is_character(token) {
            return true;
        }
        let fits = count < TOKENS_MAX && text_bytes + token.len() <= TEXT_MAX_BYTES;
        if fits {
            count += 1;
            text_bytes += token.len();
        }
        fits
    });
}

fn is_character(token: &str) -> bool {
    token.chars().count() == 1
}

/// Cuts names into the fewest code bytes.
struct Cutter {
    /// From a node and a byte to the next node; a token ends at some nodes.
    steps: HashMap<(u32, u8), u32>,
    ends: BTreeMap<u32, usize>,
    short_tokens: usize,
}

impl Cutter {
    fn new(tokens: &[&str]) -> Self {
        let mut cutter = Self {
            steps: HashMap::new(),
            ends: BTreeMap::new(),
            short_tokens: symbols::short_tokens(tokens.len()),
        };
        let mut nodes = 1;
        for (index, token) in tokens.iter().enumerate() {
            let mut node = 0;
            for &byte in token.as_bytes() {
                node = *cutter.steps.entry((node, byte)).or_insert_with(|| {
                    nodes += 1;
                    nodes - 1
                });
            }
            cutter.ends.insert(node, index);
        }
        cutter
    }

    /// The tokens that make up `name` in the fewest code bytes; every
    /// character of it must be a token.
    fn cut(&self, name: &str) -> Vec<usize> {
        let bytes = name.as_bytes();
        // From every place to the end: code bytes, next token and its length.
        let mut best = vec![(usize::MAX, 0, 0); bytes.len()];
        best.push((0, 0, 0));
        for place in (0..bytes.len()).rev() {
            let mut node = 0;
            for (length, &byte) in bytes[place..].iter().enumerate() {
                let Some(&next) = self.steps.get(&(node, byte)) else {
                    break;
                };
                node = next;
                let Some(&token) = self.ends.get(&node) else {
                    continue;
                };
                let cost_bytes = if token < self.short_tokens { 1 } else { 2 };
                let total = best[place + length + 1].0.saturating_add(cost_bytes);
                if total <= best[place].0 {
                    best[place] = (total, token, length + 1);
                }
            }
        }
        let mut tokens = Vec::new();
        let mut place = 0;
        while place < bytes.len() {
            let (_, token, length) = best[place];
            tokens.push(token);
            place += length;
        }
        tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(encoded: &Encoded<'_>) -> Vec<String> {
        let name = |name: &Vec<u16>| {
            name.iter()
                .map(|&token| encoded.tokens[usize::from(token)])
                .collect()
        };
        encoded.names.iter().map(name).collect()
    }

    #[test]
    fn names_come_back_whole() {
        let names = [
            "core::fmt::write",
            "core::fmt::Formatter::pad",
            "",
            "a",
            "<é as core::fmt::Debug>::fmt",
            "<ü as core::fmt::Debug>::fmt",
            "core::fmt::write",
        ];
        let encoded = encode(&names);
        assert_eq!(join(&encoded), names);
        assert!(encoded.tokens.contains(&"core::fmt::"));
    }

    #[test]
    fn no_names_need_no_tokens() {
        let encoded = encode(&[]);
        assert!(encoded.tokens.is_empty() && encoded.names.is_empty());
    }

    #[test]
    fn too_much_text_is_cut_smaller() {
        let names: Vec<String> = (0..900)
            .flat_map(|number| vec![format!("{number:03}").repeat(60); 4])
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let encoded = encode(&names);
        let text_bytes: usize = encoded.tokens.iter().map(|token| token.len()).sum();
        assert!(text_bytes <= TEXT_MAX_BYTES);
        assert_eq!(join(&encoded), names);
    }
}
