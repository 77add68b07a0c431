"""The kernel's command line: split, compose, quote for GRUB and for QEMU."""

from .errors import BuildError


def split(text):
    """Tokens of a command line, by the kernel's own rules."""
    tokens, token, quoted = [], None, False
    letters = iter(text)
    for letter in letters:
        if letter.isspace() and not quoted:
            if token is not None:
                tokens.append(token)
            token = None
            continue
        token = token or ""
        if letter == '"':
            quoted = not quoted
        elif letter == "\\":
            token += next(letters, "\\")
        else:
            token += letter
    if quoted:
        raise BuildError(f"cmdline= has an open double quote: {text}")
    return tokens if token is None else tokens + [token]


def join(tokens):
    """One line for QEMU's -append; `split` gives the tokens back."""
    return " ".join(quote(token, '"\\') for token in tokens)


def for_grub(tokens):
    """Words for a GRUB script; GRUB quotes them again for the kernel."""
    return " ".join(quote(token, '"\\$', always=True) for token in tokens)


def quote(token, escaped, always=False):
    """The token in double quotes where it needs them."""
    if "\n" in token:
        raise BuildError("the kernel's command line cannot hold a line break")
    text = "".join("\\" + letter if letter in escaped else letter for letter in token)
    special = any(letter.isspace() or letter in ";&|<>{}'" for letter in token)
    return f'"{text}"' if always or special or not token else text


def compose(given, defaults):
    """`given` tokens, and those of `defaults` whose option is not given."""
    names = {token.partition("=")[0] for token in given}
    return [token for token in defaults
            if token.partition("=")[0] not in names] + list(given)
