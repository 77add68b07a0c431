//! Cuts a text into given tokens so that it takes the fewest code bytes.

use std::collections::{BTreeMap, HashMap};

/// A set of tokens.
#[derive(Default)]
pub(crate) struct Cutter {
    /// From a node and a byte to the next node; the first node is 0.
    steps: HashMap<(usize, u8), usize>,
    /// The tokens that end at nodes.
    ends: BTreeMap<usize, usize>,
    /// How many tokens take one code byte; the others take two.
    short_tokens: usize,
}

/// A way to the end of a text.
#[derive(Clone, Copy)]
struct Way {
    code_bytes: usize,
    token: usize,
    token_bytes: usize,
}

const NO_WAY: Way = Way {
    code_bytes: usize::MAX,
    token: 0,
    token_bytes: 0,
};

const AT_END: Way = Way {
    code_bytes: 0,
    ..NO_WAY
};

impl Cutter {
    /// No tokens yet; the first `short_tokens` added get codes of one byte.
    pub(crate) fn new(short_tokens: usize) -> Self {
        Self {
            short_tokens,
            ..Self::default()
        }
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a token; its number is the count of those before.
    pub(crate) fn add(&mut self, token: &str) {
        let mut node = 0;
        for &byte in token.as_bytes() {
            let new = self.steps.len() + 1;
            node = *self.steps.entry((node, byte)).or_insert(new);
        }
        self.ends.insert(node, self.ends.len());
    }

    /// How many code bytes a token takes.
    pub(crate) fn code_bytes(&self, token: usize) -> usize {
        if token < self.short_tokens { 1 } else { 2 }
    }

    /// The numbers of the tokens that make up `text`, each with its length in
    /// bytes; every character of it must be a token.
    pub(crate) fn cut(&self, text: &str) -> Vec<(usize, usize)> {
        let bytes = text.as_bytes();
        let mut ways = vec![NO_WAY; bytes.len()];
        ways.push(AT_END);
        for place in (0..bytes.len()).rev() {
            ways[place] = self.best_way(&bytes[place..], &ways[place..]);
        }
        let mut tokens = Vec::new();
        let mut place = 0;
        while place < bytes.len() {
            let way = ways[place];
            assert!(way.token_bytes > 0, "a character of {text:?} is no token");
            tokens.push((way.token, way.token_bytes));
            place += way.token_bytes;
        }
        tokens
    }

    /// The best way through `bytes`; `ways` has those from later places.
    fn best_way(&self, bytes: &[u8], ways: &[Way]) -> Way {
        let mut best = NO_WAY;
        let mut node = 0;
        for (index, &byte) in bytes.iter().enumerate() {
            let Some(&next) = self.steps.get(&(node, byte)) else {
                break;
            };
            node = next;
            let Some(&token) = self.ends.get(&node) else {
                continue;
            };
            let rest = ways[index + 1].code_bytes;
            let code_bytes = rest.saturating_add(self.code_bytes(token));
            // At the same price the longer token.
            if code_bytes <= best.code_bytes {
                best = Way {
                    code_bytes,
                    token,
                    token_bytes: index + 1,
                };
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(short_tokens: usize, tokens: &[&str], text: &str) -> Vec<usize> {
        let mut cutter = Cutter::new(short_tokens);
        for token in tokens {
            cutter.add(token);
        }
        cutter
            .cut(text)
            .into_iter()
            .map(|(token, _)| token)
            .collect()
    }

    #[test]
    fn takes_the_fewest_code_bytes() {
        let tokens = ["a", "b", "c", "ab", "bc", "abcab"];
        assert_eq!(cut(9, &tokens, ""), []);
        assert_eq!(cut(9, &tokens, "abc").len(), 2);
        assert_eq!(cut(9, &tokens, "abcabc"), [5, 2]);
        assert_eq!(cut(9, &tokens, "abcabbc"), [5, 4]);
        // The long token takes two code bytes, so does "a", "b".
        assert_eq!(cut(3, &tokens, "ab").len(), 1);
        assert_eq!(cut(3, &tokens, "abcabab"), [5, 3]);
    }

    #[test]
    fn cuts_between_characters() {
        assert_eq!(cut(9, &["é", "ü", "éü"], "éüéé"), [2, 0, 0]);
    }
}
