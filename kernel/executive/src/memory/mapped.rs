//! Which files the views of an address space show.

use hal::Ref;
use vm::{Kind, Page};

use super::section::{Content, DataFile};
use super::{HeldImage, Section, Space};
use crate::Error;

/// What a view shows, kept for as long as it is asked about.
pub enum Mapped {
    /// A program.
    Image(HeldImage),
    /// A section of data.
    Data(Ref<Section>),
}

impl Mapped {
    /// Whether this is a program of the very file that another view shows, as a
    /// program or as data.
    pub fn is_program_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Image(one), Self::Image(other)) => one.is_of_file_of(other),
            (Self::Image(image), Self::Data(section)) => section
                .data_file()
                .is_some_and(|file| image.is_of_data(file.data())),
            (Self::Data(_), _) => false,
        }
    }
}

impl Mapped {
    /// Has the host know what views of its file have written.
    pub fn flush(&self) -> Result<(), Error> {
        let Self::Data(section) = self else {
            return Ok(());
        };
        let data = section.data_file().map(DataFile::data);
        match data.and_then(|data| Some((data, data.remote()?))) {
            Some((data, remote)) => data.write_back(&mut remote.share().turn()?),
            None => Ok(()),
        }
    }
}

impl Section {
    /// The data file that it shows.
    pub fn data_file(&self) -> Option<&DataFile> {
        match self.content() {
            Content::File(file) => Some(file),
            Content::Image(_) | Content::PageFile(_) => None,
        }
    }
}

impl Space {
    /// What the view that holds an address shows.
    pub fn mapped_at(&self, address: u64) -> Option<Mapped> {
        match self.regions.look_up(Page::containing(address))?.kind {
            Kind::Image { id } => Some(Mapped::Image(self.view(id)?.image.clone())),
            Kind::Mapped { id } => Some(Mapped::Data(self.sections.get(id)?.section.clone())),
            _ => None,
        }
    }
}
