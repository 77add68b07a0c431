//! The functions at an address of one file, from its debug information.

use debuginfo::{DebugInfo, Function};
use report::Origin;

use crate::record::{Frame, Place};

/// Names the addresses of a file.
pub(crate) struct Names<'a> {
    info: DebugInfo<'a>,
    /// By rising address.
    functions: Vec<Function>,
    /// Whose its functions are that are no library's.
    own: Origin,
}

impl<'a> Names<'a> {
    /// Errors are sentences that begin with a verb.
    pub(crate) fn new(info: DebugInfo<'a>, own: Origin) -> Result<Self, String> {
        Ok(Self {
            functions: info.functions()?,
            info,
            own,
        })
    }

    /// Whether the file names nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.functions.is_empty() && !self.info.has_lines()
    }

    /// The build id of the kernel that they are of.
    pub(crate) fn build_id(&self) -> Option<&[u8]> {
        self.info.build_id()
    }

    /// The frames of an address that the file counts as `address`: those inlined
    /// there, and the function that holds it; that alone and without a name if
    /// none does.
    pub(crate) fn frames(&self, frame: &Frame, address: u64) -> Result<Vec<Frame>, String> {
        let inside = address.wrapping_sub(frame.is_call.into());
        let found = self.info.frames(inside)?;
        let bare = Frame {
            is_inlined: false,
            origin: self.own,
            function: None,
            offset: 0,
            place: None,
            ..frame.clone()
        };
        if found.is_empty() {
            return Ok(vec![bare]);
        }
        let outermost = found.len() - 1;
        let frames = found.into_iter().enumerate().map(|(depth, source)| {
            let file = Some(source.file).filter(|file| !file.is_empty());
            let function = Some(source.name).filter(|name| !name.is_empty());
            let name = function.clone().unwrap_or_default();
            Frame {
                is_inlined: depth < outermost,
                origin: Origin::of_source(file.as_deref(), &name, self.own),
                function,
                offset: address.wrapping_sub(self.start(inside)),
                place: file.map(|file| Place {
                    file,
                    line: source.line,
                    is_exact: true,
                    path: Some(source.path),
                }),
                // It is the function with a frame that was found.
                note: frame.note.clone().filter(|_| depth == outermost),
                ..bare.clone()
            }
        });
        Ok(frames.collect())
    }

    /// Where the function begins that is known to hold an address.
    fn start(&self, inside: u64) -> u64 {
        let functions = &self.functions;
        let after = functions.partition_point(|function| function.start <= inside);
        let function = after.checked_sub(1).and_then(|index| functions.get(index));
        function.map_or(inside, |function| function.start)
    }
}
