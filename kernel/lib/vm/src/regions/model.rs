//! A map of single pages: what the regions are tested against.

use super::{Kind, State};
use crate::{MemoryInfo, Page, PageRange, Protection, StackGrowth, VmError};

/// The first page.
pub const FIRST: u64 = 0x10;
/// Some granules, and a part of one at the end.
pub const END: u64 = 0x10 + 12 * 16 + 5;
/// Pages that may be committed.
pub const LIMIT: u64 = 90;
/// Pages that may be locked.
pub const MOST_LOCKED: u64 = 20;

/// One page that is not free.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub base: u64,
    pub kind: Kind,
    pub made_with: Protection,
    pub state: State,
    pub charged: bool,
    /// It is what a placeholder was replaced by.
    pub held: bool,
    pub locks: u32,
}

impl Cell {
    pub const fn placeholder(base: u64) -> Self {
        Self {
            base,
            kind: Kind::Placeholder,
            made_with: Protection::NO_ACCESS,
            state: State::Reserved,
            charged: false,
            held: false,
            locks: 0,
        }
    }
}

/// The same address space, page by page.
#[derive(Clone, Debug, PartialEq)]
pub struct Model(pub [Option<Cell>; END as usize]);

impl Model {
    pub fn committed(&self) -> u64 {
        let cells = self.0.iter().flatten();
        cells.filter(|cell| cell.charged).count() as u64
    }

    fn slice(&self, range: PageRange) -> &[Option<Cell>] {
        &self.0[range.start.0 as usize..range.end.0 as usize]
    }

    fn edit(&mut self, range: PageRange, apply: impl Fn(&mut Cell)) {
        let cells = &mut self.0[range.start.0 as usize..range.end.0 as usize];
        cells.iter_mut().flatten().for_each(apply);
    }

    fn is_free(&self, range: PageRange) -> bool {
        range.start.0 >= FIRST
            && range.end.0 <= END
            && self.slice(range).iter().all(Option::is_none)
    }

    fn fill(&mut self, range: PageRange, cell: Cell) -> Result<(), VmError> {
        let pages = if cell.charged { range.size_pages() } else { 0 };
        if self.committed() + pages > LIMIT {
            return Err(VmError::CommitmentLimit);
        }
        for page in range.pages() {
            self.0[page.0 as usize] = Some(cell);
        }
        Ok(())
    }

    /// The first or the last free place for so many pages.
    pub fn search(&self, size: u64, top_down: bool) -> Option<PageRange> {
        let ranges = (FIRST..END)
            .filter(|page| page % 16 == 0)
            .map(|start| PageRange::sized(Page(start), size));
        let mut fitting = ranges.filter(|range| self.is_free(*range));
        if top_down {
            fitting.next_back()
        } else {
            fitting.next()
        }
    }

    pub fn place(&mut self, at: Option<PageRange>, cell: Cell) -> Result<PageRange, VmError> {
        let range = at.ok_or(VmError::NoMemory)?;
        if !self.is_free(range) {
            return Err(VmError::ConflictingAddresses);
        }
        let base = range.start.0;
        self.fill(range, Cell { base, ..cell }).map(|()| range)
    }

    /// The pages of the allocation that holds `page`.
    pub fn allocation(&self, page: Page) -> Option<(PageRange, Cell)> {
        let cell = (*self.0.get(page.0 as usize)?)?;
        let pages = self.0.iter().flatten();
        let size = pages.filter(|other| other.base == cell.base).count();
        Some((PageRange::sized(Page(cell.base), size as u64), cell))
    }

    pub fn commit(&mut self, range: PageRange, protection: Protection) -> Result<(), VmError> {
        let covering = self.allocation(range.start);
        let Some((_, cell)) = covering.filter(|(all, _)| all.covers(range)) else {
            return Err(VmError::ConflictingAddresses);
        };
        match cell.kind {
            Kind::Private | Kind::Watched | Kind::Stack => {}
            Kind::Fixed | Kind::Placeholder | Kind::Window => {
                return Err(VmError::ConflictingAddresses);
            }
            Kind::Mapped { .. } => return self.commit_view(range, cell, protection),
            Kind::Image { .. } => return Err(VmError::AlreadyCommitted),
        }
        let reserved = self.slice(range).iter().flatten();
        let more = reserved.filter(|cell| cell.state == State::Reserved);
        if self.committed() + more.count() as u64 > LIMIT {
            return Err(VmError::CommitmentLimit);
        }
        self.edit(range, |cell| {
            cell.state = State::Committed(protection);
            cell.charged = true;
        });
        Ok(())
    }

    fn commit_view(
        &mut self,
        range: PageRange,
        cell: Cell,
        asked: Protection,
    ) -> Result<(), VmError> {
        let mut cells = self.slice(range).iter().flatten();
        if cells.all(|cell| cell.state != State::Reserved) {
            return Err(VmError::AlreadyCommitted);
        }
        let (made_with, wanted) = (cell.made_with, asked.rights());
        let (may_write, may_execute) = (made_with.rights().write, made_with.rights().execute);
        if wanted.write && !may_write || wanted.execute && !may_execute {
            return Err(VmError::SectionProtection);
        }
        let copied = made_with.is_copy_on_write() && asked.nt() & 0x04 != 0;
        self.enter_in_view(
            range,
            match copied {
                true => Protection::from_nt(asked.nt() + 4)?,
                false => asked,
            },
        )
    }

    fn enter_in_view(&mut self, range: PageRange, protection: Protection) -> Result<(), VmError> {
        let copies = protection.is_copy_on_write();
        let cells = self.slice(range).iter().flatten();
        let more = cells.filter(|cell| copies && !cell.charged).count() as u64;
        if self.committed() + more > LIMIT {
            return Err(VmError::CommitmentLimit);
        }
        self.edit(range, |cell| {
            cell.state = State::Committed(protection);
            cell.charged |= copies;
        });
        Ok(())
    }

    pub fn adopt(&mut self, range: PageRange) -> Result<(), VmError> {
        let first = self.slice(range).first().copied().flatten();
        let is_like_first = |other: &Option<Cell>| *other == first;
        let Some(
            cell @ Cell {
                kind: Kind::Mapped { .. },
                state: State::Reserved,
                ..
            },
        ) = first
        else {
            return Err(VmError::NotMappedView);
        };
        if !self.slice(range).iter().all(is_like_first) {
            return Err(VmError::NotMappedView);
        }
        self.enter_in_view(range, cell.made_with)
    }

    fn to_free(&self, range: PageRange, whole: bool) -> Result<PageRange, VmError> {
        let found = self.allocation(range.start);
        let (all, cell) = found.ok_or(VmError::MemoryNotAllocated)?;
        match cell.kind {
            _ if !all.covers(range) => Err(VmError::UnableToFree),
            Kind::Fixed | Kind::Image { .. } | Kind::Mapped { .. } => {
                Err(VmError::UnableToDeleteSection)
            }
            _ if !whole => Ok(range),
            _ if range.start != all.start => Err(VmError::FreeNotAtBase),
            _ => Ok(all),
        }
    }

    pub fn release(&mut self, range: PageRange, whole: bool) -> Result<PageRange, VmError> {
        let range = self.to_free(range, whole)?;
        let old_base = self.0[range.start.0 as usize].map(|cell| cell.base);
        for page in range.pages() {
            self.0[page.0 as usize] = None;
        }
        self.rebase_rest(range, old_base);
        Ok(range)
    }

    fn rebase_rest(&mut self, range: PageRange, old_base: Option<u64>) {
        self.edit(PageRange::new(range.end, Page(END)), |cell| {
            if Some(cell.base) == old_base {
                cell.base = range.end.0;
            }
        });
    }

    /// Makes a placeholder of whatever is there.
    fn hold(&mut self, range: PageRange) {
        let old_base = self.0[range.start.0 as usize].map(|cell| cell.base);
        for page in range.pages() {
            self.0[page.0 as usize] = Some(Cell::placeholder(range.start.0));
        }
        self.rebase_rest(range, old_base);
    }

    pub fn preserve(&mut self, range: PageRange) -> Result<PageRange, VmError> {
        let found = self.allocation(range.start);
        let (all, cell) = found.ok_or(VmError::MemoryNotAllocated)?;
        match cell.kind {
            _ if !all.covers(range) => return Err(VmError::UnableToFree),
            Kind::Image { .. } | Kind::Mapped { .. } => return Err(VmError::UnableToDeleteSection),
            Kind::Placeholder if all != range => {}
            _ if cell.held => {}
            _ => return Err(VmError::ConflictingAddresses),
        }
        self.hold(range);
        Ok(range)
    }

    pub fn coalesce(&mut self, range: PageRange) -> Result<(), VmError> {
        let (mut page, mut parts) = (range.start, 0);
        while page < range.end {
            match self.allocation(page) {
                Some((all, cell)) if all.start == page && cell.kind == Kind::Placeholder => {
                    page = all.end;
                    parts += 1;
                }
                _ => return Err(VmError::ConflictingAddresses),
            }
        }
        if page != range.end || parts < 2 {
            return Err(VmError::ConflictingAddresses);
        }
        self.hold(range);
        Ok(())
    }

    /// Puts an allocation in the place of a placeholder.
    pub fn replace(&mut self, range: PageRange, cell: Cell) -> Result<PageRange, VmError> {
        match self.allocation(range.start) {
            Some((all, found)) if all == range && found.kind == Kind::Placeholder => {}
            _ => return Err(VmError::ConflictingAddresses),
        }
        let (base, held) = (range.start.0, true);
        self.fill(range, Cell { base, held, ..cell })
            .map(|()| range)
    }

    pub fn unmap_to_placeholder(&mut self, page: Page) -> Result<PageRange, VmError> {
        match self.allocation(page) {
            Some((all, cell)) if matches!(cell.kind, Kind::Image { .. } | Kind::Mapped { .. }) => {
                if !cell.held {
                    return Err(VmError::ConflictingAddresses);
                }
                self.hold(all);
                Ok(all)
            }
            _ => Err(VmError::NotMappedView),
        }
    }

    fn is_committed(&self, range: PageRange) -> bool {
        let committed = |cell: Cell| cell.state != State::Reserved;
        self.slice(range)
            .iter()
            .all(|cell| cell.is_some_and(committed))
    }

    pub fn lock(&mut self, range: PageRange, locks: u32) -> Result<bool, VmError> {
        if !self.is_committed(range) {
            return Err(VmError::NotCommitted);
        }
        let was_locked = |cell: &Cell| cell.locks & locks != 0;
        let was_locked = self.slice(range).iter().flatten().any(was_locked);
        let inside = |number: usize| range.contains(Page(number as u64));
        let cells = self.0.iter().enumerate();
        let locked = cells
            .filter(|(number, cell)| inside(*number) || cell.is_some_and(|cell| cell.locks != 0));
        if locked.count() as u64 > MOST_LOCKED {
            return Err(VmError::WorkingSetQuota);
        }
        self.edit(range, |cell| cell.locks |= locks);
        Ok(was_locked)
    }

    pub fn unlock(&mut self, range: PageRange, locks: u32) -> Result<(), VmError> {
        let has_all = |cell: &Option<Cell>| cell.is_some_and(|cell| cell.locks & locks == locks);
        if !self.is_committed(range) || !self.slice(range).iter().all(has_all) {
            return Err(VmError::NotLocked);
        }
        self.edit(range, |cell| cell.locks &= !locks);
        Ok(())
    }

    pub fn decommit(&mut self, range: PageRange, whole: bool) -> Result<PageRange, VmError> {
        let range = self.to_free(range, whole)?;
        if self.slice(range)[0]
            .is_none_or(|cell| matches!(cell.kind, Kind::Placeholder | Kind::Window))
        {
            return Err(VmError::ConflictingAddresses);
        }
        self.edit(range, |cell| {
            cell.state = State::Reserved;
            cell.charged = false;
            cell.locks = 0;
        });
        Ok(range)
    }

    pub fn protect(&mut self, range: PageRange, asked: Protection) -> Result<Protection, VmError> {
        let covering = self.allocation(range.start);
        let Some((_, cell)) = covering.filter(|(all, _)| all.covers(range)) else {
            return Err(VmError::ConflictingAddresses);
        };
        let State::Committed(old) = cell.state else {
            return Err(VmError::NotCommitted);
        };
        let made_with = cell.made_with.rights();
        let protection = match cell.kind {
            Kind::Fixed => return Err(VmError::InvalidPageProtection),
            Kind::Placeholder | Kind::Window => return Err(VmError::NotCommitted),
            Kind::Private | Kind::Watched | Kind::Stack if asked.is_copy_on_write() => {
                return Err(VmError::InvalidPageProtection);
            }
            Kind::Private | Kind::Watched | Kind::Stack => asked,
            _ if asked.rights().write && !made_with.write => {
                return Err(VmError::SectionProtection);
            }
            _ if asked.rights().execute && !made_with.execute => {
                return Err(VmError::SectionProtection);
            }
            _ if cell.made_with.is_copy_on_write() && asked.nt() & 0x04 != 0 => {
                Protection::from_nt(asked.nt() + 4)?
            }
            _ => asked,
        };
        let cells = self.slice(range).iter().flatten();
        if cells.clone().any(|cell| cell.state == State::Reserved) {
            return Err(VmError::NotCommitted);
        }
        let copies = protection.is_copy_on_write();
        let more = cells.filter(|cell| copies && !cell.charged).count() as u64;
        if self.committed() + more > LIMIT {
            return Err(VmError::CommitmentLimit);
        }
        self.edit(range, |cell| {
            cell.state = State::Committed(protection);
            cell.charged |= copies;
        });
        Ok(old)
    }

    pub fn grow_stack(&mut self, page: Page, guaranteed: u64) -> Result<StackGrowth, VmError> {
        let cell = self.allocation(page).map(|found| found.1);
        let (base, guard) = match cell {
            Some(Cell {
                kind: Kind::Stack,
                state: State::Committed(guard),
                base,
                ..
            }) if guard.is_guard() => (base, guard),
            _ => return Ok(StackGrowth::NotGuard),
        };
        let opened = PageRange::sized(page, 1);
        if page.0 < base + 1 + guaranteed.max(1) {
            let limit = Page(page.0.min(base + 1));
            let all = PageRange::new(limit, page.plus(1));
            self.commit(all, guard.without_guard())?;
            return Ok(StackGrowth::Overflow { limit });
        }
        let below = PageRange::new(page.minus(1), page);
        self.commit(below, guard)?;
        self.commit(opened, guard.without_guard())?;
        Ok(StackGrowth::Grown { guard: below.start })
    }

    pub fn query(&self, page: Page) -> MemoryInfo {
        let cell = self.0[page.0 as usize];
        let equal = self.0[page.0 as usize..].iter().take_while(|other| {
            let visible = |cell: Option<Cell>| cell.map(|cell| (cell.base, cell.state));
            visible(**other) == visible(cell)
        });
        let info = MemoryInfo {
            base_address: page.address(),
            region_size_bytes: equal.count() as u64 * 0x1000,
            ..MemoryInfo::default()
        };
        let Some(cell) = cell else {
            return MemoryInfo {
                state: 0x1_0000,
                protect: 1,
                ..info
            };
        };
        MemoryInfo {
            allocation_base: cell.base * 0x1000,
            allocation_protect: cell.made_with.nt(),
            state: match cell.state {
                State::Reserved => 0x2000,
                State::Committed(_) => 0x1000,
            },
            protect: match cell.state {
                State::Reserved => 0,
                State::Committed(protection) => protection.nt(),
            },
            kind: match cell.kind {
                Kind::Image { .. } => 0x100_0000,
                Kind::Mapped { .. } => 0x4_0000,
                _ => 0x2_0000,
            },
            ..info
        }
    }
}
