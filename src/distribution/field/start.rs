//! Step 1: what is wanted, and why.

use super::{BLANK, Control, Field, FieldId, Level};
use crate::distribution::draft::{Answer, Chosen, Intent};

pub(super) const FIELDS: &[Field] = &[
    Field {
        id: FieldId::StartIntent,
        label: "What do you want to do?",
        help: "Pick the closest one; you can change everything later.",
        sets: "nothing; it chooses what the other steps begin with",
        control: Control::Choice(Intent::CHOICES),
        level: Level::Essential,
        default: |_| Some(Intent::default().to_value()),
        ..BLANK
    },
    Field {
        id: FieldId::StartReason,
        label: "Reason",
        help: "Why is this going out? It is stored with the deployment so others can find out later.",
        sets: "SMS_Advertisement.Comment and the journal",
        control: Control::Text { limit: 100 },
        level: Level::Essential,
        ..BLANK
    },
];
