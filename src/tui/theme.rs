//! How things look: roles become styles, meanings become marks. Views name roles, never colours.

mod file;

pub use file::ThemeFault;

use ratatui::style::{Color, Modifier, Style};
use strum::{EnumCount, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// The looks consign comes with.
const BUILT_IN: &str = include_str!("../../assets/themes/default.toml");

/// What a piece of the screen is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumCount, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    Text,
    /// What matters most on its line.
    Strong,
    /// What can be overlooked.
    Dim,
    /// Titles of columns and groups.
    Heading,
    Tab,
    ActiveTab,
    /// Where I am.
    Place,
    /// Laid over the cells of the selected row.
    Selected,
    Good,
    Busy,
    Attention,
    Failed,
    /// Something that could not be read or done.
    Fault,
    Notice,
    /// A key in a hint.
    Key,
    /// Text being typed.
    Input,
    /// What a filter matched.
    Match,
    /// Bars of progress and share, and the mark of the selected row.
    Bar,
    Rule,
    /// The warning over a production site.
    Banner,
}

/// Styles of all roles, and the marks.
#[derive(Debug, Clone)]
pub struct Theme {
    styles: [Style; Role::COUNT],
    pub marks: Marks,
}

/// Signs with a meaning. Each has a twin in ASCII for terminals, fonts and readers that have no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    pub selected: &'static str,
    /// Between the steps of a path.
    pub crumb: &'static str,
    /// Between facts on one line.
    pub dot: &'static str,
    pub ellipsis: &'static str,
    pub rule: &'static str,
    /// A full cell of a bar, and its parts from one eighth up.
    pub bar: &'static str,
    pub bar_parts: &'static [&'static str],
    pub bar_rest: &'static str,
    pub done: &'static str,
    pub attention: &'static str,
    pub failed: &'static str,
    pub current: &'static str,
    pub waiting: &'static str,
    /// Ascending and descending, beside a column's title.
    pub up: &'static str,
    pub down: &'static str,
    /// The cursor of a text field, where the terminal's own is elsewhere.
    pub caret: &'static str,
    pub choice: [&'static str; 2],
}

impl Marks {
    pub const UNICODE: Self = Self {
        selected: "▌",
        crumb: "›",
        dot: "·",
        ellipsis: "…",
        rule: "─",
        bar: "█",
        bar_parts: &["▏", "▎", "▍", "▌", "▋", "▊", "▉"],
        bar_rest: " ",
        done: "✓",
        attention: "!",
        failed: "✗",
        current: ">",
        waiting: "·",
        up: "↑",
        down: "↓",
        caret: "▏",
        choice: ["(•)", "( )"],
    };

    pub const ASCII: Self = Self {
        selected: ">",
        crumb: ">",
        dot: "-",
        ellipsis: "~",
        rule: "-",
        bar: "#",
        bar_parts: &[],
        bar_rest: "-",
        done: "v",
        attention: "!",
        failed: "x",
        current: ">",
        waiting: ".",
        up: "^",
        down: "v",
        caret: "_",
        choice: ["(*)", "( )"],
    };
}

impl Default for Theme {
    fn default() -> Self {
        let mut theme = Self {
            styles: [Style::new(); Role::COUNT],
            marks: Marks::UNICODE,
        };
        // Our own file has no fault; a test says so.
        let _ = theme.lay_over(BUILT_IN);
        theme
    }
}

impl Theme {
    /// Our looks with the user's laid over them, and what in the user's file does not count.
    pub fn with(user: &str) -> (Self, Vec<ThemeFault>) {
        let mut theme = Self::default();
        let faults = theme.lay_over(user);
        (theme, faults)
    }

    /// No colours: bold, dim, underlined and reversed stay.
    #[must_use]
    pub fn without_colour(mut self) -> Self {
        for style in &mut self.styles {
            style.fg = None;
            style.bg = None;
        }
        // What must not be overlooked stands out without its colours too.
        let banner = &mut self.styles[Role::Banner as usize];
        *banner = banner.add_modifier(Modifier::REVERSED);
        self
    }

    /// Marks every font and reader has.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.marks = Marks::ASCII;
        self
    }

    /// What the environment asks for: `NO_COLOR`, a dumb terminal, a locale without Unicode.
    #[must_use]
    pub fn for_environment(self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let locale = set("LC_ALL")
            .or_else(|| set("LC_CTYPE"))
            .or_else(|| set("LANG"));
        let unicode = locale.is_none_or(|locale| {
            let locale = locale.to_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        let theme = if set("NO_COLOR").is_some() || term == "dumb" {
            self.without_colour()
        } else {
            self
        };
        if term == "dumb" || term == "linux" || !unicode {
            theme.plain()
        } else {
            theme
        }
    }

    /// A theme in which every role can be told from the colour number of a cell: for snapshots.
    pub fn probe() -> Self {
        let mut theme = Self::default();
        for (number, (role, style)) in (0u8..).zip(Role::iter().zip(&mut theme.styles)) {
            *style = match role {
                Role::Text => Style::new(),
                Role::Selected => Style::new().bg(Color::Indexed(number)),
                _ => Style::new().fg(Color::Indexed(number)),
            };
        }
        theme
    }

    pub fn style(&self, role: Role) -> Style {
        // One style for each role: the index is in bounds by construction.
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// How it looks on the selected row.
    pub fn on_selected(&self, role: Role) -> Style {
        let above = self.style(Role::Selected);
        match role {
            Role::Bar => filled_over(self.style(role), above),
            _ => over(self.style(role), above),
        }
    }

    fn lay_over(&mut self, text: &str) -> Vec<ThemeFault> {
        let (styles, faults) = file::parse(text);
        for (role, style) in styles {
            if let Some(slot) = self.styles.get_mut(role as usize) {
                *slot = style;
            }
        }
        faults
    }
}

/// Laid over a cell's style wherever the selected row is.
fn over(base: Style, above: Style) -> Style {
    let mut style = base.patch(above);
    // Dim text reversed is hard to read on most terminals.
    if above.add_modifier.contains(Modifier::REVERSED) {
        style.add_modifier.remove(Modifier::DIM);
    }
    style
}

/// As [`over`], for signs that are filled areas. Reversed as text is they would be holes in the row: their colour stands
/// behind them, where reversing brings it forward again.
fn filled_over(base: Style, above: Style) -> Style {
    let mut style = over(base, above);
    if above.add_modifier.contains(Modifier::REVERSED) {
        (style.fg, style.bg) = (above.fg, base.fg.or(above.bg));
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_file_has_no_fault_and_names_every_role() {
        let (styles, faults) = file::parse(BUILT_IN);
        assert_eq!(faults, []);
        assert_eq!(styles.len(), Role::COUNT);
    }

    #[test]
    fn the_default_uses_the_terminals_own_colours_only() {
        for style in Theme::default().styles {
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)));
            }
        }
    }

    #[test]
    fn a_bar_keeps_its_colour_where_the_row_is_reversed() {
        let theme = Theme::default();
        let style = theme.on_selected(Role::Bar);
        assert!(style.add_modifier.contains(Modifier::REVERSED));
        assert_eq!((style.fg, style.bg), (None, theme.style(Role::Bar).fg));
        let mut coloured = theme.clone();
        coloured.lay_over("selected = \"white on blue\"");
        let style = coloured.on_selected(Role::Bar);
        assert_eq!(style.bg, Some(Color::Blue));
        let plain = theme.for_environment(|name| (name == "NO_COLOR").then(|| "1".into()));
        assert_eq!(plain.on_selected(Role::Bar), plain.style(Role::Selected));
    }

    #[test]
    fn no_color_leaves_weight_and_no_colour() {
        let theme =
            Theme::default().for_environment(|name| (name == "NO_COLOR").then(|| "1".into()));
        assert!(
            theme
                .styles
                .iter()
                .all(|style| style.fg.is_none() && style.bg.is_none())
        );
        assert!(
            theme
                .style(Role::Failed)
                .add_modifier
                .contains(Modifier::BOLD)
        );
        assert_eq!(theme.marks, Marks::UNICODE);
    }

    #[test]
    fn a_locale_without_unicode_gets_ascii_marks() {
        let theme = Theme::default().for_environment(|name| (name == "LANG").then(|| "C".into()));
        assert_eq!(theme.marks, Marks::ASCII);
        let theme =
            Theme::default().for_environment(|name| (name == "LANG").then(|| "de_DE.UTF-8".into()));
        assert_eq!(theme.marks, Marks::UNICODE);
    }
}
