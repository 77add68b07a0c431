//! The frames at an address: the function there, and those inlined into it.

use crate::format::INLINED_MAX;
use crate::lookup::Symbol;
use crate::name::{Name, Strings};
use crate::sites::{Link, Site, Sites};
use crate::table::Table;

/// A function at an address, with its place in the source.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The function's demangled name.
    pub name: Name<'a>,
    /// The file, if it is known: `kernel/...` for the project's own, `core/src/...`
    /// for the library's, `log-0.4.29/src/...` for another crate's.
    pub file: Option<Name<'a>>,
    /// The line in it, 0 if there is none: the compiler made the code up.
    pub line: u32,
    /// Whether the function was inlined into that of the next frame.
    pub is_inlined: bool,
    /// Whether the file and line are those of the address, or not known there;
    /// otherwise they are those of the last site before it in the function, and which functions
    /// are inlined at the address is not known.
    pub is_exact: bool,
}

/// The frames at an address, innermost first; see [`Table::frames`].
#[derive(Debug, Clone)]
pub struct Frames<'a> {
    strings: Strings<'a>,
    sites: Sites<'a>,
    /// The inlined functions, outermost first; `links_left` are to come.
    links: [Link; INLINED_MAX],
    links_left: usize,
    site: Option<Site>,
    is_exact: bool,
    /// The function itself, until it came.
    symbol: Option<Symbol<'a>>,
}

impl<'a> Table<'a> {
    /// The frames at `address`, innermost first, at most
    /// [`INLINED_MAX`] and one; none outside any function.
    ///
    /// Give one less than a return address, and the exact address of an
    /// interrupted instruction.
    #[must_use]
    pub fn frames(&self, address: u64) -> Frames<'a> {
        let mut frames = Frames {
            strings: self.strings,
            sites: self.sites,
            links: [Link::default(); INLINED_MAX],
            links_left: 0,
            site: None,
            is_exact: false,
            symbol: self.lookup(address),
        };
        frames.find_site(address.wrapping_sub(self.text_base), self.text_base);
        frames
    }
}

impl<'a> Frames<'a> {
    /// The function that holds the address, as long as its frame is to come.
    #[must_use]
    pub fn symbol(&self) -> Option<Symbol<'a>> {
        self.symbol
    }

    fn find_site(&mut self, wanted: u64, text_base: u64) -> Option<()> {
        let function = self.symbol?.start.wrapping_sub(text_base);
        let site = self.sites.nearest(wanted)?;
        if site.address >= function {
            self.is_exact = self.sites.flags.is_dense || site.address == wanted;
            if self.is_exact {
                self.links_left = self.sites.chain(&site, &mut self.links);
            }
            self.site = Some(site);
        }
        Some(())
    }

    fn inlined(&self, link: Link) -> Option<Frame<'a>> {
        let name = link.function.checked_add(self.sites.files)?;
        let (file, line) = self.sites.file_and_line(link)?;
        Some(Frame {
            name: self.strings.name(name)?,
            file: self.strings.path(file),
            line,
            is_inlined: true,
            is_exact: true,
        })
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        if let Some(left) = self.links_left.checked_sub(1) {
            self.links_left = left;
            return self.inlined(*self.links.get(left)?);
        }
        let symbol = self.symbol.take()?;
        let site = self.site.as_ref();
        Some(Frame {
            name: symbol.name(),
            file: site.and_then(|site| self.strings.path(site.file)),
            line: site.map_or(0, |site| site.line),
            is_inlined: false,
            is_exact: self.is_exact,
        })
    }
}
