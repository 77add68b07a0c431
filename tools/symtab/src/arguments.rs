//! The command line.

use std::path::PathBuf;

pub(crate) const HELP: &str = "\
symtab: packs the kernel's symbol table into its reserved section.

The table names every function, and gives every call its source line and the
functions that the compiler inlined there.

usage:
  symtab --elf KERNEL --map MAP   pack the functions of MAP into KERNEL
  symtab --verify KERNEL          compare the table of KERNEL with its symbols and
                                  with its DWARF, at every function and call
  symtab --help                   print this

KERNEL  the linked ELF, not stripped, with DWARF for lines, with a section
        .symbols that has room,
        and with a build id (link with --build-id=sha1); patched in place
MAP     the linker's map of the same link (link with -Map=MAP --no-demangle)

Packing prints one line:
  symbols=N bytes=B bytes_per_symbol=X sites=N inlined=N files=N line_bytes=B
  line_percent=X capacity=C
where bytes are those of a table without lines, line_bytes what the lines add,
and line_percent their share of the size of the code.
Verifying prints one line:
  functions=N sites=N frames=N sites_without_file=N frames_without_line=N
where sites are calls and instructions that stop on purpose, those without a
file are in assembly, and line 0 means that the compiler made the code up.

exit status:
  0  done
  1  a fault, said in one sentence on standard error
  3  .symbols is too small, or more than 1.5 times too large: nothing was
     changed; standard output has need=BYTES, the size to link it with
";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Pack { elf: PathBuf, map: PathBuf },
    Verify { elf: PathBuf },
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: &[String]) -> Result<Command, String> {
    let mut elf = None;
    let mut map = None;
    let mut verify = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let place = match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--elf" => &mut elf,
            "--map" => &mut map,
            "--verify" => &mut verify,
            _ => return Err(format!("unknown argument {argument}; see --help")),
        };
        let value = rest
            .next()
            .ok_or_else(|| format!("{argument} needs a file; see --help"))?;
        if place.replace(PathBuf::from(value)).is_some() {
            return Err(format!("{argument} is given twice; give it once"));
        }
    }
    match (elf, map, verify) {
        (Some(elf), Some(map), None) => Ok(Command::Pack { elf, map }),
        (None, None, Some(elf)) => Ok(Command::Verify { elf }),
        _ => Err("give --elf with --map, or --verify alone; see --help".into()),
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
            "--strip",
            "e",
        ] {
            assert!(parse_words(words).is_err(), "{words}");
        }
    }
}
