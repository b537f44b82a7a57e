//! Makes the pictures in `screenshots/`: SVG from the program's own views, and PNG from those.
//!
//!     cargo run --example screenshots

#![expect(
    clippy::unwrap_used,
    reason = "what is drawn is shared with the tests, which may"
)]

#[path = "../tests/suite/support/facts.rs"]
mod facts;
#[path = "../tests/suite/support/fleet.rs"]
mod fleet;
#[path = "../tests/suite/support/picture.rs"]
mod picture;
#[path = "../tests/suite/support/played.rs"]
#[expect(dead_code, reason = "shared with the tests, which use the rest")]
mod played;
#[path = "../tests/suite/support/runs.rs"]
mod runs;
#[path = "../tests/suite/support/scripted.rs"]
mod scripted;
#[path = "../tests/suite/support/shots.rs"]
mod shots;
#[path = "../tests/suite/support/wizard_ways.rs"]
#[expect(dead_code, reason = "shared with the tests, which use the rest")]
mod wizard_ways;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    std::fs::create_dir_all(&folder)?;
    for (name, svg) in shots::all() {
        let png = png(&svg).map_err(std::io::Error::other)?;
        std::fs::write(folder.join(format!("{name}.svg")), svg)?;
        std::fs::write(folder.join(format!("{name}.png")), png)?;
        println!("{name}");
    }
    Ok(())
}

fn png(svg: &str) -> Result<Vec<u8>, String> {
    use resvg::{tiny_skia, usvg};
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_system_fonts();
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let scale = 1.5;
    let size = tree.size();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "pictures are a few thousand points wide"
    )]
    let (width, height) = (
        (size.width() * scale) as u32,
        (size.height() * scale) as u32,
    );
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or("a picture without size")?;
    let transform = tiny_skia::Transform::from_scale(scale, scale);
    resvg::render(&tree, transform, &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}
