//! The languages of machine and user.

use abi::NtStatus;
use executive::nls::with_languages;
use security::{Sid, group};

use crate::call::{Call, Outcome, write};

/// NtQueryDefaultLocale(user, locale)
pub(crate) fn nt_query_default_locale(call: &Call<'_>) -> Outcome {
    let of_user = call.flag(0)?;
    let locale = with_languages(|languages| languages.locale(of_user));
    write(call.word(1)?, &locale)?;
    Ok(NtStatus::SUCCESS)
}

/// NtSetDefaultLocale(user, locale)
pub(crate) fn nt_set_default_locale(call: &Call<'_>) -> Outcome {
    let (of_user, locale) = (call.flag(0)?, call.value32(1)?);
    if !of_user {
        need_administrator(call)?;
    }
    let set = with_languages(|languages| languages.set_locale(of_user, locale));
    set.map_err(|_| NtStatus::INVALID_PARAMETER)?;
    Ok(NtStatus::SUCCESS)
}

/// NT keeps the machine's locale in a key that only administrators may write.
fn need_administrator(call: &Call<'_>) -> Result<(), NtStatus> {
    let administrators = Sid::new(5, &[32, 544]);
    let is_one = call.effective_token().with(|identity| {
        let mut groups = identity.groups().iter();
        groups.any(|held| held.sid == administrators && held.attributes & group::ENABLED != 0)
    });
    match is_one {
        true => Ok(()),
        false => Err(NtStatus::ACCESS_DENIED),
    }
}

/// NtQueryDefaultUILanguage(language)
pub(crate) fn nt_query_default_ui_language(call: &Call<'_>) -> Outcome {
    write(
        call.word(0)?,
        &with_languages(|languages| languages.shown()),
    )?;
    Ok(NtStatus::SUCCESS)
}

/// NtQueryInstallUILanguage(language)
pub(crate) fn nt_query_install_ui_language(call: &Call<'_>) -> Outcome {
    let installed = with_languages(|languages| languages.installed());
    write(call.word(0)?, &installed)?;
    Ok(NtStatus::SUCCESS)
}

/// NtSetDefaultUILanguage(language)
pub(crate) fn nt_set_default_ui_language(call: &Call<'_>) -> Outcome {
    let [low, high, ..] = call.word(0)?.to_le_bytes();
    let language = u16::from_le_bytes([low, high]);
    let set = with_languages(|languages| languages.set_shown(language));
    set.map_err(|_| NtStatus::INVALID_PARAMETER)?;
    Ok(NtStatus::SUCCESS)
}
