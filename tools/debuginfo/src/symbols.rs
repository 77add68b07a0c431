//! The functions of a symbol table: sorted, one for each address.

use crate::{Function, SourceFrame};

pub(crate) struct Symbols {
    /// By rising address, without overlap.
    functions: Vec<Function>,
}

impl Symbols {
    /// Takes the functions in any order. Of several names for one address the
    /// shortest is kept, then the first by alphabet; a function ends where the
    /// next begins.
    pub(crate) fn new(mut functions: Vec<Function>) -> Self {
        functions.sort_by(|a, b| {
            let key = |function: &Function| (function.start, function.name.len());
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        functions.dedup_by_key(|function| function.start);
        let starts: Vec<u64> = functions.iter().map(|function| function.start).collect();
        for (function, next) in functions.iter_mut().zip(starts.iter().skip(1)) {
            function.size = function.size.min(next - function.start);
        }
        Self { functions }
    }

    pub(crate) fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The function that holds `address`.
    pub(crate) fn at(&self, address: u64) -> Option<&Function> {
        let after = self
            .functions
            .partition_point(|function| function.start <= address);
        let function = self.functions.get(after.checked_sub(1)?)?;
        (address - function.start < function.size).then_some(function)
    }

    /// Names the outermost of `frames` if it has no name, and makes one if there
    /// is none.
    pub(crate) fn complete(&self, frames: &mut Vec<SourceFrame>, address: u64) {
        if frames.last().is_some_and(|frame| !frame.name.is_empty()) {
            return;
        }
        let Some(function) = self.at(address) else {
            return;
        };
        match frames.last_mut() {
            Some(frame) => frame.name.clone_from(&function.name),
            None => frames.push(SourceFrame {
                name: function.name.clone(),
                ..SourceFrame::default()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, start: u64, size: u64) -> Function {
        Function {
            name: name.into(),
            start,
            size,
        }
    }

    #[test]
    fn one_name_for_an_address_and_none_between() {
        let symbols = Symbols::new(vec![
            function("later", 0x20, 8),
            function("longer", 0, 0x30),
            function("name", 0, 0x30),
            function("last", u64::MAX - 1, 1),
        ]);
        let at = |address| symbols.at(address).map(|function| &*function.name);
        assert_eq!(at(0), Some("name"));
        assert_eq!(at(0x1F), Some("name"));
        assert_eq!(at(0x27), Some("later"));
        assert_eq!(at(0x28), None);
        assert_eq!(at(u64::MAX - 1), Some("last"));
        assert_eq!(at(u64::MAX), None);
    }

    #[test]
    fn only_a_missing_name_is_completed() {
        let symbols = Symbols::new(vec![function("name", 0, 8)]);
        let named = |name: &str| SourceFrame {
            name: name.into(),
            ..SourceFrame::default()
        };
        for (before, after) in [
            (vec![], vec![named("name")]),
            (
                vec![named("inner"), named("")],
                vec![named("inner"), named("name")],
            ),
            (vec![named("other")], vec![named("other")]),
        ] {
            let mut frames = before;
            symbols.complete(&mut frames, 4);
            assert_eq!(frames, after);
        }
    }
}
