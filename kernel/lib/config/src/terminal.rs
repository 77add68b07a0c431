//! The host's terminal: how large it is, and which streams of programs it has.

/// What the host says of its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// How wide it is, 0 if it does not say.
    pub columns: u16,
    /// How high.
    pub rows: u16,
    /// Programs read it.
    pub is_input: bool,
    /// They write to it.
    pub is_output: bool,
    /// They write to it about errors.
    pub is_errors: bool,
    /// It lets lines be edited and shows what is typed itself.
    pub echoes: bool,
}

impl Terminal {
    /// `COLUMNSxROWS`, then `in`, `out`, `err` and `echo` behind commas, one of the first
    /// three at least.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(',');
        let (columns, rows) = words.next()?.split_once('x')?;
        let mut terminal = Self {
            columns: columns.parse().ok()?,
            rows: rows.parse().ok()?,
            ..Self::default()
        };
        for word in words {
            match word {
                "in" => terminal.is_input = true,
                "out" => terminal.is_output = true,
                "err" => terminal.is_errors = true,
                "echo" => terminal.echoes = true,
                _ => return None,
            }
        }
        let is_any = terminal.is_input || terminal.is_output || terminal.is_errors;
        is_any.then_some(terminal)
    }
}
