//! Prints the arguments and the environment of the parameter block.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("arguments", main);

fn main(program: &nt::Program) {
    let parameters = nt::program::parameters();
    program.check(
        "parameters are normalized",
        parameters.flags & abi::parameters::PARAMETERS_NORMALIZED,
        abi::parameters::PARAMETERS_NORMALIZED,
    );
    let path = nt::program::characters(&parameters.image_path);
    program.require("image path is given", !path.is_empty());
    for (index, argument) in program.arguments().enumerate() {
        nt::println!("argument {index}: {argument}");
    }
    for line in program.environment() {
        nt::println!("environment: {line}");
    }
}
