//! Real files of each kind: frames, functions, and which PDB belongs to what.

mod compilers;

use compilers::{fixtures, line_of, mingw, rust};
use debuginfo::{DebugInfo, Function, Pdb, PdbIdentity, SourceFrame};

fn function(functions: &[Function], name: &str) -> Function {
    let found = functions.iter().find(|function| function.name == name);
    found.expect("a function of this name").clone()
}

/// Checks the frames of the store that is inlined into the function `outer`.
#[track_caller]
fn assert_store(info: &DebugInfo<'_>, prefix: &str, source: &str) {
    let frame = |name: &str, line: &str| SourceFrame {
        name: format!("{prefix}{name}"),
        file: source.into(),
        path: fixtures().join(source).to_str().unwrap().into(),
        line: line_of(source, line),
    };
    let (store, outer) = (frame("store", "the store"), frame("outer", "the call"));
    let function = function(&info.functions().unwrap(), &outer.name);
    let addresses = function.start..function.start + function.size;
    let mut frames = addresses.map(|address| info.frames(address).unwrap());
    // The library's function for a store can be inlined too.
    assert!(frames.any(|frames| frames.ends_with(&[store.clone(), outer.clone()])));
}

#[test]
fn an_elf_has_frames_with_files() {
    let file = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let info = DebugInfo::elf(&file).unwrap();
    assert!(info.has_lines());
    let functions = info.functions().unwrap();
    let line_of = function(&functions, "files::compilers::line_of");
    let frames = info.frames(line_of.start).unwrap();
    let outermost = frames.last().unwrap();
    assert_eq!(outermost.name, line_of.name);
    assert!(
        outermost.path.ends_with("tests/files/compilers.rs"),
        "{frames:?}"
    );
    assert_eq!(
        outermost.line,
        compilers::line_of("../compilers.rs", "pub fn line_of")
    );
    assert_eq!(info.frames(1).unwrap(), []);
}

#[test]
fn a_pe_has_frames_and_names_without_dwarf() {
    let Some(file) = mingw("dwarf.exe", &["-g"]) else {
        return;
    };
    let info = DebugInfo::pe(&file).unwrap();
    assert!(info.has_lines() && info.build_id().is_none());
    let functions = info.functions().unwrap();
    assert_store(&info, "", "inlined.c");

    let bare = function(&functions, "bare");
    let frames = info.frames(bare.start + 1).unwrap();
    assert_eq!(frames[0].name, "bare");
    assert_eq!((&*frames[0].file, frames.len()), ("", 1));
    assert_eq!(info.frames(0).unwrap(), []);
    assert_eq!(PdbIdentity::wanted_by(&file), Ok(None));

    let file = mingw("names.exe", &[]).unwrap();
    let info = DebugInfo::pe(&file).unwrap();
    assert!(!info.has_lines());
    let outer = function(&info.functions().unwrap(), "outer");
    let frames = info.frames(outer.start).unwrap();
    assert_eq!((&*frames[0].name, frames[0].line), ("outer", 0));

    let file = mingw("nothing.exe", &["-s"]).unwrap();
    let info = DebugInfo::pe(&file).unwrap();
    assert_eq!(info.functions().unwrap(), []);
    assert_eq!(info.frames(outer.start).unwrap(), []);
}

#[test]
fn a_pdb_has_frames_and_knows_its_program() {
    let (program, bytes) = rust("one");
    let pdb = Pdb::parse(&bytes).unwrap();
    let info = DebugInfo::pdb(&pdb).unwrap();
    assert!(info.has_lines());
    let functions = info.functions().unwrap();
    assert_store(&info, "inlined::", "inlined.rs");
    let end = functions.last().map(|last| last.start + last.size).unwrap();
    for outside in [0, end, 1 << 31, 1 << 40] {
        assert_eq!(info.frames(outside).unwrap(), []);
    }

    let (other, _) = rust("two");
    assert_eq!(PdbIdentity::wanted_by(&program), Ok(Some(pdb.identity())));
    assert_ne!(PdbIdentity::wanted_by(&other), Ok(Some(pdb.identity())));
    // Without names of its own the program says nothing.
    assert!(!DebugInfo::pe(&program).unwrap().has_lines());
}

#[test]
fn an_identity_is_written_as_symbol_servers_do() {
    let identity = PdbIdentity {
        guid: std::array::from_fn(|index| index as u8),
        age: 0x1A,
    };
    let text = identity.to_string();
    assert_eq!(text, "03020100050407060809".to_owned() + "0A0B0C0D0E0F1A");
}

#[test]
fn other_files_are_refused() {
    for bytes in [&b""[..], b"MZ", b"\x7FELF", &[0; 4096]] {
        assert!(DebugInfo::elf(bytes).is_err_and(|error| error.contains("64-bit ELF")));
        assert!(DebugInfo::pe(bytes).is_err_and(|error| error.contains("PE32+")));
        assert!(Pdb::parse(bytes).is_err_and(|error| error.contains("PDB")));
        assert!(PdbIdentity::wanted_by(bytes).is_err());
    }
}
