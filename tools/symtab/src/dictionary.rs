//! The tokens that names are cut into, chosen so that the table is small.
//!
//! All names are cut into candidates in the shortest way. Those that save fewer
//! bytes than they take are dropped, and that changes how names are cut; so it
//! is done a few times over.

use std::cmp::Reverse;

use symbols::TOKENS_MAX;

use crate::cutter::Cutter;
use crate::merge;

/// How often tokens are dropped.
const ROUNDS: usize = 3;

/// Bytes that a token takes beside its text.
const TOKEN_BYTES: usize = 3;

/// The text of all tokens stays within what 16 bits address.
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
    for _ in 0..ROUNDS {
        tokens = worthwhile(by_uses(&tokens, names));
    }
    let ranked = by_uses(&tokens, names);
    let tokens: Vec<&str> = ranked.into_iter().map(|(token, _)| token).collect();
    let cutter = cutter_of(&tokens);
    let cut = |name: &&str| {
        let tokens = cutter.cut(name).into_iter();
        tokens
            .map(|(token, _)| u16::try_from(token).expect("at most TOKENS_MAX"))
            .collect()
    };
    let names = names.iter().map(cut).collect();
    Encoded { tokens, names }
}

/// The tokens with the number of their uses in `names`, most uses first.
fn by_uses<'a>(tokens: &[&'a str], names: &[&str]) -> Vec<(&'a str, usize)> {
    let cutter = cutter_of(tokens);
    let mut uses = vec![0; tokens.len()];
    for name in names {
        for (token, _) in cutter.cut(name) {
            uses[token] += 1;
        }
    }
    let mut ranked: Vec<_> = tokens.iter().copied().zip(uses).collect();
    ranked.sort_by_key(|&(token, uses)| (Reverse(uses), token));
    ranked
}

/// Keeps all single characters, and of the other tokens those that save more
/// bytes than they take, compared with what was kept before them.
fn worthwhile(ranked: Vec<(&str, usize)>) -> Vec<&str> {
    let (mut kept, others): (Vec<_>, Vec<_>) = ranked
        .into_iter()
        .partition(|(token, _)| is_character(token));
    let mut cutter = Cutter::new(symbols::short_tokens(kept.len() + others.len()));
    for (character, _) in &kept {
        cutter.add(character);
    }
    let mut text_bytes: usize = kept.iter().map(|(character, _)| character.len()).sum();
    for (token, uses) in others {
        let parts = cutter.cut(token);
        let code_bytes: usize = parts.iter().map(|&(part, _)| cutter.code_bytes(part)).sum();
        let saved_bytes = uses * code_bytes.saturating_sub(cutter.code_bytes(cutter.len()));
        // Its longest part needs no text of its own any more.
        let shared_bytes = parts.iter().map(|&(_, length)| length).max().unwrap_or(0);
        let is_worthwhile = saved_bytes > TOKEN_BYTES + token.len() - shared_bytes;
        let fits = cutter.len() < TOKENS_MAX && text_bytes + token.len() <= TEXT_MAX_BYTES;
        if is_worthwhile && fits {
            cutter.add(token);
            text_bytes += token.len();
            kept.push((token, uses));
        }
    }
    kept.into_iter().map(|(token, _)| token).collect()
}

fn cutter_of(tokens: &[&str]) -> Cutter {
    let mut cutter = Cutter::new(symbols::short_tokens(tokens.len()));
    for token in tokens {
        cutter.add(token);
    }
    cutter
}

fn is_character(token: &str) -> bool {
    token.chars().count() == 1
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
        let names: Vec<String> = (0..400)
            .flat_map(|number| vec![format!("{number:03}").repeat(60); 4])
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let encoded = encode(&names);
        let text_bytes: usize = encoded.tokens.iter().map(|token| token.len()).sum();
        assert!(text_bytes <= TEXT_MAX_BYTES, "{text_bytes}");
        assert_eq!(join(&encoded), names);
    }
}
