//! The command line.

use std::path::PathBuf;

pub(crate) const HELP: &str = "\
dumpwalk: reads a minidump and walks the stack of the thread that crashed.

usage:
  dumpwalk DUMP [--images DIR]
  dumpwalk --help               print this

DUMP  a minidump of an x64 process of Windows or Petrel
DIR   a folder with the images (EXE, DLL) that ran, by their names; frames in an
      image can be walked only with its file, and an image of another build than
      the dump's is a fault

prints, one fact a line:
  process ID crashed at SECONDS (since 1970) on Windows VERSION
  exception CODE flags FLAGS at ADDRESS parameters [PARAMETERS]
  thread ID, one of N
  module BASE size SIZE \"NAME\" pdb {GUID} age AGE \"FILE\"
  #N ADDRESS MODULE+RVA         a frame, the innermost first
  ... and N more from the same place
  end: why there are no more frames
Numbers with 0x are hexadecimal. A module without a PDB file has `no pdb`; an
address outside of all modules has `?`.

exit status:
  0  done, whatever the end of the frames
  1  a fault, said in one sentence on standard error
";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Walk {
        dump: PathBuf,
        images: Option<PathBuf>,
    },
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: &[String]) -> Result<Command, String> {
    let mut dump = None;
    let mut images = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (place, value) = match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--images" => {
                let folder = rest.next();
                let folder = folder.ok_or("--images needs a folder; see --help")?;
                (&mut images, folder)
            }
            option if option.starts_with('-') => {
                return Err(format!("unknown argument {option}; see --help"));
            }
            _ => (&mut dump, argument),
        };
        if place.replace(PathBuf::from(value)).is_some() {
            return Err(format!("{argument} is one too many; see --help"));
        }
    }
    let dump = dump.ok_or("give a minidump; see --help")?;
    Ok(Command::Walk { dump, images })
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
        assert_eq!(parse_words("a.dmp -h"), Ok(Command::Help));
        for (words, images) in [("d", None), ("d --images i", Some("i".into()))] {
            let dump = "d".into();
            assert_eq!(parse_words(words), Ok(Command::Walk { dump, images }));
        }
        assert_eq!(parse_words("--images i d"), parse_words("d --images i"));
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for words in [
            "",
            "--images",
            "--images i",
            "d --images",
            "d e",
            "d --images i --images j",
            "d --verbose",
        ] {
            assert!(parse_words(words).is_err(), "{words}");
        }
    }
}
