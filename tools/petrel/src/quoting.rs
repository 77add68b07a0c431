//! A Windows command line of single arguments.
//!
//! Windows hands a program one text, which the C library and `CommandLineToArgvW`
//! take apart again: white space separates outside quotes; behind 2n backslashes a
//! quote opens or closes, behind 2n+1 it is a character; backslashes in front of
//! anything else are characters. The program's own name is taken apart otherwise: a
//! quote always closes it.

/// The longest command line of a process, in UTF-16 units.
pub(crate) const MOST_UNITS: usize = 32_766;

/// The command line of a program and its arguments. The name has no quotes.
pub(crate) fn command_line(program: &str, arguments: &[String]) -> String {
    let mut line = match program.contains([' ', '\t']) {
        true => format!("\"{program}\""),
        false => program.to_owned(),
    };
    for argument in arguments {
        line.push(' ');
        push(&mut line, argument);
    }
    line
}

fn push(line: &mut String, argument: &str) {
    let needs_quotes =
        argument.is_empty() || argument.contains([' ', '\t', '\n', '\x0b', '\r', '"']);
    if !needs_quotes {
        line.push_str(argument);
        return;
    }
    line.push('"');
    let mut backslashes = 0;
    for character in argument.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                // Those before it once more, and one for the quote itself.
                line.extend(std::iter::repeat_n('\\', backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        line.push(character);
    }
    line.extend(std::iter::repeat_n('\\', backslashes));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn joined(arguments: &[&str]) -> String {
        let arguments: Vec<String> = arguments.iter().map(|&one| one.into()).collect();
        command_line("a.exe", &arguments)
    }

    /// What `CommandLineToArgvW` makes of a line, as its documentation says.
    fn taken_apart(line: &str) -> Vec<String> {
        let mut rest = line.chars().peekable();
        let mut all = vec![String::new()];
        let name = all.last_mut().unwrap();
        if rest.next_if_eq(&'"').is_some() {
            name.extend(rest.by_ref().take_while(|&it| it != '"'));
        } else {
            name.extend(std::iter::from_fn(|| {
                rest.next_if(|it| !" \t".contains(*it))
            }));
        }
        loop {
            while rest.next_if(|it| " \t".contains(*it)).is_some() {}
            if rest.peek().is_none() {
                return all;
            }
            let (mut argument, mut is_quoted) = (String::new(), false);
            while let Some(&next) = rest.peek() {
                if !is_quoted && " \t".contains(next) {
                    break;
                }
                let mut slashes = 0;
                while rest.next_if_eq(&'\\').is_some() {
                    slashes += 1;
                }
                if rest.next_if_eq(&'"').is_some() {
                    argument.extend(std::iter::repeat_n('\\', slashes / 2));
                    match slashes % 2 {
                        1 => argument.push('"'),
                        _ if is_quoted && rest.next_if_eq(&'"').is_some() => argument.push('"'),
                        _ => is_quoted = !is_quoted,
                    }
                } else {
                    argument.extend(std::iter::repeat_n('\\', slashes));
                    if slashes == 0 {
                        argument.extend(rest.next());
                    }
                }
            }
            all.push(argument);
        }
    }

    #[test]
    fn plain_arguments_stay_as_they_are() {
        assert_eq!(joined(&[]), "a.exe");
        assert_eq!(joined(&["one", "-x=/y", "*.c"]), "a.exe one -x=/y *.c");
        assert_eq!(joined(&["caf\u{e9}\u{1F427}"]), "a.exe caf\u{e9}\u{1F427}");
        assert_eq!(joined(&["&|<>^%;'"]), "a.exe &|<>^%;'");
    }

    #[test]
    fn white_space_and_nothing_are_quoted() {
        assert_eq!(joined(&["one two"]), "a.exe \"one two\"");
        assert_eq!(
            joined(&["\t", "\n", "\x0b", "\r"]),
            "a.exe \"\t\" \"\n\" \"\x0b\" \"\r\""
        );
        assert_eq!(joined(&["", ""]), "a.exe \"\" \"\"");
    }

    #[test]
    fn quotes_are_escaped() {
        assert_eq!(joined(&["\""]), r#"a.exe "\"""#);
        assert_eq!(joined(&["say \"hi\""]), r#"a.exe "say \"hi\"""#);
        assert_eq!(joined(&["a\"b"]), r#"a.exe "a\"b""#);
    }

    #[test]
    fn backslashes_count_before_quotes_only() {
        assert_eq!(joined(&[r"C:\a\b"]), r"a.exe C:\a\b");
        assert_eq!(joined(&[r"C:\a\"]), r"a.exe C:\a\");
        assert_eq!(joined(&[r"C:\a b\c"]), r#"a.exe "C:\a b\c""#);
        assert_eq!(joined(&[r"C:\a b\"]), r#"a.exe "C:\a b\\""#);
        assert_eq!(joined(&[r#"\""#]), r#"a.exe "\\\"""#);
        assert_eq!(joined(&[r#"\\""#]), r#"a.exe "\\\\\"""#);
        assert_eq!(joined(&[r#"a\\b "c\"#]), r#"a.exe "a\\b \"c\\""#);
    }

    #[test]
    fn the_name_is_quoted_without_escapes() {
        assert_eq!(
            command_line("my app.exe", &["x".into()]),
            "\"my app.exe\" x"
        );
    }

    proptest! {
        #[test]
        fn what_is_joined_comes_apart_again(
            arguments in prop::collection::vec("([a \t\"\\\\]|\u{e9}){0,8}", 0..5),
            name in "[a ]{1,5}[.]exe",
        ) {
            let line = command_line(&name, &arguments);
            let apart = taken_apart(&line);
            prop_assert_eq!(&apart[0], &name);
            prop_assert_eq!(&apart[1..], &arguments[..], "{}", line);
        }
    }
}
