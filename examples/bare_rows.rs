//! The floor of `benches/wire`: pages of devices, already fetched into files, read by bare `serde_json`.
//!
//!     cargo run --release --example bare_rows -- page-1.json page-2.json

use consign::sms::resource::DeviceRow;
use serde::Deserialize;

#[derive(Deserialize)]
struct Page {
    value: Vec<DeviceRow>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rows = Vec::new();
    for file in std::env::args().skip(1) {
        let page: Page = serde_json::from_slice(&std::fs::read(file)?)?;
        rows.extend(page.value);
    }
    println!("{}", rows.len());
    Ok(())
}
