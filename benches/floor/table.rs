//! The floor: a table in plain ratatui, with rows made as they are drawn. What a list costs more than this is ours.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Style, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Row, Table, TableState};

const SITES: [&str; 8] = ["OSL", "BER", "NYC", "TYO", "SYD", "LON", "PAR", "SAO"];
const SYSTEMS: [&str; 4] = [
    "Windows 11 23H2",
    "Windows 10 22H2",
    "Windows Server 2022",
    "Windows 11 24H2",
];

/// A cursor over so many rows.
pub struct Floor {
    pub rows: usize,
    pub at: usize,
    top: usize,
    page: usize,
}

impl Floor {
    pub fn of(rows: usize) -> Self {
        Self {
            rows,
            at: 0,
            top: 0,
            page: 1,
        }
    }

    pub fn down(&mut self) {
        self.at = (self.at + 1).min(self.rows - 1);
    }

    pub fn up(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    pub fn page_down(&mut self) {
        self.top = (self.top + self.page).min(self.rows.saturating_sub(self.page));
        self.at = (self.at + self.page).min(self.rows - 1);
    }

    pub fn page_up(&mut self) {
        self.top = self.top.saturating_sub(self.page);
        self.at = self.at.saturating_sub(self.page);
    }

    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let [body, foot] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(frame.area());
        self.page = usize::from(body.height).saturating_sub(1).max(1);
        self.top = self
            .top
            .clamp((self.at + 1).saturating_sub(self.page), self.at);
        let shown = self.top..(self.top + self.page).min(self.rows);
        let widths = [18, 12, 6, 16, 22, 16, 18].map(Constraint::Length);
        let head = [
            "Name",
            "Resource ID",
            "Site",
            "Domain",
            "System",
            "Client",
            "Last active",
        ];
        let table = Table::new(shown.map(row), widths)
            .header(Row::new(head).bold())
            .row_highlight_style(Style::new().reversed());
        let mut state = TableState::new().with_selected(Some(self.at - self.top));
        frame.render_stateful_widget(table, body, &mut state);
        let words = format!("row {} of {}", self.at + 1, self.rows);
        frame.render_widget(Line::from(words), foot);
    }
}

/// A row that looks like a device, the same each time.
fn row(at: usize) -> Row<'static> {
    let mixed = at.wrapping_mul(0x9E37_79B9) >> 7;
    let site = SITES[mixed % SITES.len()];
    Row::new([
        format!("{site}-WKS{at:07}"),
        format!("{}", 16_777_216 + at),
        site.to_owned(),
        "corp.example".to_owned(),
        SYSTEMS[mixed / 8 % SYSTEMS.len()].to_owned(),
        format!("5.00.9{:03}.1{:03}", mixed % 140, mixed / 64 % 40),
        format!("2026-{:02}-{:02}", mixed % 12 + 1, mixed / 16 % 28 + 1),
    ])
}
