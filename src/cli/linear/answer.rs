//! One field: what it is for, what holds now, and what was said to it.

use jiff::Zoned;

use super::said::Said;
use super::talk;
use super::walk::{Turn, Walk, quit};
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::distribution::draft::{Choice, Origin};
use crate::distribution::field::{Control, Field, FieldId};
use crate::distribution::occasion::{Occasion, Offered};
use crate::distribution::{Value, words};

impl Walk<'_> {
    /// Asks for one field, and takes the answer.
    pub(super) async fn ask_field(&mut self, id: FieldId) -> Result<Turn, Failure> {
        let field = id.field();
        if let Some(fixed) = (field.fixed)(&self.draft) {
            let value = field.words(&fixed.value);
            out::say(format_args!("{}: {value}. {}", field.label, fixed.reason));
            return Ok(Turn::On);
        }
        match field.control {
            Control::Pick(pick) => Box::pin(self.pick_one(id, pick)).await,
            Control::PickMany(pick) => Box::pin(self.pick_several(id, pick)).await,
            Control::List => self.ask_list(id).await,
            _ => self.ask_line(id).await,
        }
    }

    async fn ask_line(&mut self, id: FieldId) -> Result<Turn, Failure> {
        let field = id.field();
        loop {
            out::say(heading(field));
            tell_choices(field);
            match talk::ask(&self.held(field)).await? {
                Said::Enter => return Ok(Turn::On),
                Said::Text(text) => {
                    if self.take(field, &text) {
                        return Ok(Turn::On);
                    }
                }
                Said::Nothing => {
                    self.answer(id, None);
                    return Ok(Turn::On);
                }
                other => {
                    if let Some(turn) = self.steer(&other, Some(field))? {
                        return Ok(turn);
                    }
                }
            }
        }
    }

    /// Takes what was typed; says what was understood, or why it was not.
    fn take(&mut self, field: &Field, text: &str) -> bool {
        let now = Zoned::now();
        let text = chosen_words(field.control, text);
        if let Err(misfit) = self.draft.set(field.id, &text, &now) {
            let code = misfit
                .code
                .map_or_else(String::new, |code| format!("{code} "));
            out::say(format_args!("Not taken: {code}{misfit}."));
            return false;
        }
        if field.id == FieldId::PackageSource {
            self.draft
                .root_source(&std::env::current_dir().unwrap_or_default());
        }
        if let Some(value) = self.draft.value(field.id) {
            let told = self.in_words(field, &value);
            out::say(format_args!("{}: {told}", field.label));
        }
        true
    }

    /// What Enter does: keeps the answer, takes the default, or leaves it empty.
    pub(super) fn held(&self, field: &Field) -> String {
        let holds = self.draft.value(field.id);
        match holds.filter(|value| !value.is_blank()) {
            Some(value) => format!("{} (Enter: {})", field.label, self.in_words(field, &value)),
            None => format!("{} (Enter: empty)", field.label),
        }
    }

    fn in_words(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Moment(when) => words::when(*when, &self.draft, &Zoned::now()),
            // A switch is answered with yes or no, and told so.
            Value::Flag(_) => value.to_text(),
            value => out::plain(&field.words(value)),
        }
    }

    /// What steers the conversation; `None` asks the same question again.
    pub(super) fn steer(
        &mut self,
        said: &Said,
        field: Option<&Field>,
    ) -> Result<Option<Turn>, Failure> {
        match said {
            Said::Back => return Ok(Some(Turn::Back)),
            Said::Quit => return Err(quit()),
            Said::More => self.ask_more(),
            Said::Help => explain(field),
            Said::Nothing => out::say("There is no answer to take back here."),
            Said::Enter => out::say("Nothing is chosen for you here."),
            Said::Text(text) => out::say(format_args!("'{}' is no answer here.", out::plain(text))),
        }
        Ok(None)
    }

    fn ask_more(&mut self) {
        if let Some(reason) = self.reach.latitude.without_more() {
            out::say(format_args!(
                "There are no further settings here: {reason}."
            ));
            return;
        }
        self.reach.more = true;
        out::say("The further settings come behind the other questions of this step.");
    }

    /// Names, a line each, until an empty one.
    async fn ask_list(&mut self, id: FieldId) -> Result<Turn, Failure> {
        let field = id.field();
        let mut names: Vec<String> = Vec::new();
        out::say(heading(field));
        out::say("An empty line ends the list; several names in a line have commas between them.");
        loop {
            let question = if names.is_empty() {
                self.held(field)
            } else {
                format!("{} so far, the next (Enter: no more)", names.len())
            };
            match talk::ask(&question).await? {
                Said::Enter => break,
                Said::Text(text) => names.extend(listed(&text)),
                Said::Nothing => {
                    self.answer(id, None);
                    return Ok(Turn::On);
                }
                other => {
                    if let Some(turn) = self.steer(&other, Some(field))? {
                        return Ok(turn);
                    }
                }
            }
        }
        if !names.is_empty() {
            self.answer(id, Some(&Value::List(names)));
        }
        Ok(Turn::On)
    }

    /// *When?* in one question, by the usual occasions. Nothing is preselected.
    pub(super) async fn ask_when(&mut self) -> Result<Turn, Failure> {
        loop {
            let now = Zoned::now();
            let offered = Occasion::offered(&self.draft, &self.facts, &now);
            out::say("When. Nothing is chosen for you.");
            for (number, occasion) in offered.iter().enumerate() {
                out::say(told(number + 1, occasion));
            }
            let holds = Occasion::of(&self.draft, &now);
            let held = offered.iter().find(|known| Some(known.occasion) == holds);
            let question = held.map_or_else(
                || "Number".to_owned(),
                |held| format!("Number (Enter: {})", held.label),
            );
            let said = talk::ask(&question).await?;
            match &said {
                Said::Enter if held.is_some() => return Ok(Turn::On),
                Said::Text(text) => {
                    if self.take_occasion(&offered, text, &now) {
                        return Ok(Turn::On);
                    }
                }
                other => {
                    let field = FieldId::AdvertisementPurpose.field();
                    if let Some(turn) = self.steer(other, Some(field))? {
                        return Ok(turn);
                    }
                }
            }
        }
    }

    fn take_occasion(&mut self, offered: &[Offered], text: &str, now: &Zoned) -> bool {
        let number = text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let named = |known: &&Offered| {
            let label = known.label.trim_end_matches('…');
            label.to_lowercase().starts_with(&text.to_lowercase())
        };
        let chosen = match number {
            Some(at) => offered.get(at),
            None => offered.iter().find(named),
        };
        let Some(chosen) = chosen else {
            out::say("Answer with one of the numbers.");
            return false;
        };
        if let Some(reason) = &chosen.refused {
            out::say(format_args!("{} is not offered: {reason}.", chosen.label));
            return false;
        }
        if let Err(misfit) = chosen.occasion.answer(&mut self.draft, now) {
            out::say(misfit);
            return false;
        }
        self.reach.by_hand = chosen.occasion == Occasion::Other;
        out::say(format_args!("{}. {}", chosen.label, chosen.help));
        true
    }

    /// What goes out, package and program in one; or something new.
    pub(super) async fn ask_what(&mut self) -> Result<Turn, Failure> {
        let may_be_new = self.reach.latitude.new_packages;
        let or_new = if may_be_new {
            "; new is for something that is not there yet"
        } else {
            ""
        };
        out::say(format_args!(
            "Software. Type part of the name, maker, version or id{or_new}."
        ));
        let pick = crate::distribution::field::Pick::AnyProgram;
        let held = self.held_software();
        let chosen = Box::pin(self.choose(pick, held.as_deref(), None, may_be_new)).await?;
        match chosen {
            super::picking::Picked::Turn(turn) => return Ok(turn),
            super::picking::Picked::New => {
                let new: &str = Origin::New.into();
                self.answer(FieldId::PackageMode, Some(&new.into()));
            }
            super::picking::Picked::Id(id) => {
                let (package, program) = id.split_once('/').unwrap_or((id.as_str(), ""));
                self.answer(FieldId::PackageUse, Some(&package.into()));
                self.answer(FieldId::ProgramUse, Some(&program.into()));
            }
        }
        Ok(Turn::On)
    }

    fn held_software(&self) -> Option<String> {
        let text = |id| self.draft.text(id);
        match self.draft.package_origin() {
            Origin::Existing => Some(format!(
                "{} {}",
                text(FieldId::PackageUse),
                text(FieldId::ProgramUse)
            )),
            Origin::New => {
                let name = text(FieldId::PackageName);
                (!name.is_empty()).then(|| format!("the new package {name}"))
            }
        }
    }
}

/// What is asked, and the line of help to it.
pub(super) fn heading(field: &Field) -> String {
    let end = if field.label.ends_with('?') { "" } else { "." };
    format!("{}{end} {}", field.label, field.help)
}

/// The long help and the technical name.
fn explain(field: Option<&Field>) {
    let Some(field) = field else {
        return out::say("Type part of a name and choose by number.");
    };
    out::say(field.long_help().trim());
    out::say(format_args!(
        "Sets: {}. In a file: {}.",
        field.sets, field.id
    ));
}

fn tell_choices(field: &Field) {
    let (Control::Choice(choices) | Control::Several(choices)) = field.control else {
        return;
    };
    for (number, choice) in choices.iter().enumerate() {
        let (label, help) = (choice.label, choice.help);
        out::say(format_args!("{}. {label}. {help}", number + 1));
    }
    if matches!(field.control, Control::Several(_)) {
        out::say("Several numbers have commas between them.");
    }
}

fn told(number: usize, offered: &Offered) -> String {
    let label = offered.label.trim_end_matches('…');
    match &offered.refused {
        Some(reason) => format!("{number}. {label}. Not offered: {reason}."),
        None => format!("{number}. {label}. {}", offered.in_words()),
    }
}

/// Numbers of choices become their words; all else stays as it was typed.
fn chosen_words(control: Control, text: &str) -> String {
    let of = |choices: &'static [Choice], said: &str| {
        let number = said.trim().parse::<usize>().ok();
        let choice = number.and_then(|number| choices.get(number.checked_sub(1)?));
        choice.map_or_else(|| said.to_owned(), |choice| choice.word.to_owned())
    };
    match control {
        Control::Choice(choices) => of(choices, text),
        Control::Several(choices) => {
            let each = text.split(',').map(|said| of(choices, said));
            each.collect::<Vec<_>>().join(",")
        }
        _ => text.to_owned(),
    }
}

/// The names in a line.
fn listed(text: &str) -> impl Iterator<Item = String> {
    let names = text.split(',').map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_made_by_its_number_or_its_word() {
        let control = FieldId::ProgramRunWhen.field().control;
        let Control::Choice(choices) = control else {
            panic!("run when is a choice");
        };
        assert_eq!(chosen_words(control, "1"), choices[0].word);
        assert_eq!(chosen_words(control, "any"), "any");
        assert_eq!(
            chosen_words(control, "9"),
            "9",
            "said to be no choice later"
        );
    }

    #[test]
    fn several_choices_stand_in_one_line() {
        let control = FieldId::AdvertisementTrigger.field().control;
        let Control::Several(choices) = control else {
            panic!("triggers are several");
        };
        let both = format!("{},{}", choices[0].word, choices[1].word);
        assert_eq!(chosen_words(control, "1, 2"), both);
    }

    #[test]
    fn a_line_may_hold_several_names() {
        let names: Vec<String> = listed("PC-0001, PC-0002,,").collect();
        assert_eq!(names, ["PC-0001", "PC-0002"]);
    }
}
