//! Which colour stands for what.

/// Red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) [u8; 3]);

impl Colour {
    const fn new(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self([red, green, blue])
    }

    /// So much of another one over this.
    pub(crate) fn mixed_with(self, other: Self, intensity: u8) -> Self {
        let mut mixed = self;
        for (own, other) in mixed.0.iter_mut().zip(other.0) {
            let (under, over) = (u16::from(*own), u16::from(other));
            let share = u16::from(intensity);
            *own = ((under * (255 - share) + over * share) / 255) as u8;
        }
        mixed
    }

    fn is_dark(self) -> bool {
        let [red, green, blue] = self.0.map(u32::from);
        red * 299 + green * 587 + blue * 114 < 140_000
    }
}

/// The picture's colours.
pub(crate) struct Theme;

const FAMILIES: [(&str, Colour); 11] = [
    ("object", Colour::new(0x4E_79A7)),
    ("wait", Colour::new(0xF2_8E2B)),
    ("thread", Colour::new(0x59_A14F)),
    ("process", Colour::new(0x8C_564B)),
    ("memory", Colour::new(0xB0_7AA1)),
    ("file", Colour::new(0x1F_9E9E)),
    ("registry", Colour::new(0xED_C948)),
    ("token", Colour::new(0xFF_9DA7)),
    ("message", Colour::new(0x9C_6ADE)),
    ("system", Colour::new(0x79_706E)),
    ("unknown", Colour::new(0x22_2222)),
];

const OTHER_FAULT: &str = "other";
const FAULTS: [(&str, Colour); 6] = [
    ("demand zero", Colour::new(0x2C_A02C)),
    ("image", Colour::new(0x1F_77B4)),
    ("copy on write", Colour::new(0xE3_7700)),
    ("file or section", Colour::new(0x94_67BD)),
    ("guard or refused", Colour::new(0xD6_2728)),
    (OTHER_FAULT, Colour::new(0x7F_7F7F)),
];

const PROCESSES: [Colour; 10] = [
    Colour::new(0x3B_6EA8),
    Colour::new(0xC4_5A1B),
    Colour::new(0x3F_8F4F),
    Colour::new(0x8A_4F9E),
    Colour::new(0xA8_8A1B),
    Colour::new(0x2F_8C93),
    Colour::new(0xB8_3A5A),
    Colour::new(0x5A_5AC8),
    Colour::new(0x7A_6A55),
    Colour::new(0x5C_8A2A),
];

impl Theme {
    pub(crate) const PAPER: Colour = Colour::new(0xFF_FFFF);
    pub(crate) const INK: Colour = Colour::new(0x1A_1A1A);
    pub(crate) const FAINT: Colour = Colour::new(0x66_6666);
    pub(crate) const GRID: Colour = Colour::new(0xD8_D8D8);
    pub(crate) const IDLE: Colour = Colour::new(0xEE_EEEE);
    pub(crate) const ALIVE: Colour = Colour::new(0xF3_F3F3);

    pub(crate) fn families() -> Vec<(&'static str, Colour)> {
        FAMILIES.to_vec()
    }

    pub(crate) fn faults() -> Vec<(&'static str, Colour)> {
        FAULTS.to_vec()
    }

    pub(crate) fn of_family(family: Option<&str>) -> Colour {
        let [.., (_, unknown)] = FAMILIES;
        let found = FAMILIES.iter().find(|(name, _)| Some(*name) == family);
        found.map_or(unknown, |(_, colour)| *colour)
    }

    pub(crate) fn of_fault(by: &str) -> Colour {
        let name = match by {
            "demand zero" | "image" | "copy on write" => by,
            "file" | "section" | "commitment" => "file or section",
            "entry" | "stack growth" => OTHER_FAULT,
            _ => "guard or refused",
        };
        let found = FAULTS.iter().find(|(known, _)| *known == name);
        found.map_or(Self::INK, |(_, colour)| *colour)
    }

    pub(crate) fn of_process(place: usize) -> Colour {
        PROCESSES[place % PROCESSES.len()]
    }

    /// What text is written in on a colour.
    pub(crate) fn on(colour: Colour) -> Colour {
        match colour.is_dark() {
            true => Self::PAPER,
            false => Self::INK,
        }
    }
}
