//! How the screen is divided at each size: said once for what draws and for how far a page moves.
//!
//! ```text
//!  1 Packages  2 Programs …      tabs
//!  LAB embedded › Packages       place
//!                                (a blank line, from 20 rows)
//!   Name          Version        body: headings and rows, or the page of an object
//!  ▌ 7-Zip        24.08               │ from 130 columns: the details of the selected row
//!  Two lines in words.           words (from 22 rows, and not beside the details)
//!  read again in …               state: faults, notices, the command line; as many lines as it takes
//!  Enter open  / filter          keys
//! ```

use ratatui::layout::{Rect, Size};

/// Below this the screen only says that it is too small.
pub const LEAST: Size = Size {
    width: 60,
    height: 16,
};

/// From this width on the details stand beside the list.
const WIDE: u16 = 130;

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub tabs: Rect,
    pub place: Rect,
    pub body: Rect,
    /// The details beside a list, on wide screens.
    pub side: Option<Rect>,
    pub words: Option<Rect>,
    pub state: Rect,
    pub keys: Rect,
}

impl Shape {
    /// `None` where nothing useful fits.
    pub fn of(size: Size) -> Option<Self> {
        if size.width < LEAST.width || size.height < LEAST.height {
            return None;
        }
        let wide = is_wide(size);
        let row = |y: u16, height: u16| Rect::new(0, y, size.width, height);
        let top = if size.height >= 20 { 3 } else { 2 };
        let words = if size.height >= 22 && !wide { 2 } else { 0 };
        let bottom = size.height - 2 - words;
        let left = if wide {
            84.max(size.width * 11 / 20)
        } else {
            size.width
        };
        Some(Self {
            tabs: row(0, 1),
            place: row(1, 1),
            body: Rect::new(0, top, left, bottom - top),
            side: wide.then(|| Rect::new(left + 2, top, size.width - left - 2, bottom - top)),
            words: (words > 0).then(|| row(bottom, words)),
            state: row(size.height - 2, 1),
            keys: row(size.height - 1, 1),
        })
    }

    /// Rows of a list under its headings: how far a page moves.
    pub fn page(&self) -> usize {
        usize::from(self.body.height.saturating_sub(1)).max(1)
    }

    /// The whole width between the place line and the lines at the bottom, for what stands alone.
    pub fn whole(&self) -> Rect {
        let words = self.words.map_or(0, |words| words.height);
        let right = self.side.map_or(self.body.right(), Rect::right);
        Rect::new(0, self.body.y, right, self.body.height + words)
    }
}

impl Shape {
    /// The same with so many lines for the state: they are taken from the lines in words, then from the body.
    #[must_use]
    pub fn with_state(self, lines: u16) -> Self {
        let more = lines
            .saturating_sub(self.state.height)
            .min(self.body.height);
        let shorter = |area: Rect, by: u16| Rect {
            height: area.height.saturating_sub(by),
            ..area
        };
        let of_words = self.words.map_or(0, |words| words.height.min(more));
        let words = self.words.map(|words| shorter(words, of_words));
        let of_body = more - of_words;
        Self {
            body: shorter(self.body, of_body),
            side: self.side.map(|side| shorter(side, of_body)),
            words: words.map(|words| Rect {
                y: words.y - of_body,
                ..words
            }),
            state: Rect {
                y: self.state.y - more,
                height: self.state.height + more,
                ..self.state
            },
            ..self
        }
    }

    /// Where details are drawn: alone, or beside the list.
    pub fn details(&self, beside: bool) -> Rect {
        match self.side {
            Some(side) if beside => side,
            _ => self.whole(),
        }
    }

    /// The room of a page in the details under the line of tabs: its width and its lines.
    pub fn page_of_details(&self, beside: bool) -> (usize, usize) {
        let area = self.details(beside);
        let margins = 3;
        (
            usize::from(area.width.saturating_sub(margins)),
            usize::from(area.height.saturating_sub(2)),
        )
    }
}

/// Whether the details stand beside the list.
pub fn is_wide(size: Size) -> bool {
    size.width >= WIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_cover_the_screen_without_touching() {
        for (width, height) in [
            (60, 16),
            (80, 24),
            (129, 20),
            (130, 21),
            (160, 50),
            (400, 200),
        ] {
            let shape = Shape::of(Size::new(width, height)).unwrap();
            assert_eq!(shape.tabs.y, 0);
            assert!(shape.place.bottom() <= shape.body.y);
            assert!(shape.body.height >= 8, "{width}x{height}");
            assert!(shape.whole().bottom() == shape.state.y);
            assert_eq!(shape.state.bottom(), shape.keys.y);
            assert_eq!(shape.keys.bottom(), height);
            if let Some(side) = shape.side {
                assert!(side.x > shape.body.right());
                assert_eq!(side.right(), width);
            }
        }
    }

    #[test]
    fn at_80x24_sixteen_rows_and_two_lines_in_words_fit() {
        let shape = Shape::of(Size::new(80, 24)).unwrap();
        assert_eq!(shape.page(), 16);
        assert_eq!(shape.words.map(|words| words.y), Some(20));
    }

    #[test]
    fn a_longer_state_takes_its_lines_from_the_words_and_then_from_the_body() {
        for (width, height) in [(60, 16), (80, 24), (130, 24)] {
            let shape = Shape::of(Size::new(width, height)).unwrap();
            for lines in 1..=5 {
                let longer = shape.with_state(lines);
                assert_eq!(longer.state.height, lines);
                assert_eq!(longer.state.bottom(), longer.keys.y);
                assert_eq!(longer.whole().bottom(), longer.state.y);
                assert_eq!(longer.whole().y, shape.whole().y);
            }
        }
        let shape = Shape::of(Size::new(80, 24)).unwrap();
        assert_eq!(
            shape.with_state(3).page(),
            shape.page(),
            "the words made room"
        );
        assert_eq!(shape.with_state(4).page(), shape.page() - 1);
    }

    #[test]
    fn too_small_is_no_shape() {
        assert_eq!(Shape::of(Size::new(59, 16)), None);
        assert_eq!(Shape::of(Size::new(60, 15)), None);
    }
}
