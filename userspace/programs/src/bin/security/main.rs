//! Security descriptors: by default, given, set, and what they allow.
#![no_std]
#![no_main]
nt::program!("security", main);

mod changes;
mod checks;
mod defaults;
mod descriptor;
mod directories;
mod files;
mod keys;
mod labels;

use nt::Program;

fn main(program: &Program) {
    if program.arguments().count() > 1 {
        files::child();
    }
    defaults::of_all_kinds(program);
    defaults::whole(program);
    changes::parts(program);
    changes::refused(program);
    changes::rights(program);
    changes::pointers(program);
    checks::by_name(program);
    checks::of_the_owner(program);
    checks::duplicates(program);
    checks::of_what_is_noted(program);
    files::all(program);
    directories::all(program);
    keys::all(program);
    labels::set_and_asked(program);
    labels::rights(program);
    labels::of_new_objects(program);
}
