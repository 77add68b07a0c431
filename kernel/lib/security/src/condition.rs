//! Conditions of entries (MS-DTYP 2.4.4.17): postfix, with three truths.
//!
//! What is damaged, too deep, too long to find out, or asks for what is not there is
//! neither true nor false: such an entry grants nothing, and refuses what it names.
//! The identities here have no claims, and are on no device with groups.

use core::cell::Cell;
use core::cmp::Ordering;

use crate::claim::{Claim, Value, Values, split_token, token};
use crate::{AceKind, Acl, Group, Sid, access_check::is_member};

/// A truth, in the order in which one of two is the least for "and", the most for "or".
pub(crate) type Truth = u8;
pub(crate) const FALSE: Truth = 0;
pub(crate) const UNKNOWN: Truth = 1;
pub(crate) const TRUE: Truth = 2;

/// Where conditions begin.
const SIGNATURE: &[u8] = b"artx";
/// Operands that can wait for their operator.
const DEPTH: usize = 64;
/// What one check of access may take: tokens, comparisons, and 32 bytes of a value.
const STEPS: u32 = 1 << 16;
const STEP_BYTES_SHIFT: u32 = 5;
/// What it takes to look whether a group is the one, in bytes of a value.
const GROUP_BYTES: usize = 4;

mod operator {
    pub(super) const EQUAL: u8 = 0x80;
    pub(super) const NOT_EQUAL: u8 = 0x81;
    pub(super) const LESS: u8 = 0x82;
    pub(super) const LESS_OR_EQUAL: u8 = 0x83;
    pub(super) const GREATER: u8 = 0x84;
    pub(super) const GREATER_OR_EQUAL: u8 = 0x85;
    pub(super) const CONTAINS: u8 = 0x86;
    pub(super) const EXISTS: u8 = 0x87;
    pub(super) const ANY_OF: u8 = 0x88;
    pub(super) const MEMBER_OF: u8 = 0x89;
    pub(super) const DEVICE_MEMBER_OF: u8 = 0x8A;
    pub(super) const MEMBER_OF_ANY: u8 = 0x8B;
    pub(super) const DEVICE_MEMBER_OF_ANY: u8 = 0x8C;
    pub(super) const NOT_EXISTS: u8 = 0x8D;
    pub(super) const NOT_CONTAINS: u8 = 0x8E;
    pub(super) const NOT_ANY_OF: u8 = 0x8F;
    pub(super) const NOT_MEMBER_OF: u8 = 0x90;
    pub(super) const NOT_DEVICE_MEMBER_OF_ANY: u8 = 0x93;
    pub(super) const AND: u8 = 0xA0;
    pub(super) const OR: u8 = 0xA1;
    pub(super) const NOT: u8 = 0xA2;
}

/// What conditions are about: who asks, and the object's attributes.
pub(crate) struct Circumstances<'a> {
    /// Who asks.
    pub(crate) groups: &'a [&'a [Group]],
    /// Where the object's attributes are.
    pub(crate) attributes: Option<Acl<'a>>,
    /// What is left of [`STEPS`].
    pub(crate) steps: Cell<u32>,
}

/// What waits for its operator.
#[derive(Clone, Copy)]
enum Operand<'a> {
    Truth(Truth),
    /// A literal as it lies there, or the inside of several.
    Literal(&'a [u8]),
    /// An attribute, by its place and its name.
    Attribute(u8, &'a [u8]),
}

impl<'a> Circumstances<'a> {
    pub(crate) fn new(groups: &'a [&'a [Group]], attributes: Option<Acl<'a>>) -> Self {
        Self {
            groups,
            attributes,
            steps: Cell::new(STEPS),
        }
    }

    /// Whether an entry of this kind counts, by its condition.
    #[cold]
    pub(crate) fn are_met(&self, kind: AceKind, condition: &[u8]) -> bool {
        let truth = self.evaluate(kind, condition).unwrap_or(UNKNOWN);
        match kind {
            AceKind::Deny => truth != FALSE,
            _ => truth == TRUE,
        }
    }

    /// The truth of a condition; `None`: it has none.
    pub(crate) fn evaluate(&self, kind: AceKind, condition: &[u8]) -> Option<Truth> {
        let mut rest = condition.strip_prefix(SIGNATURE)?;
        let mut stack = [Operand::Truth(UNKNOWN); DEPTH];
        let mut depth = 0_usize;
        while let Some((&code, after)) = rest.split_first() {
            self.spend(0)?;
            let arity = match code {
                token::PADDING => {
                    rest = after;
                    continue;
                }
                operator::EXISTS
                | operator::NOT_EXISTS
                | operator::MEMBER_OF..=operator::DEVICE_MEMBER_OF_ANY
                | operator::NOT_MEMBER_OF..=operator::NOT_DEVICE_MEMBER_OF_ANY
                | operator::NOT => 1,
                operator::EQUAL..=operator::NOT_ANY_OF | operator::AND | operator::OR => 2,
                _ => 0,
            };
            // What the operator takes is replaced by what it makes.
            let first = depth.checked_sub(arity)?;
            let operands = stack.get(first..depth)?;
            let made = match *operands {
                [] => {
                    let (literal, inside, behind) = split_token(rest)?;
                    rest = behind;
                    match code {
                        token::LOCAL..=token::DEVICE => Operand::Attribute(code, inside),
                        token::COMPOSITE => Operand::Literal(inside),
                        _ => Operand::Literal(literal),
                    }
                }
                [one] => {
                    rest = after;
                    Operand::Truth(self.of_one(kind, code, one)?)
                }
                [left, right] => {
                    rest = after;
                    Operand::Truth(self.of_two(kind, code, left, right)?)
                }
                _ => return None,
            };
            *stack.get_mut(first)? = made;
            depth = first.checked_add(1)?;
        }
        match (depth, stack.first()?) {
            (1, &result) => self.truth(kind, result),
            _ => None,
        }
    }

    fn of_one(&self, kind: AceKind, code: u8, operand: Operand<'_>) -> Option<Truth> {
        match (code, operand) {
            (operator::NOT, _) => Some(not(self.truth(kind, operand)?)),
            (operator::EXISTS | operator::NOT_EXISTS, Operand::Attribute(scope, name)) => {
                let is_there = self.attribute(kind, scope, name)?.is_some();
                Some(truth_of(is_there == (code == operator::EXISTS)))
            }
            (operator::MEMBER_OF..=operator::DEVICE_MEMBER_OF_ANY, Operand::Literal(sids)) => {
                self.membership(kind, code, sids)
            }
            (operator::NOT_MEMBER_OF.., Operand::Literal(sids)) => {
                const NEGATED: u8 = operator::NOT_MEMBER_OF - operator::MEMBER_OF;
                let code = code.checked_sub(NEGATED)?;
                Some(not(self.membership(kind, code, sids)?))
            }
            _ => None,
        }
    }

    /// Whether who asks is all of these, or one.
    fn membership(&self, kind: AceKind, code: u8, sids: &[u8]) -> Option<Truth> {
        let is_any = matches!(
            code,
            operator::MEMBER_OF_ANY | operator::DEVICE_MEMBER_OF_ANY
        );
        let is_device =
            code == operator::DEVICE_MEMBER_OF || code == operator::DEVICE_MEMBER_OF_ANY;
        let mut found = None;
        for value in Values::of_tokens(sids) {
            let Value::Sid(sid) = value? else {
                return None;
            };
            let sid = Sid::parse(sid)?;
            let held = self.groups.iter().map(|groups| groups.len());
            let held = held.fold(0, usize::saturating_add);
            self.spend(held.saturating_mul(GROUP_BYTES))?;
            let is_one = !is_device && is_member(self.groups, &sid, kind);
            let so_far = found.unwrap_or(!is_any);
            found = Some(if is_any {
                so_far | is_one
            } else {
                so_far & is_one
            });
        }
        // To be none at all says nothing.
        found.map(truth_of)
    }

    fn of_two(
        &self,
        kind: AceKind,
        code: u8,
        left: Operand<'_>,
        right: Operand<'_>,
    ) -> Option<Truth> {
        if code == operator::AND || code == operator::OR {
            let (left, right) = (self.truth(kind, left)?, self.truth(kind, right)?);
            let is_and = code == operator::AND;
            return Some(if is_and {
                left.min(right)
            } else {
                left.max(right)
            });
        }
        // Only what is asked about can be on the left.
        let Operand::Attribute(..) = left else {
            return None;
        };
        let (Some(left), Some(right)) = (self.values(kind, left)?, self.values(kind, right)?)
        else {
            return Some(UNKNOWN);
        };
        let is_true = match code {
            operator::EQUAL | operator::NOT_EQUAL => {
                let both = self.has_all(&left, &right)? && self.has_all(&right, &left)?;
                both == (code == operator::EQUAL)
            }
            operator::CONTAINS => self.has_all(&left, &right)?,
            operator::NOT_CONTAINS => !self.has_all(&left, &right)?,
            operator::ANY_OF => self.has_any(&left, &right)?,
            operator::NOT_ANY_OF => !self.has_any(&left, &right)?,
            _ => {
                let (one, other) = (left.only()?, right.only()?);
                if matches!(one, Value::Sid(_)) {
                    return None;
                }
                let order = self.compare(one, other, left.minds_case() || right.minds_case())?;
                match code {
                    operator::LESS => order == Ordering::Less,
                    operator::LESS_OR_EQUAL => order != Ordering::Greater,
                    operator::GREATER => order == Ordering::Greater,
                    operator::GREATER_OR_EQUAL => order != Ordering::Less,
                    _ => return None,
                }
            }
        };
        Some(truth_of(is_true))
    }

    /// Whether each of some values is among others.
    fn has_all(&self, all: &Values<'_>, some: &Values<'_>) -> Option<bool> {
        let mut has_all = None;
        for value in some.clone() {
            let is_one = self.has(all, value?, some.minds_case())?;
            has_all = Some(has_all.unwrap_or(true) && is_one);
        }
        has_all
    }

    /// Whether one of some values is among others.
    fn has_any(&self, all: &Values<'_>, some: &Values<'_>) -> Option<bool> {
        let mut has_any = None;
        for value in some.clone() {
            let is_one = self.has(all, value?, some.minds_case())?;
            has_any = Some(has_any.unwrap_or(false) || is_one);
        }
        has_any
    }

    fn has(&self, all: &Values<'_>, value: Value<'_>, minds_case: bool) -> Option<bool> {
        let mut has = false;
        for other in all.clone() {
            let minds_case = minds_case || all.minds_case();
            has |= self.compare(other?, value, minds_case)? == Ordering::Equal;
        }
        Some(has)
    }

    /// `None`: they are not of one kind.
    fn compare(&self, one: Value<'_>, other: Value<'_>, minds_case: bool) -> Option<Ordering> {
        match (one, other) {
            (Value::Number(one), Value::Number(other)) => {
                self.spend(0)?;
                Some(one.cmp(&other))
            }
            (Value::Text(one), Value::Text(other)) => {
                self.spend(one.len())?;
                Some(compare_text(one, other, minds_case))
            }
            (Value::Bytes(one), Value::Bytes(other)) | (Value::Sid(one), Value::Sid(other)) => {
                self.spend(one.len())?;
                Some(one.cmp(other))
            }
            _ => None,
        }
    }

    /// The truth of what was said, or of an attribute: whether there is anything to it.
    fn truth(&self, kind: AceKind, operand: Operand<'_>) -> Option<Truth> {
        match operand {
            Operand::Truth(truth) => Some(truth),
            Operand::Literal(_) => None,
            Operand::Attribute(..) => {
                let value = self.values(kind, operand)?.map(|values| values.only());
                Some(match value.flatten() {
                    Some(Value::Number(number)) => truth_of(number != 0),
                    Some(Value::Text(text)) => truth_of(!text.is_empty()),
                    _ => UNKNOWN,
                })
            }
        }
    }

    /// What an operand stands for; `Some(None)`: nothing.
    fn values<'v>(&'v self, kind: AceKind, operand: Operand<'v>) -> Option<Option<Values<'v>>> {
        match operand {
            Operand::Truth(_) => None,
            Operand::Literal(tokens) => Some(Some(Values::of_tokens(tokens))),
            Operand::Attribute(scope, name) => {
                let found = self.attribute(kind, scope, name)?;
                Some(found.map(Values::of_claim))
            }
        }
    }

    /// The attribute of a name; `Some(None)`: there is none.
    fn attribute(&self, kind: AceKind, scope: u8, name: &[u8]) -> Option<Option<Claim<'a>>> {
        let Some(list) = self.attributes.filter(|_| scope == token::RESOURCE) else {
            return Some(None);
        };
        for ace in list.entries() {
            self.spend(name.len())?;
            if ace.kind != AceKind::Attribute || ace.is_inherit_only {
                continue;
            }
            let Some(claim) = Claim::parse(ace.data) else {
                continue;
            };
            if claim.counts_for(kind) && claim.has_name(name) {
                return Some(Some(claim));
            }
        }
        Some(None)
    }

    /// Takes a step, and those for so many bytes.
    fn spend(&self, bytes: usize) -> Option<()> {
        let steps = u32::try_from(bytes >> STEP_BYTES_SHIFT).ok()?;
        let left = self.steps.get().checked_sub(steps.checked_add(1)?)?;
        self.steps.set(left);
        Some(())
    }
}

const fn truth_of(is_true: bool) -> Truth {
    if is_true { TRUE } else { FALSE }
}

const fn not(truth: Truth) -> Truth {
    TRUE.saturating_sub(truth)
}

/// The order of two texts in UTF-16.
pub(crate) fn compare_text(one: &[u8], other: &[u8], minds_case: bool) -> Ordering {
    let (one_units, _) = one.as_chunks::<2>();
    let (other_units, _) = other.as_chunks::<2>();
    for (one, other) in one_units.iter().zip(other_units) {
        let fold = |unit: [u8; 2]| match minds_case {
            true => u16::from_le_bytes(unit),
            false => objects::fold(u16::from_le_bytes(unit)),
        };
        let order = fold(*one).cmp(&fold(*other));
        if order != Ordering::Equal {
            return order;
        }
    }
    one_units.len().cmp(&other_units.len())
}
