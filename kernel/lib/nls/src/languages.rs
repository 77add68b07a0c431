//! The machine's languages, and the user's.

/// English as spoken in the United States.
const FIRST: u16 = 0x409;

/// What was to be a language is none, or is not installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotALanguage;

/// Who has which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Languages {
    system: u32,
    user: u32,
    shown: u16,
    /// What is to be shown after the next logon.
    pending: Option<u16>,
}

impl Languages {
    /// Those of a machine that was just installed.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            system: FIRST as u32,
            user: FIRST as u32,
            shown: FIRST,
            pending: None,
        }
    }

    /// The language that the machine was installed in.
    #[must_use]
    pub const fn installed(&self) -> u16 {
        FIRST
    }

    /// The locale of the user, or of the machine.
    #[must_use]
    pub const fn locale(&self, of_user: bool) -> u32 {
        match of_user {
            true => self.user,
            false => self.system,
        }
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`NotALanguage`]: it sorts in a way of its own, or has bits that mean nothing.
    pub const fn set_locale(&mut self, of_user: bool, locale: u32) -> Result<(), NotALanguage> {
        const LANGUAGE: u32 = 0xFFFF;
        if locale & !LANGUAGE != 0 {
            return Err(NotALanguage);
        }
        match of_user {
            true => self.user = locale,
            false => self.system = locale,
        }
        Ok(())
    }

    /// The language of what is shown to the user.
    #[must_use]
    pub const fn shown(&self) -> u16 {
        self.shown
    }

    /// Sets what it is to be after the next logon; 0: this is it.
    ///
    /// # Errors
    /// [`NotALanguage`]: nothing is installed that could be shown in it.
    pub fn set_shown(&mut self, language: u16) -> Result<(), NotALanguage> {
        match language {
            0 => self.shown = self.pending.take().unwrap_or(self.shown),
            language if language == self.installed() => self.pending = Some(language),
            _ => return Err(NotALanguage),
        }
        Ok(())
    }
}

impl Default for Languages {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_machine_have_their_own() {
        let mut languages = Languages::new();
        assert_eq!(
            (languages.locale(true), languages.locale(false)),
            (0x409, 0x409)
        );
        assert_eq!(languages.set_locale(true, 0x407), Ok(()));
        assert_eq!(
            (languages.locale(true), languages.locale(false)),
            (0x407, 0x409)
        );
        assert_eq!(languages.set_locale(false, 0x40C), Ok(()));
        assert_eq!(
            (languages.locale(true), languages.locale(false)),
            (0x407, 0x40C)
        );
        assert_eq!(languages.shown(), 0x409);
    }

    #[test]
    fn what_is_no_language_changes_nothing() {
        let mut languages = Languages::new();
        for locale in [0x1_0409, 0x8000_0409, u32::MAX] {
            assert_eq!(languages.set_locale(true, locale), Err(NotALanguage));
        }
        for language in [0x407, 0xFFFF, 1] {
            assert_eq!(languages.set_shown(language), Err(NotALanguage));
        }
        assert_eq!(languages, Languages::new());
    }

    #[test]
    fn what_is_shown_changes_with_the_next_logon() {
        let mut languages = Languages::new();
        assert_eq!(languages.set_shown(0x409), Ok(()));
        assert_ne!(languages, Languages::new());
        assert_eq!(languages.set_shown(0), Ok(()));
        assert_eq!(languages, Languages::new());
        assert_eq!(languages.set_shown(0), Ok(()));
        assert_eq!(languages.shown(), 0x409);
    }
}
