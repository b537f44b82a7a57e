//! From one site to another and back, in one console.

use crate::support::home::Home;
use crate::support::terminal::Terminal;

#[test]
fn another_site_is_gone_to_and_nothing_of_the_old_one_stays() {
    let home = Home::with_sample(40);
    home.consign(&["site", "init", "other", "--code", "OTH"]);
    home.write(
        "config/settings.toml",
        "[site.other]\nbanner = \"PRODUCTION\"\nreadonly = true\n\
         [site.away]\nurl = \"https://127.0.0.1:9\"\npin = \"SHA256:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:\
         0f:10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f\"\n",
    );
    let mut console = Terminal::start(&home, (100, 30), &[]);
    console.wait_for("7-Zip");

    console.press("s").wait_for("*lab").press("esc");
    console.wait_for("7-Zip");
    console.press(":").type_text("site away").press("enter");
    console.wait_for("away was not opened").wait_for("7-Zip");

    console.press("s").wait_for("*lab");
    console.wait_for("PRODUCTION").press("down enter");
    console.wait_for("(read only)").wait_for("PRODUCTION");
    console.wait_for("OTH");
    assert!(!console.screen().contains("7-Zip"), "{}", console.screen());

    console.press("s").wait_for("*other").press("up enter");
    console.wait_for("7-Zip");
    assert!(
        !console.screen().contains("PRODUCTION"),
        "{}",
        console.screen()
    );
    console.press("q");
    assert!(console.ended().success());
    console.assert_given_back();
}
