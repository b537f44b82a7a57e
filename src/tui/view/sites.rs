//! The sites there are, the one the console is on marked.
//!
//! ```text
//!   Go to another site
//!
//!   ▌*lab   embedded  /home/ada/.local/share/consign/sites/lab
//!     prod  remote    (read only)   PRODUCTION   https://sccm01.corp.example
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::sites::KnownSite;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

pub fn draw(
    app: &App,
    sites: Option<&[KnownSite]>,
    at: usize,
    theme: &Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    let area = Rect {
        width: area.width.saturating_sub(3),
        ..text::skip(area, 2)
    };
    let title = "Go to another site";
    text::put(
        buffer,
        text::line(area, 0),
        title,
        theme.style(Role::Strong),
    );
    let rows = Rect {
        y: (area.y + 2).min(area.bottom()),
        height: area.height.saturating_sub(2),
        ..area
    };
    let Some(sites) = sites else {
        let words = format!("looking for sites{}", theme.marks.ellipsis);
        text::put(buffer, text::line(rows, 0), &words, theme.style(Role::Dim));
        return;
    };
    if sites.is_empty() {
        let words = "There is no other site: consign site add, or consign site init, makes one.";
        text::put(buffer, text::line(rows, 0), words, theme.style(Role::Text));
        return;
    }
    let names = sites.iter().map(|site| text::width(&site.name)).max();
    let width = names.unwrap_or(0);
    let first = (at + 1).saturating_sub(usize::from(rows.height));
    for (row, (number, site)) in (0..rows.height).zip(sites.iter().enumerate().skip(first)) {
        let is_here = number == at;
        let role = if is_here { Role::Selected } else { Role::Text };
        let here = if site.name == app.site_name { "*" } else { " " };
        let standing = match site.standing.as_str() {
            "" => String::new(),
            standing => format!("({standing})  "),
        };
        let name = &site.name;
        let head = format!(" {here}{name:<width$}  {:<8}  {standing}", site.kind);
        let line = text::line(rows, row);
        let mut end = text::put(buffer, line, &head, theme.style(role));
        if let Some(banner) = &site.banner {
            let rest = text::skip(line, end - line.x);
            let banner = format!(" {banner} ");
            end = text::put(buffer, rest, &banner, theme.style(Role::Banner)) + 2;
        }
        let rest = text::skip(line, end.saturating_sub(line.x));
        let place = text::cut(&site.place, usize::from(rest.width), theme.marks.ellipsis);
        text::put(buffer, rest, &place, theme.style(role));
        if is_here {
            text::put(
                buffer,
                line,
                theme.marks.selected,
                theme.on_selected(Role::Bar),
            );
        }
    }
}
