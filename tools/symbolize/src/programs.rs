//! The programs that were given, each with its PDB if there is one.

use debuginfo::{DebugInfo, Pdb, PdbIdentity};
use pe::PeView;
use report::Origin;

use crate::files::{File, Files};
use crate::identity::Hex;
use crate::names::Names;
use crate::record::{Module, Report};

/// The PDBs that were given, open.
pub(crate) struct Pdbs<'a>(Vec<(&'a File, Pdb<'a>)>);

impl<'a> Pdbs<'a> {
    pub(crate) fn open(files: &'a Files) -> Result<Self, String> {
        let open = |file: &'a File| match Pdb::parse(&file.bytes) {
            Ok(pdb) => Ok((file, pdb)),
            Err(error) => Err(file.error(error)),
        };
        files
            .pdbs
            .iter()
            .map(open)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// A program.
struct Program<'a> {
    file: &'a File,
    identity: Vec<u8>,
    /// None if the file has no names and there is no PDB for it.
    names: Option<Names<'a>>,
}

/// The programs that were given.
pub(crate) struct Programs<'a>(Vec<Program<'a>>);

impl<'a> Programs<'a> {
    /// Checks that each PDB is that of a program.
    pub(crate) fn new(files: &'a Files, pdbs: &'a Pdbs<'_>) -> Result<Self, String> {
        let mut wanted = Vec::new();
        for image in &files.images {
            let identity =
                PdbIdentity::wanted_by(&image.bytes).map_err(|error| image.error(error))?;
            wanted.push(identity);
        }
        for (file, pdb) in &pdbs.0 {
            if !wanted.contains(&Some(pdb.identity())) {
                return Err(without_program(
                    file,
                    pdb.identity(),
                    &files.images,
                    &wanted,
                ));
            }
        }
        let images = files.images.iter().zip(wanted);
        let programs = images.map(|(image, wanted)| {
            let mut pdbs = pdbs.0.iter();
            let pdb = pdbs.find(|(_, pdb)| wanted == Some(pdb.identity()));
            open(image, pdb)
        });
        programs.collect::<Result<_, _>>().map(Self)
    }

    /// Refuses programs of a report's names that did not run there.
    pub(crate) fn check(&self, report: &Report) -> Result<(), String> {
        for module in &report.modules {
            let is_it = |program: &Program<'_>| program.identity == module.identity;
            let Some(other) = self.of_name(module).next() else {
                continue;
            };
            if !self.of_name(module).any(is_it) {
                return Err(format!(
                    "{} is not the {} that ran: its identity is {}, and that of the report is {}; \
                     give the file that ran, or none",
                    other.file.path.display(),
                    module.name,
                    Hex(&other.identity),
                    Hex(&module.identity)
                ));
            }
        }
        Ok(())
    }

    /// What names the addresses of a module, and the file for a sentence.
    pub(crate) fn names(&self, module: &Module) -> Option<(&Names<'a>, &File)> {
        let mut programs = self.of_name(module);
        let program = programs.find(|program| program.identity == module.identity)?;
        Some((program.names.as_ref()?, program.file))
    }

    /// The files that no report names.
    pub(crate) fn unused(&self, reports: &[Report]) -> impl Iterator<Item = &'a File> {
        let programs = self.0.iter().map(|program| program.file);
        programs.filter(|file| {
            let mut modules = reports.iter().flat_map(|report| &report.modules);
            !modules.any(|module| file.name().eq_ignore_ascii_case(&module.name))
        })
    }

    fn of_name(&self, module: &Module) -> impl Iterator<Item = &Program<'a>> {
        let programs = self.0.iter();
        programs.filter(|program| program.file.name().eq_ignore_ascii_case(&module.name))
    }
}

fn open<'a>(image: &'a File, pdb: Option<&'a (&File, Pdb<'_>)>) -> Result<Program<'a>, String> {
    let view = PeView::parse(&image.bytes).map_err(|error| image.error(error))?;
    let (file, info) = match pdb {
        Some((file, pdb)) => (*file, DebugInfo::pdb(pdb)),
        None => (image, DebugInfo::pe(&image.bytes)),
    };
    let names = info.and_then(|info| Names::new(info, Origin::Program));
    let names = names.map_err(|error| file.error(error))?;
    Ok(Program {
        file: image,
        identity: view.identity().into(),
        names: Some(names).filter(|names| !names.is_empty()),
    })
}

/// Why a PDB is of none of the programs.
fn without_program(
    pdb: &File,
    identity: PdbIdentity,
    images: &[File],
    wanted: &[Option<PdbIdentity>],
) -> String {
    let path = pdb.path.display();
    if images.is_empty() {
        return format!(
            "{path} can only be checked with its program; give that too, with --image or --images"
        );
    }
    let stem = |file: &File| file.path.file_stem().map(|stem| stem.to_ascii_lowercase());
    let mut pairs = images.iter().zip(wanted);
    match pairs.find(|(image, _)| stem(image) == stem(pdb)) {
        Some((image, Some(wanted))) => format!(
            "{path} is of another build than {}: its identity is {identity}, and the program asks \
             for {wanted}; give the PDB that was linked with it",
            image.path.display()
        ),
        Some((image, None)) => format!(
            "{path} cannot be that of {}, which asks for no PDB; leave it out",
            image.path.display()
        ),
        None => format!(
            "no program that was given asks for {path} ({identity}); give its program too, with \
             --image"
        ),
    }
}
