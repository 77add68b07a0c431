//! What gdb is told: where the program begins, and where its symbols are.

use std::fs;
use std::path::Path;

use object::pe::{IMAGE_SCN_MEM_EXECUTE, IMAGE_SCN_MEM_WRITE};
use object::read::elf::ElfFile64;
use object::read::pe::{ImageOptionalHeader, PeFile64};
use object::{LittleEndian, Object, ObjectSymbol};

use crate::exit::Failure;
use crate::home::Home;
use crate::program::Program;

/// The kernel's symbols that are needed: where a thread enters user mode, and where
/// the kernel is entered.
const SYMBOLS: [&str; 3] = ["enter_user", "trap_stubs", "system_call_entry"];
/// Places in the frame that the first of them gets (kernel/hal/src/trap/frame.rs).
const FRAME_RCX: u64 = 104;
const FRAME_RIP: u64 = 136;
/// Where a thread over the Windows DLLs has its first function: rcx of the context that
/// rcx points to.
const CONTEXT_RCX: u64 = 0x80;

/// The script for one run, whose machine waits at the port.
pub(crate) fn of(
    home: &Home,
    path: &Path,
    program: &Program,
    port: u16,
) -> Result<String, Failure> {
    let [enter_user, trap_stubs, system_call] = symbols(&home.kernel_symbols)?;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let layout = layout(&program.bytes)
        .map_err(|error| Failure::not_installed(format!("{}: {error}", path.display())))?;
    let Layout {
        base,
        entry_rva,
        code,
    } = layout;
    let word = "*(unsigned long long *)";
    let entry = match program.needs_windows {
        true => format!("{word}({word}($rdi + {FRAME_RCX}) + {CONTEXT_RCX})"),
        false => format!("{word}($rdi + {FRAME_RIP})"),
    };
    Ok(format!(
        "\
# Stops where {name} begins, in the machine of one `petrel run --gdb`.
set $petrel_trap_stubs = {trap_stubs:#x}
set $petrel_system_call_entry = {system_call:#x}
define hook-quit
  if $_thread > 0
    set confirm off
    kill
  end
end
define petrel-kernel
  add-symbol-file {kernel}
  disable unwinder global petrel-kernel
end
document petrel-kernel
Load the kernel's symbols, and show its frames, too.
end
# Code is in memory once the program has run there; the file has it before.
set trust-readonly-sections on
exec-file {file}
target remote 127.0.0.1:{port}
tbreak *{enter_user:#x}
commands
  silent
end
continue
set $petrel_base = {entry} - {entry_rva:#x}
{code}symbol-file -o $petrel_base-{base:#x} {file}
tbreak *($petrel_base+{entry_rva:#x})
continue
source {unwinder}
",
        name = program.name,
        file = quoted(&path),
        kernel = quoted(&home.kernel_symbols),
        unwinder = home.gdb_unwinder.display(),
    ))
}

/// Where the kernel has those symbols.
fn symbols(path: &Path) -> Result<[u64; 3], Failure> {
    let shown = path.display();
    let failed = |why: String| {
        Failure::not_installed(format!(
            "--gdb needs {shown}, {why}; `tools/setup scons petrel` makes it"
        ))
    };
    let bytes = fs::read(path).map_err(|error| failed(format!("which cannot be read: {error}")))?;
    let elf: ElfFile64 =
        ElfFile64::parse(&*bytes).map_err(|error| failed(format!("which is damaged: {error}")))?;
    let mut addresses = [0; 3];
    for (address, wanted) in addresses.iter_mut().zip(SYMBOLS) {
        let mut all = elf.symbols();
        let found = all.find(|symbol| symbol.name() == Ok(wanted));
        *address = found
            .ok_or_else(|| failed(format!("which has no {wanted}")))?
            .address();
    }
    Ok(addresses)
}

/// What gdb has to know of a program's file.
struct Layout {
    base: u64,
    entry_rva: u32,
    /// A line for each section with code, in the address space of `$petrel_base`.
    code: String,
}

fn layout(file: &[u8]) -> object::Result<Layout> {
    let pe = PeFile64::parse(file)?;
    let optional = &pe.nt_headers().optional_header;
    let mut code = String::new();
    for section in pe.section_table().iter() {
        let flags = section.characteristics.get(LittleEndian);
        let name = str::from_utf8(section.raw_name()).unwrap_or_default();
        let is_word = !name.is_empty() && !name.contains([' ', '"', '\'', '/']);
        let access = flags & (IMAGE_SCN_MEM_EXECUTE | IMAGE_SCN_MEM_WRITE);
        if access == IMAGE_SCN_MEM_EXECUTE && is_word {
            let rva = section.virtual_address.get(LittleEndian);
            code.push_str(&format!("section {name} $petrel_base+{rva:#x}\n"));
        }
    }
    Ok(Layout {
        base: optional.image_base(),
        entry_rva: optional.address_of_entry_point(),
        code,
    })
}

/// A file's name as gdb takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        assert_eq!(quoted(Path::new("/a b/c.exe")), "\"/a b/c.exe\"");
        assert_eq!(quoted(Path::new("/a\"\\")), r#""/a\"\\""#);
    }

    #[test]
    fn a_kernel_without_symbols_is_refused() {
        let failure = symbols(Path::new("/nowhere/petrel.debug.elf")).unwrap_err();
        assert_eq!(failure.code, crate::exit::NOT_INSTALLED);
    }
}
