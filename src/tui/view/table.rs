//! A list as a table. Only the rows on screen are touched, whatever their number.
//!
//! ```text
//!   Name                Collection      Purpose    Devices
//! ▌ 7-Zip 24.08         Pilot PCs       required   ████ 31/37      selected: mark and reverse
//! ! Line Tool 3.1       Pilot PCs       required   no content      needs attention
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::client::listing::{Align, Share, Width};
use crate::tui::app::{Head, ShownRow, Table};
use crate::tui::text;
use crate::tui::theme::{Marks, Role, Theme};

/// Cells before the first column: the mark and a blank.
const MARGIN: u16 = 2;
/// Cells between two columns.
const GAP: u16 = 2;
/// A table this wide also shows the columns that are for wide lists only.
const WIDE: u16 = 110;

/// Where a list stood when it was last drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scroll {
    pub top: usize,
    at: usize,
}

impl Scroll {
    /// Scrolls so that the selected row is seen: by as little as possible, and with a jump of a page by just that jump.
    #[must_use]
    pub fn follow(self, at: usize, len: usize, rows: usize) -> Self {
        let rows = rows.max(1);
        let mut top = self.top;
        if at.abs_diff(self.at) >= rows {
            top = (top + at).saturating_sub(self.at);
        }
        let top = top.clamp((at + 1).saturating_sub(rows), at);
        Self {
            top: top.min(len.saturating_sub(rows)),
            at,
        }
    }
}

/// Draws headings and rows; answers where it scrolled to.
pub fn draw(
    table: &Table,
    scroll: Scroll,
    theme: &Theme,
    buffer: &mut Buffer,
    area: Rect,
) -> Scroll {
    let rows = area.height.saturating_sub(1);
    let scroll = scroll.follow(table.at(), table.len(), usize::from(rows));
    let heads = table.heads();
    let columns = fit(&heads, area.width);
    headings(&heads, &columns, theme, buffer, text::line(area, 0));
    for line in 0..rows {
        let at = scroll.top + usize::from(line);
        let Some(row) = table.row(at) else { break };
        let area = text::line(area, line + 1);
        draw_row(
            &row,
            at == table.at(),
            (&heads, &columns),
            theme,
            buffer,
            area,
        );
    }
    scroll
}

/// A column that is shown: its place among the heads, its first cell and its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    column: usize,
    x: u16,
    width: u16,
}

/// The columns that fit and their widths.
fn fit(heads: &[Head], room: u16) -> Vec<Slot> {
    let room = room.saturating_sub(MARGIN + 1);
    let shown = chosen(heads, room);
    let shares = shares(&shown, room.saturating_sub(used(&shown)));
    let mut x = MARGIN;
    let slot = |((column, head), share): ((usize, Head), u16)| {
        let width = (least(&head) + share).min((room + MARGIN).saturating_sub(x));
        let slot = Slot { column, x, width };
        x = x.saturating_add(width + GAP);
        slot
    };
    shown.into_iter().zip(shares).map(slot).collect()
}

/// Those that leave first make room; the first always stays.
fn chosen(heads: &[Head], room: u16) -> Vec<(usize, Head)> {
    let all = heads.iter().copied().enumerate();
    let mut shown: Vec<_> = all
        .filter(|(_, head)| !head.wide_only || room >= WIDE)
        .collect();
    while used(&shown) > room {
        let places = shown.iter().enumerate().skip(1);
        let leaver = places
            .map(|(place, (_, head))| (head.leaves, place))
            .filter(|(leaves, _)| *leaves > 0)
            .max();
        let Some((_, place)) = leaver else { break };
        shown.remove(place);
    }
    shown
}

/// What each column gets of the room that is left over, by its weight.
fn shares(shown: &[(usize, Head)], surplus: u16) -> Vec<u16> {
    let weights: u32 = shown.iter().map(|(_, head)| u32::from(weight(head))).sum();
    let of = |head: &Head| {
        let share = (u32::from(surplus) * u32::from(weight(head))).checked_div(weights);
        share
            .and_then(|share| u16::try_from(share).ok())
            .unwrap_or(0)
    };
    let mut shares: Vec<u16> = shown.iter().map(|(_, head)| of(head)).collect();
    let given: u16 = shares.iter().sum();
    // What rounding left over goes to the last that grows.
    let last_growing = shown.iter().rposition(|(_, head)| weight(head) > 0);
    if let Some(last) = last_growing.and_then(|last| shares.get_mut(last)) {
        *last += surplus.saturating_sub(given);
    }
    shares
}

/// The room that columns take at the least, with the gaps between them.
fn used(shown: &[(usize, Head)]) -> u16 {
    let gaps = GAP * u16::try_from(shown.len().saturating_sub(1)).unwrap_or(0);
    shown.iter().map(|(_, head)| least(head)).sum::<u16>() + gaps
}

/// The least room of a column: that of its cells, and that of its heading with the mark of the order.
fn least(head: &Head) -> u16 {
    let cells = match head.width {
        Width::Fixed(width) => width,
        Width::Grow { least, .. } => least,
    };
    let mark = if head.sorted.is_some() { 2 } else { 0 };
    let heading = u16::try_from(text::width(head.title) + mark).unwrap_or(cells);
    cells.max(heading)
}

fn weight(head: &Head) -> u16 {
    match head.width {
        Width::Fixed(_) => 0,
        Width::Grow { weight, .. } => weight,
    }
}

fn cell_area(area: Rect, slot: Slot) -> Rect {
    Rect {
        x: area.x + slot.x.min(area.width),
        width: slot.width.min(area.width.saturating_sub(slot.x)),
        ..area
    }
}

fn headings(heads: &[Head], columns: &[Slot], theme: &Theme, buffer: &mut Buffer, area: Rect) {
    let style = theme.style(Role::Heading);
    for slot in columns {
        let Some(head) = heads.get(slot.column) else {
            continue;
        };
        let area = cell_area(area, *slot);
        let title = match head.sorted {
            Some(true) => format!("{} {}", head.title, theme.marks.down),
            Some(false) => format!("{} {}", head.title, theme.marks.up),
            None => head.title.to_owned(),
        };
        let title = text::cut(&title, usize::from(area.width), theme.marks.ellipsis);
        align(head.align, &title, style, buffer, area);
    }
}

fn draw_row(
    row: &ShownRow<'_>,
    selected: bool,
    (heads, columns): (&[Head], &[Slot]),
    theme: &Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    let marks = &theme.marks;
    let style = |role| {
        if selected {
            theme.on_selected(role)
        } else {
            theme.style(role)
        }
    };
    if selected {
        buffer.set_style(area, theme.style(Role::Selected));
        text::put(buffer, area, marks.selected, style(Role::Bar));
    }
    if row.needs_attention {
        let area = text::skip(area, u16::from(selected));
        text::put(buffer, area, marks.attention, style(Role::Attention));
    }
    for (index, slot) in columns.iter().enumerate() {
        let (Some(head), Some(cell)) = (heads.get(slot.column), row.cells.get(slot.column)) else {
            continue;
        };
        let area = cell_area(area, *slot);
        let role = if index == 0 && row.needs_attention {
            Role::Attention
        } else {
            Role::Text
        };
        let cell = text::cut(cell, usize::from(area.width), marks.ellipsis);
        let last = index + 1 == columns.len();
        if let (true, Some(share)) = (last, row.share) {
            let free = usize::from(area.width).saturating_sub(text::width(&cell) + 1);
            if free >= 3 {
                let bar = bar(share, free, marks, false);
                text::put(buffer, area, &bar, style(Role::Bar));
            }
        }
        align(head.align, &cell, style(role), buffer, area);
    }
}

fn align(to: Align, text: &str, style: ratatui::style::Style, buffer: &mut Buffer, area: Rect) {
    match to {
        Align::Left => text::put(buffer, area, text, style),
        Align::Right => text::put_right(buffer, area, text, style),
    };
}

/// A bar of so many cells, filled as far as the share goes. Something is never shown as nothing.
pub fn bar(share: Share, cells: usize, marks: &Marks, with_rest: bool) -> String {
    let parts = marks.bar_parts.len() + 1;
    let (part, whole) = (
        u64::from(share.part.min(share.whole)),
        u64::from(share.whole.max(1)),
    );
    let steps = cells as u64 * parts as u64;
    let filled = (part * steps / whole).max(u64::from(part > 0));
    let full = usize::try_from(filled / parts as u64).unwrap_or(cells);
    let rest = usize::try_from(filled % parts as u64).unwrap_or(0);
    let mut out = marks.bar.repeat(full);
    let mut drawn = full;
    if let Some(mark) = rest
        .checked_sub(1)
        .and_then(|rest| marks.bar_parts.get(rest))
    {
        out.push_str(mark);
        drawn += 1;
    }
    if with_rest {
        out.push_str(&marks.bar_rest.repeat(cells.saturating_sub(drawn)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::listing::{
        AssignmentLine, CollectionLine, DeploymentLine, DeviceLine, GroupLine, Line, MemberLine,
        PackageLine, PointLine, ProgramLine, RequestLine, Sorting, StatusLine,
    };
    use crate::tui::app::heads;

    fn head(title: &'static str, width: Width, leaves: u8) -> Head {
        Head {
            title,
            width,
            align: Align::Left,
            leaves,
            wide_only: false,
            sorted: None,
        }
    }

    #[test]
    fn columns_leave_in_their_order_and_the_first_never() {
        let heads = [
            head(
                "Name",
                Width::Grow {
                    least: 20,
                    weight: 1,
                },
                0,
            ),
            head("ID", Width::Fixed(8), 2),
            head("Size", Width::Fixed(8), 1),
        ];
        let shown = |room| {
            fit(&heads, room)
                .iter()
                .map(|slot| slot.column)
                .collect::<Vec<_>>()
        };
        assert_eq!(shown(80), [0, 1, 2]);
        assert_eq!(shown(40), [0, 2]);
        assert_eq!(shown(30), [0]);
        assert_eq!(shown(5), [0]);
        assert_eq!(fit(&heads, 5)[0].width, 2);
    }

    /// No heading of a kind is cut at these widths, whatever it is sorted by.
    fn headings_are_whole<L: Line>() {
        for sorting in L::COLUMNS.iter().map(|column| Sorting::down(column.key)) {
            let heads = heads::<L>(&[sorting]);
            for room in [60, 80, 100, 130, 200] {
                for slot in fit(&heads, room) {
                    let head = &heads[slot.column];
                    let mark = if head.sorted.is_some() { 2 } else { 0 };
                    let wanted = text::width(head.title) + mark;
                    let kind = L::CALLED.several;
                    assert!(
                        usize::from(slot.width) >= wanted,
                        "{kind}, {} by {}, at {room}: {} cells",
                        head.title,
                        sorting.key,
                        slot.width
                    );
                }
            }
        }
    }

    #[test]
    fn no_heading_is_cut() {
        headings_are_whole::<PackageLine>();
        headings_are_whole::<ProgramLine>();
        headings_are_whole::<CollectionLine>();
        headings_are_whole::<PointLine>();
        headings_are_whole::<GroupLine>();
        headings_are_whole::<AssignmentLine>();
        headings_are_whole::<DeploymentLine>();
        headings_are_whole::<DeviceLine>();
        headings_are_whole::<MemberLine>();
        headings_are_whole::<StatusLine>();
        headings_are_whole::<RequestLine>();
    }

    #[test]
    fn what_is_left_over_goes_to_the_columns_that_grow() {
        let heads = [
            head(
                "a",
                Width::Grow {
                    least: 10,
                    weight: 2,
                },
                0,
            ),
            head("b", Width::Fixed(10), 0),
            head(
                "c",
                Width::Grow {
                    least: 10,
                    weight: 1,
                },
                0,
            ),
        ];
        let slots = fit(&heads, 80);
        assert_eq!(
            slots.iter().map(|slot| slot.width).collect::<Vec<_>>(),
            [38, 10, 25]
        );
        assert_eq!(slots[2].x + slots[2].width, 79);
    }

    #[test]
    fn a_page_moves_the_rows_by_a_page_and_a_step_by_as_little_as_possible() {
        let scroll = Scroll::default().follow(3, 100, 10);
        assert_eq!(scroll.top, 0);
        assert_eq!(scroll.follow(13, 100, 10).top, 10);
        assert_eq!(scroll.follow(10, 100, 10).top, 1);
        assert_eq!(scroll.follow(99, 100, 10).top, 90);
        assert_eq!(scroll.follow(0, 0, 10).top, 0);
        assert_eq!(Scroll { top: 90, at: 99 }.follow(4, 5, 10).top, 0);
    }

    #[test]
    fn a_bar_shows_something_for_something_and_all_for_all() {
        let of = |part, whole| bar(Share { part, whole }, 4, &Marks::UNICODE, false);
        assert_eq!(of(0, 37), "");
        assert_eq!(of(1, 1000), "▏");
        assert_eq!(of(37, 37), "████");
        assert_eq!(of(1, 2), "██");
        assert_eq!(
            bar(Share { part: 1, whole: 2 }, 4, &Marks::ASCII, true),
            "##--"
        );
    }
}
