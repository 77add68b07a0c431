//! Rust text as words and marks, without comments, strings and characters.

/// A word (identifier, keyword or number) or a mark of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) text: &'a str,
}

/// The words and marks of `source`.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        rest: source,
        line: 1,
    };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token() {
        tokens.push(token);
    }
    tokens
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lexer<'a> {
    fn next_token(&mut self) -> Option<Token<'a>> {
        loop {
            let first = self.rest.chars().next()?;
            if self.rest.starts_with("//") {
                self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.skip_block_comment();
            } else if first == '"' {
                self.take(1);
                self.skip_text('"');
            } else if first == '\'' {
                self.skip_character_or_lifetime();
            } else if first.is_whitespace() {
                self.take(first.len_utf8());
            } else {
                let line = self.line;
                let text = self.take(match word_length(self.rest) {
                    0 => first.len_utf8(),
                    length => length,
                });
                if !self.skip_prefixed(text) {
                    return Some(Token { line, text });
                }
            }
        }
    }

    /// Takes that many bytes off the front.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn skip_block_comment(&mut self) {
        self.take(2);
        let mut depth = 1;
        while depth > 0 && !self.rest.is_empty() {
            let mark = ["/*", "*/"].map(|mark| self.rest.find(mark).unwrap_or(self.rest.len()));
            if mark[0] < mark[1] {
                depth += 1;
            } else {
                depth -= 1;
            }
            self.take(mark[0].min(mark[1]) + 2);
        }
    }

    /// Skips text up to its closing quote, over escaped ones.
    fn skip_text(&mut self, quote: char) {
        while let Some(place) = self.rest.find(['\\', quote]) {
            let found = self.take(place + 1).ends_with(quote);
            if found {
                return;
            }
            let escaped = self.rest.chars().next().map_or(0, char::len_utf8);
            self.take(escaped);
        }
        self.take(self.rest.len());
    }

    fn skip_character_or_lifetime(&mut self) {
        self.take(1);
        let mut characters = self.rest.chars();
        let first = characters.next();
        if first == Some('\\') || characters.next() == Some('\'') {
            self.skip_text('\'');
        } else {
            self.take(word_length(self.rest));
        }
    }

    /// Skips what follows `word` if `word` is the prefix of a string, a byte or
    /// a raw identifier, and tells whether it is.
    fn skip_prefixed(&mut self, word: &str) -> bool {
        if !["r", "b", "br", "c", "cr"].contains(&word) {
            return false;
        }
        let marks = self.rest.len() - self.rest.trim_start_matches('#').len();
        let after = &self.rest[marks..];
        if word.ends_with('r') && after.starts_with('"') {
            let end = format!("\"{}", "#".repeat(marks));
            self.take(marks + 1);
            let length = self.rest.find(&end).unwrap_or(self.rest.len());
            self.take(length + end.len());
        } else if word == "r" && marks == 1 && word_length(after) > 0 {
            self.take(1 + word_length(after));
        } else if after.starts_with('"') && marks == 0 {
            self.take(1);
            self.skip_text('"');
        } else if word == "b" && after.starts_with('\'') && marks == 0 {
            self.take(1);
            self.skip_text('\'');
        } else {
            return false;
        }
        true
    }
}

/// How many bytes of word `text` begins with.
fn word_length(text: &str) -> usize {
    text.find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|token| token.text).collect()
    }

    #[test]
    fn keeps_words_and_marks() {
        assert_eq!(
            words("unsafe { f(1_u8) }"),
            ["unsafe", "{", "f", "(", "1_u8", ")", "}"]
        );
        assert_eq!(
            words("#![forbid(é)]"),
            ["#", "!", "[", "forbid", "(", "é", ")", "]"]
        );
    }

    #[test]
    fn drops_comments() {
        assert_eq!(words("a // unsafe\nb"), ["a", "b"]);
        assert_eq!(words("a /* unsafe /* unsafe */ unsafe */ b"), ["a", "b"]);
        assert_eq!(words("a /* unsafe"), ["a"]);
        assert_eq!(words("//! unsafe"), [""; 0]);
    }

    #[test]
    fn drops_strings() {
        assert_eq!(words(r#"a "unsafe \" unsafe" b"#), ["a", "b"]);
        assert_eq!(words(r##"a r#"unsafe " unsafe"# b"##), ["a", "b"]);
        assert_eq!(words(r#"a r"unsafe \" b"#), ["a", "b"]);
        assert_eq!(
            words(r##"a b"unsafe" c"unsafe" br#"unsafe"# cr"unsafe" b"##),
            ["a", "b"]
        );
        assert_eq!(words("a \"unsafe"), ["a"]);
    }

    #[test]
    fn tells_characters_from_lifetimes() {
        assert_eq!(words(r"'a' '\'' '\u{41}' '\\' b'\'' b'x' 'é' z"), ["z"]);
        assert_eq!(
            words("fn f<'a>(x: &'a T) '\"' z"),
            ["fn", "f", "<", ">", "(", "x", ":", "&", "T", ")", "z"]
        );
        assert_eq!(
            words("'outer: loop { '\\n' unsafe }"),
            [":", "loop", "{", "unsafe", "}"]
        );
    }

    #[test]
    fn raw_identifiers_are_not_keywords() {
        assert_eq!(words("r#unsafe x"), ["x"]);
        assert_eq!(words("r + b"), ["r", "+", "b"]);
    }

    #[test]
    fn counts_lines() {
        let found = tokens("a\n/* \n */ \"\n\n\" b");
        assert_eq!(found.last(), Some(&Token { line: 5, text: "b" }));
    }
}
