//! Ways to every page of the wizard, as a person would walk them.

use consign::client::Request;
use consign::client::RunAsk;
use consign::distribution::plan::Plan;
use consign::tui::event::Event;
use consign::tui::wizard::Page;

use super::played::{Played, start};
use super::runs;
use super::scripted::Scripted;

/// The wizard with nothing said, from the advertisements.
pub fn begun(width: u16, height: u16) -> Played {
    let mut played = Played::at(width, height);
    played.press("5 w").ring();
    played
}

/// Software is chosen; who gets it is asked.
pub fn with_software(width: u16, height: u16) -> Played {
    let mut played = begun(width, height);
    played.type_text("7-zip").press("enter").ring();
    played
}

/// Who gets it is chosen too; when is asked.
pub fn with_target(name: &str, width: u16, height: u16) -> Played {
    let mut played = with_software(width, height);
    played.type_text(name).ring();
    played.press("enter").ring();
    played
}

/// A new package, as far as its source folder.
pub fn new_package(source: &str, width: u16, height: u16) -> Played {
    let mut played = begun(width, height);
    played.type_text("something new").press("enter");
    played.type_text("Line Tool").press("enter");
    played.type_text("3.1").press("enter");
    played.press("enter enter");
    played.type_text(source).press("enter").ring();
    played
}

/// A new package with its program.
pub fn new_program(width: u16, height: u16) -> Played {
    let mut played = new_package("/srv/apps/line-tool", width, height);
    played.type_text("install.sh --quiet").ring();
    played
}

/// A new collection from a list of devices, one of which nobody knows.
pub fn new_collection(width: u16, height: u16) -> Played {
    let mut played = new_program(width, height);
    played.press("enter up space tab");
    played.type_text("Line Tool - Pilot").press("enter");
    played.type_text("all desktop").press("enter");
    played.happen(Event::Pasted(
        "PC-0001\nPC-0002\nPC-9999\nSRV-0020\n".to_owned(),
    ));
    played.ring();
    played
}

/// Everything new, up to the distribution points.
pub fn points(width: u16, height: u16) -> Played {
    let mut played = new_collection(width, height);
    played.press("ctrl-l enter").ring();
    played
}

/// Everything new, and required tonight.
pub fn all_new(width: u16, height: u16) -> Played {
    let mut played = points(width, height);
    played.press("down space enter enter t enter").ring();
    played
}

/// Times by hand.
pub fn other_time(width: u16, height: u16) -> Played {
    let mut played = with_target("pilot laptops", width, height);
    played.press("o enter right tab");
    played.type_text("sat 02:00");
    played
}

/// The review of a plan to which nothing has to be said.
pub fn calm(width: u16, height: u16) -> Played {
    let mut played = with_target("pilot laptops", width, height);
    played.press("l enter").ring();
    played
}

/// The review of a plan some of whose findings must be ticked, and the name typed.
pub fn warned(width: u16, height: u16) -> Played {
    let mut played = with_target("pilot pcs", width, height);
    played.press("t enter").ring();
    played
}

/// A review without a plan: too much is open.
pub fn stopped(width: u16, height: u16) -> Played {
    let mut played = new_package(super::facts::GONE, width, height);
    played.press("ctrl-r").ring();
    played
}

fn accept(played: &mut Played) {
    let wizard = played.wizard();
    let confirmed = wizard.review.demand.confirm.len();
    let name = wizard.review.demand.typed_name.clone();
    for _ in 0..confirmed {
        played.press("ctrl-r space");
    }
    match name {
        Some(name) => {
            played.press("ctrl-r").type_text(&name).press("enter");
        }
        None => {
            played.press("R");
        }
    }
    let page = played.wizard().page;
    assert_eq!(page, Page::Run, "{}", played.text());
}

/// The plan under way.
pub fn plan(played: &Played) -> Plan {
    let asked = played.asked.iter().rev();
    let mut started = asked.filter_map(|request| match request {
        Request::Run(RunAsk::Start(accepted)) => Some(accepted.plan().clone()),
        _ => None,
    });
    started.next().unwrap()
}

/// Files are being copied.
pub fn going(width: u16, height: u16) -> Played {
    let mut played = all_new(width, height);
    played.hold = true;
    accept(&mut played);
    let progress = runs::copying(&plan(&played));
    played.later(41);
    played.happen(Event::Progressed(Box::new(progress)));
    played
}

/// The site refuses the advertisement.
pub fn failed(width: u16, height: u16) -> Played {
    let script = Scripted {
        run: runs::refused,
        ..Scripted::default()
    };
    let mut played = Played::begin(script, start(), width, height, false);
    played.press("5 w").ring();
    played.type_text("7-zip").press("enter").ring();
    played.type_text("pilot laptops").ring();
    played.press("enter l enter").ring();
    played.hold = true;
    accept(&mut played);
    let progress = runs::failed(&plan(&played));
    played.later(3);
    played.happen(Event::Progressed(Box::new(progress)));
    played.release();
    played
}

/// Everything is there.
pub fn done(width: u16, height: u16) -> Played {
    let mut played = all_new(width, height);
    played.hold = true;
    accept(&mut played);
    let progress = runs::all_done(&plan(&played));
    played.later(78);
    played.happen(Event::Progressed(Box::new(progress)));
    played.release();
    played
}
