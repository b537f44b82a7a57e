//! Step 4: who gets it. A collection is a named group of devices.

use super::{BLANK, Control, Field, FieldId, Level, Pick};
use crate::distribution::draft::{Chosen, CollectionOrigin, Draft};

pub(super) const FIELDS: &[Field] = &[
    Field {
        id: FieldId::CollectionMode,
        label: "Collection",
        help: "Use an existing collection, or make one for this deployment?",
        sets: "nothing by itself",
        control: Control::Choice(CollectionOrigin::CHOICES),
        level: Level::Essential,
        open_to: |latitude, draft| latitude.new_collections || is_new(draft),
        ..BLANK
    },
    Field {
        id: FieldId::CollectionUse,
        label: "Existing collection",
        help: "Type part of the name. Look at the number of members before you choose.",
        sets: "SMS_Advertisement.CollectionID",
        control: Control::Pick(Pick::Collection),
        level: Level::Essential,
        shown: |draft| !is_new(draft),
        ..BLANK
    },
    Field {
        id: FieldId::CollectionName,
        label: "Name",
        help: "Say what and who, e.g. INST 7-Zip - Finance PCs.",
        sets: "SMS_Collection.Name",
        control: Control::Text { limit: 255 },
        level: Level::Essential,
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::CollectionLimitTo,
        label: "Limited to",
        help: "Members can only ever come from this collection. Choose the smallest that fits.",
        sets: "SMS_Collection.LimitToCollectionID",
        control: Control::Pick(Pick::Collection),
        level: Level::Essential,
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::CollectionDevices,
        label: "Devices",
        help: "Paste computer names, one a line.",
        sets: "SMS_CollectionRuleDirect, one for each device",
        control: Control::List,
        level: Level::Essential,
        shown: |draft| is_new(draft) && (by_list(draft) || draft.collection.devices.is_some()),
        ..BLANK
    },
    Field {
        id: FieldId::CollectionQuery,
        label: "Query",
        help: "WQL that selects devices, e.g. select * from SMS_R_System where Name like 'PC-%'.",
        sets: "SMS_CollectionRuleQuery.QueryExpression",
        control: Control::Query,
        level: Level::Essential,
        shown: by_rule,
        ..BLANK
    },
    Field {
        id: FieldId::CollectionInclude,
        label: "Include",
        help: "Collections whose members are added, one a line.",
        sets: "SMS_CollectionRuleIncludeCollection",
        control: Control::PickMany(Pick::Collection),
        level: Level::Essential,
        shown: by_rule,
        ..BLANK
    },
    Field {
        id: FieldId::CollectionExclude,
        label: "Exclude",
        help: "Collections whose members are taken away again; exclude wins over everything else.",
        sets: "SMS_CollectionRuleExcludeCollection",
        control: Control::PickMany(Pick::Collection),
        level: Level::Essential,
        shown: by_rule,
        ..BLANK
    },
];

fn is_new(draft: &Draft) -> bool {
    draft.collection_origin() != CollectionOrigin::Existing
}

fn by_list(draft: &Draft) -> bool {
    draft.collection_origin() == CollectionOrigin::Devices
}

fn by_rule(draft: &Draft) -> bool {
    draft.collection_origin() == CollectionOrigin::Rule
}
