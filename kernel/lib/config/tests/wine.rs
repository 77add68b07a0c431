//! Channels of the messages of the Win32 DLLs.

use config::{CHANNELS_MAX, Config};

fn records(words: &str) -> Vec<(String, u8)> {
    let config = Config::parse(&format!("wine={words}")).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let named = config.wine().records();
    let shown = named
        .iter()
        .map(|[flags, name @ ..]| (text(name).trim_end_matches('\0').to_owned(), *flags));
    shown.collect()
}

#[test]
fn words_turn_channels() {
    let found = |pairs: &[(&str, u8)]| -> Vec<(String, u8)> {
        pairs
            .iter()
            .map(|(name, flags)| ((*name).to_owned(), *flags))
            .collect()
    };
    assert_eq!(
        records("+relay,+loaddll"),
        found(&[("loaddll", 15), ("module", 2), ("relay", 15), ("", 0)])
    );
    assert_eq!(
        records("warn+file,-file,trace+file"),
        found(&[("file", 8), ("module", 2), ("", 0)])
    );
    assert_eq!(
        records("err+all,fixme+ntdll,-module"),
        found(&[("module", 0), ("ntdll", 3), ("", 2)])
    );
    assert_eq!(records("-all"), found(&[("module", 0), ("", 0)]));
    let silent = Config::new().wine().records();
    assert_eq!((silent.len(), &silent[0][..8]), (2, &b"\x02module\0"[..]));
}

#[test]
fn other_words_are_refused() {
    for words in [
        "",
        "loaddll",
        "+",
        "+a,,",
        "much+file",
        "+fifteen_letters",
        "+a b",
        "+\u{e9}",
    ] {
        let error = Config::parse(&format!("\"wine={words}\"")).unwrap_err();
        assert!(error.to_string().contains("+loaddll"), "{error}");
    }
    let many = vec!["+a"; CHANNELS_MAX].join(",");
    assert!(Config::parse(&format!("wine={many}")).is_err());
    assert!(Config::parse(&format!("wine={}", &many[3..])).is_ok());
}
