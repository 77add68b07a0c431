//! Linker arguments of the programs that need a special image.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for (program, argument) in [
        // The shared page lies there in every process.
        ("based", "/base:0x7FFE0000"),
        ("based-fixed", "/base:0x7FFE0000 /fixed"),
        // So that the report of the fault has a name.
        ("fault-call", "/export:call_null"),
        ("fault-null", "/export:read_null"),
        ("stack", "/stack:0x100000,0x4000"),
    ] {
        for argument in argument.split(' ') {
            println!("cargo:rustc-link-arg-bin={program}={argument}");
        }
    }
}
