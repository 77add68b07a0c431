//! Names of symbols as a backtrace shows them.

use cpp_demangle::{DemangleOptions, Symbol};

/// A symbol's name, demangled: of Rust without a hash, of C++ without the types
/// of parameters and result. Any other name stays as it is.
#[must_use]
pub fn demangle(symbol: &str) -> String {
    if let Ok(name) = rustc_demangle::try_demangle(symbol) {
        return format!("{name:#}");
    }
    if symbol.starts_with("_Z")
        && let Some(name) = demangle_cpp(symbol)
    {
        return name;
    }
    let without_clone = symbol.split(".llvm.").next();
    without_clone.unwrap_or(symbol).into()
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
        ] {
            assert_eq!(demangle(symbol), name);
        }
    }
}
