//! Names of symbols as a backtrace shows them.

use cpp_demangle::{DemangleOptions, Symbol};

/// A symbol's name, demangled: of Rust without a hash, of C++ without the types
/// of parameters and result. Any other name stays as it is.
#[must_use]
pub fn demangle(symbol: &str) -> String {
    let symbol = without_clone(symbol);
    if let Ok(name) = rustc_demangle::try_demangle(symbol) {
        return format!("{name:#}");
    }
    if symbol.starts_with("_Z")
        && let Some(name) = demangle_cpp(symbol)
    {
        return name;
    }
    symbol.into()
}

/// The name of the function of which LLVM made a copy, for another module or for
/// arguments that it knew.
fn without_clone(symbol: &str) -> &str {
    [".llvm.", ".specialized."]
        .into_iter()
        .filter_map(|mark| symbol.find(mark))
        .min()
        .and_then(|end| symbol.get(..end))
        .unwrap_or(symbol)
}

fn demangle_cpp(symbol: &str) -> Option<String> {
    let options = DemangleOptions::new().no_params().no_return_type();
    let symbol = Symbol::new(symbol).ok()?;
    symbol.demangle_with_options(&options).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_is_not_read() {
        for (symbol, name) in [
            ("_ZN4demo5kmain17hce553eeaa0758b87E", "demo::kmain"),
            (
                "_ZN4demo1f17hce553eeaa0758b87E.llvm.14984882896277560874",
                "demo::f",
            ),
            (
                "_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h73f57a69fb88a898E",
                "<&T as core::fmt::Debug>::fmt",
            ),
            (
                "_RNvNvNtCsg3SjgaGcPXb_4core4hint21unreachable_unchecked18precondition_check",
                "core::hint::unreachable_unchecked::precondition_check",
            ),
            (
                "_ZNSt6vectorIiSaIiEE9push_backEOi",
                "std::vector<int, std::allocator<int> >::push_back",
            ),
            ("_ZN4game4drawEif", "game::draw"),
            ("_Zebra", "_Zebra"),
            ("memcpy", "memcpy"),
            ("copy.llvm.77", "copy"),
            ("copy.llvm.77.specialized.1", "copy"),
            (
                "_ZN4demo1f17hce553eeaa0758b87E.llvm.1498.specialized.2",
                "demo::f",
            ),
            (
                "_RNvNtCsg3SjgaGcPXb_4core4hint4spin.specialized.1",
                "core::hint::spin",
            ),
        ] {
            assert_eq!(demangle(symbol), name);
        }
    }
}
