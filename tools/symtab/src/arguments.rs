//! The command line.

use std::path::PathBuf;

pub(crate) const HELP: &str = "\
symtab: packs symbol tables, the kernel's into its reserved section, a program's
into a file.

The table names every function. The kernel's gives every call its source line and
the functions that the compiler inlined there; a program's gives them for every
instruction.

usage:
  symtab --elf KERNEL --map MAP   pack the functions of MAP into KERNEL
  symtab --verify KERNEL          compare the table of KERNEL with its symbols and
                                  with its DWARF, at every function and call
  symtab --program PE [--pdb PDB] --out TABLE
                                  pack the functions of a program into TABLE, and
                                  compare it at every instruction
  symtab --help                   print this

KERNEL  the linked ELF, not stripped, with DWARF for lines, with a section
        .symbols that has room,
        and with a build id (link with --build-id=sha1); patched in place
MAP     the linker's map of the same link (link with -Map=MAP --no-demangle)
PE      the program, with DWARF in it (gcc and clang with -g) or with a PDB
PDB     the file of debug information that was made with the PE

Packing prints one line:
  symbols=N bytes=B bytes_per_symbol=X sites=N inlined=N files=N line_bytes=B
  line_percent=X capacity=C
where bytes are those of a table without lines, line_bytes what the lines add,
and line_percent their share of the size of the code.
Verifying prints one line:
  functions=N sites=N frames=N sites_without_file=N frames_without_line=N
where sites are calls and instructions that stop on purpose, those without a
file are in assembly, and line 0 means that the compiler made the code up.
Packing a program prints one line:
  functions=N bytes=B percent=X instructions=N sites=N inlined=N files=N
where percent is the share of the size of the functions, and sites are the places
where the source changes.

exit status:
  0  done
  1  a fault, said in one sentence on standard error
  3  .symbols is too small, or more than 1.5 times too large: nothing was
     changed; standard output has need=BYTES, the size to link it with
  4  the program gets no table, standard error says why: it has no debug
     information, the PDB is not its own, or a table cannot hold it
";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Pack {
        elf: PathBuf,
        map: PathBuf,
    },
    Verify {
        elf: PathBuf,
    },
    Program {
        pe: PathBuf,
        pdb: Option<PathBuf>,
        out: PathBuf,
    },
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: &[String]) -> Result<Command, String> {
    let mut elf = None;
    let mut map = None;
    let mut verify = None;
    let (mut program, mut pdb, mut out) = (None, None, None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let place = match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--elf" => &mut elf,
            "--map" => &mut map,
            "--verify" => &mut verify,
            "--program" => &mut program,
            "--pdb" => &mut pdb,
            "--out" => &mut out,
            _ => return Err(format!("unknown argument {argument}; see --help")),
        };
        let value = rest
            .next()
            .ok_or_else(|| format!("{argument} needs a file; see --help"))?;
        if place.replace(PathBuf::from(value)).is_some() {
            return Err(format!("{argument} is given twice; give it once"));
        }
    }
    match (elf, map, verify, program, pdb, out) {
        (Some(elf), Some(map), None, None, None, None) => Ok(Command::Pack { elf, map }),
        (None, None, Some(elf), None, None, None) => Ok(Command::Verify { elf }),
        (None, None, None, Some(pe), pdb, Some(out)) => Ok(Command::Program { pe, pdb, out }),
        _ => {
            Err("give --elf with --map, --verify alone, or --program with --out; see --help".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &str) -> Result<Command, String> {
        let arguments: Vec<String> = words.split_whitespace().map(String::from).collect();
        parse(&arguments)
    }

    #[test]
    fn reads_each_command() {
        assert_eq!(parse_words("--help"), Ok(Command::Help));
        assert_eq!(
            parse_words("--map m --elf e"),
            Ok(Command::Pack {
                elf: "e".into(),
                map: "m".into()
            })
        );
        assert_eq!(
            parse_words("--verify e"),
            Ok(Command::Verify { elf: "e".into() })
        );
        let program = |pdb: Option<&str>| {
            Ok(Command::Program {
                pe: "p".into(),
                pdb: pdb.map(PathBuf::from),
                out: "o".into(),
            })
        };
        assert_eq!(parse_words("--program p --out o"), program(None));
        assert_eq!(
            parse_words("--out o --pdb d --program p"),
            program(Some("d"))
        );
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for words in [
            "",
            "--elf e",
            "--map m",
            "--elf",
            "--elf e --elf e --map m",
            "--verify e --map m",
            "--program p",
            "--program p --pdb d",
            "--program p --out o --map m",
            "--elf e --map m --out o",
            "--strip",
            "e",
        ] {
            assert!(parse_words(words).is_err(), "{words}");
        }
    }
}
