//! A frame as an SVG picture: one text element for each run of like cells, on a grid, so that no font can move it.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const CELL: (f32, f32) = (8.4, 18.0);
const INK: &str = "#d8dee9";
const PAPER: &str = "#14181f";

/// The picture of a frame.
pub fn svg(buffer: &Buffer) -> String {
    let (columns, rows) = (f32::from(buffer.area.width), f32::from(buffer.area.height));
    let (width, height) = (columns * CELL.0 + 16.0, rows * CELL.1 + 16.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.1} {height:.1}\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"'DejaVu Sans Mono','Noto Sans Mono',monospace\" font-size=\"14\" xml:space=\"preserve\">\n"
    );
    for row in 0..buffer.area.height {
        for run in runs(buffer, row) {
            draw(&mut out, &run, row);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Cells of one row that look alike.
struct Run {
    column: u16,
    width: u16,
    text: String,
    ink: &'static str,
    paper: Option<&'static str>,
    modifier: Modifier,
}

fn runs(buffer: &Buffer, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut column = 0;
    while column < buffer.area.width {
        let cell = &buffer[(column, row)];
        let width = u16::try_from(cell.symbol().width().max(1)).unwrap_or(1);
        let (ink, paper) = colours(cell);
        // Wide characters stand alone: their font may have other ideas of a cell.
        let joins = width == 1;
        match runs.last_mut() {
            Some(run)
                if joins
                    && run.width as usize == run.text.width()
                    && run.text.is_ascii()
                    && cell.symbol().is_ascii()
                    && (run.ink, run.paper, run.modifier) == (ink, paper, cell.modifier) =>
            {
                run.text.push_str(cell.symbol());
                run.width += width;
            }
            _ => runs.push(Run {
                column,
                width,
                text: cell.symbol().to_owned(),
                ink,
                paper,
                modifier: cell.modifier,
            }),
        }
        column += width;
    }
    runs
}

fn draw(out: &mut String, run: &Run, row: u16) {
    let x = 8.0 + f32::from(run.column) * CELL.0;
    let y = 8.0 + f32::from(row) * CELL.1;
    let width = f32::from(run.width) * CELL.0;
    if let Some(paper) = run.paper {
        writeln!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{paper}\" shape-rendering=\"crispEdges\"/>", CELL.1).unwrap();
    }
    let text: String = run.text.chars().filter(|c| !c.is_control()).collect();
    if let Some(part) = block(&text) {
        // Blocks are drawn, not written: fonts leave gaps between them, and so do soft edges.
        writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.2}\" height=\"{:.1}\" fill=\"{}\" shape-rendering=\"crispEdges\"/>",
            width * part,
            CELL.1,
            run.ink
        )
        .unwrap();
        return;
    }
    if text.trim().is_empty() {
        return;
    }
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let mut style = String::new();
    if run.modifier.contains(Modifier::BOLD) {
        style.push_str(" font-weight=\"bold\"");
    }
    if run.modifier.contains(Modifier::UNDERLINED) {
        style.push_str(" text-decoration=\"underline\"");
    }
    if run.modifier.contains(Modifier::DIM) {
        style.push_str(" opacity=\"0.65\"");
    }
    writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{style}>{escaped}</text>",
        y + 13.5,
        run.ink
    )
    .unwrap();
}

/// How much of its cell a block fills.
fn block(text: &str) -> Option<f32> {
    let eighths = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
        .iter()
        .position(|block| *block == text)?;
    let eighths = f32::from(u8::try_from(eighths).ok()?);
    Some((eighths + 1.0) / 8.0)
}

fn colours(cell: &Cell) -> (&'static str, Option<&'static str>) {
    let ink = colour(cell.fg).unwrap_or(INK);
    let paper = colour(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        (paper.unwrap_or(PAPER), Some(ink))
    } else {
        (ink, paper)
    }
}

fn colour(colour: Color) -> Option<&'static str> {
    Some(match colour {
        Color::Black => "#14181f",
        Color::Red => "#e06c75",
        Color::Green => "#98c379",
        Color::Yellow => "#e5c07b",
        Color::Blue => "#61afef",
        Color::Magenta => "#c678dd",
        Color::Cyan => "#56b6c2",
        Color::Gray => "#abb2bf",
        Color::DarkGray => "#5c6370",
        Color::LightRed => "#ff7b86",
        Color::LightGreen => "#b5e890",
        Color::LightYellow => "#ffd98e",
        Color::LightBlue => "#82c4ff",
        Color::LightMagenta => "#dc9bf0",
        Color::LightCyan => "#7ad7e2",
        Color::White => "#ffffff",
        _ => return None,
    })
}
