//! The text that is printed when all of it is known to be right.

use std::cell::RefCell;
use std::fmt::{self, Write};

use report::{Output, Style};

/// Collects text from several writers.
pub(crate) struct Page {
    text: RefCell<String>,
    has_colours: bool,
}

impl Page {
    /// An empty one.
    pub(crate) fn new(has_colours: bool) -> Self {
        Self {
            text: RefCell::default(),
            has_colours,
        }
    }

    /// Adds to the text.
    pub(crate) fn writer(&self) -> Writer<'_> {
        Writer(self)
    }

    pub(crate) fn into_text(self) -> String {
        self.text.into_inner()
    }
}

/// Adds text to a page. Control characters become visible ones: a report can
/// hold what a program wrote, and a terminal would obey it.
pub(crate) struct Writer<'a>(&'a Page);

impl Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let visible = text.chars().map(|letter| match letter {
            '\n' | '\t' => letter,
            _ if letter.is_control() => char::REPLACEMENT_CHARACTER,
            _ => letter,
        });
        self.0.text.borrow_mut().extend(visible);
        Ok(())
    }
}

impl Output for Writer<'_> {
    fn style(&mut self, style: Style) {
        if self.0.has_colours {
            self.0.text.borrow_mut().push_str(style.sequence());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_styles_reach_the_terminal() {
        for (has_colours, start) in [(false, ""), (true, Style::Heading.sequence())] {
            let page = Page::new(has_colours);
            page.writer().style(Style::Heading);
            let written = page.writer().write_str("a\x1b[2J\u{9b}\tb\n");
            assert!(written.is_ok());
            assert_eq!(
                page.into_text(),
                format!("{start}a\u{fffd}[2J\u{fffd}\tb\n")
            );
        }
    }
}
