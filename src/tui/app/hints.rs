//! Which verbs the line of keys shows, the most useful first. What does not apply is not shown.

use crate::tui::keymap::{Action, Scope};

/// Verbs worth a hint in a scope. The last two stay when there is too little room for all.
pub fn hints(scope: Scope) -> &'static [Action] {
    use Action::{
        Accept, Another, AsCommand, Attention, Back, Close, Command, Complete, Connect, Copy, Down,
        Explain, Export, Filter, Help, Keep, Leave, More, NextField, NextFinding, NextStep,
        NextTab, Numbers, Open, PageDown, PreviousStep, Quit, Raw, Refresh, Retry, Review,
        RollBack, Run, Sample, SavePlan, Sites, Sort, Stop, Toggle, Watch, Wizard,
    };
    match scope {
        Scope::List => &[
            Open, Wizard, Filter, Sort, Attention, Refresh, Export, Command, Help, Quit,
        ],
        Scope::Details => &[
            NextTab, Back, Open, Filter, Wizard, Raw, Copy, Refresh, Help, Quit,
        ],
        Scope::Filter => &[Accept, Close, Down],
        Scope::Command => &[Accept, Complete, Close],
        Scope::Text => &[Accept, Close],
        Scope::Popup => &[Down, PageDown, Copy, Close],
        Scope::Sites => &[Accept, Down, Close],
        Scope::Question => &[NextField, Accept, Close],
        Scope::Greeting => &[Sample, Wizard, Connect, Sites, Close, Help, Quit],
        Scope::Wizard => &[
            Accept,
            NextField,
            NextStep,
            PreviousStep,
            Review,
            // Its key stands above the numbers too.
            Numbers,
            More,
            NextFinding,
            Explain,
            Leave,
        ],
        Scope::Numbers => &[Open, NextField, NextStep, PreviousStep, Review, Help, Back],
        Scope::Roll => &[
            Open, Back, NextTab, Filter, Sort, Refresh, Export, Copy, Help, Close,
        ],
        Scope::Review => &[Open, Toggle, Run, SavePlan, AsCommand, PreviousStep, Leave],
        Scope::Name => &[Run, PreviousStep, Leave],
        Scope::Run => &[
            Open, Stop, Retry, RollBack, Keep, Watch, Another, Copy, Leave,
        ],
        Scope::Browse | Scope::Everywhere => &[Help, Quit],
    }
}
