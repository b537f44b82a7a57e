//! The collection: an existing one, or a new one with its rules and an evaluation that must come out as expected.

use super::{Builder, Built};
use crate::distribution::check::Finding;
use crate::distribution::draft::CollectionOrigin;
use crate::distribution::draft::settled::listed;
use crate::distribution::facts::{CollectionFact, Fact, Impact};
use crate::distribution::field::FieldId;
use crate::distribution::operation::already::What;
use crate::distribution::operation::{AddRules, Already, Evaluate, MakeCollection, Operation};
use crate::distribution::plan::relied::{self, Counted, Target};
use crate::distribution::plan::sentence::many;
use crate::distribution::plan::{OpNumber, Ref};
use crate::sms::collection::RefreshType;
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::CollectionId;
use crate::sms::schedule::{Recurrence, Span, Token};
use crate::sms::time::Moment;

/// How long the evaluation of a new collection is waited for.
const EVALUATION_MINUTES: u32 = 30;

/// Who is meant, for the parts that follow.
pub(super) struct Audience {
    pub collection: Ref<CollectionId>,
    pub name: String,
    /// The operation after which the members are there.
    pub ready_op: OpNumber,
    pub target: Target,
}

impl<'a> Builder<'a> {
    pub(super) fn audience(&mut self) -> Built<Audience> {
        match self.draft.collection_origin() {
            CollectionOrigin::Existing => self.existing_collection(),
            CollectionOrigin::Devices | CollectionOrigin::Rule => self.new_collection(),
        }
    }

    fn existing_collection(&mut self) -> Built<Audience> {
        let named = self.draft.text(FieldId::CollectionUse);
        let row = self.collection_named(&named, FieldId::CollectionUse, "COL-E02")?;
        let target = self.target(row.name.clone());
        let ready_op = self.push(
            Operation::Already(Already {
                what: What::Collection,
                id: row.collection_id.to_string(),
                name: row.name.clone(),
                words: match target.members.known() {
                    Some(members) => many(members, "member"),
                    None => "members not counted".into(),
                },
            }),
            &[],
        );
        Ok(Audience {
            collection: Ref::Id(row.collection_id.clone()),
            name: row.name.clone(),
            ready_op,
            target,
        })
    }

    fn new_collection(&mut self) -> Built<Audience> {
        let limit_to = self.draft.text(FieldId::CollectionLimitTo);
        let limit = self.collection_named(&limit_to, FieldId::CollectionLimitTo, "COL-E10");
        let rules = self.rules();
        let (limit, rules) = (limit?, rules?);
        let name = self.draft.text(FieldId::CollectionName);
        let (refresh, schedule) = self.refresh(&rules);
        let made = self.push(
            Operation::Collection(MakeCollection {
                name: name.clone(),
                comment: String::new(),
                limit_to: limit.collection_id.clone(),
                limit_to_name: limit.name.clone(),
                collection_type: limit.collection_type,
                refresh,
                schedule,
            }),
            &[],
        );
        let collection = Ref::MadeBy(made);
        self.place_collection(&collection)?;
        let target = self.target(name.clone());
        let ready_op = self.evaluated(&collection, rules, &target.members);
        Ok(Audience {
            collection,
            name,
            ready_op,
            target,
        })
    }

    fn evaluated(
        &mut self,
        collection: &Ref<CollectionId>,
        rules: Vec<CollectionRule>,
        members: &Counted,
    ) -> OpNumber {
        let added = self.push(
            Operation::Rules(AddRules {
                collection: collection.clone(),
                rules,
            }),
            &[],
        );
        self.push(
            Operation::Evaluation(Evaluate {
                collection: collection.clone(),
                expected: members.clone(),
                minutes: EVALUATION_MINUTES,
            }),
            &[added],
        )
    }

    /// The collection of this id, or the only one of this name.
    fn collection_named(
        &mut self,
        named: &str,
        field: FieldId,
        code: &'static str,
    ) -> Built<&'a CollectionFact> {
        if named.is_empty() {
            return self.stop(Finding::stops(code, "Choose a collection.").at(field));
        }
        let facts = self.facts;
        let found = self.known(facts.collections(named), field, "The collection")?;
        let id = CollectionId::new(named);
        let by_id = found.iter().find(|row| row.collection_id == id);
        match (by_id, found.as_slice()) {
            (Some(row), _) | (None, [row]) => Ok(row),
            (None, []) => {
                let what = format!("There is no collection called {named}, or you may not see it.");
                self.stop(Finding::stops(code, what).at(field))
            }
            (None, several) => {
                let ids: Vec<&str> = several
                    .iter()
                    .map(|row| row.collection_id.as_str())
                    .collect();
                let what = format!(
                    "Several collections are called {named}: {}.",
                    ids.join(", ")
                );
                let finding = Finding::stops(code, what).because("Choose one by its id.");
                self.stop(finding.at(field))
            }
        }
    }

    fn rules(&mut self) -> Built<Vec<CollectionRule>> {
        let mut rules = self.direct_rules()?;
        let query = self.draft.text(FieldId::CollectionQuery);
        if !query.is_empty() {
            let name = self.draft.text(FieldId::CollectionName);
            rules.push(CollectionRule::query(name, query));
        }
        let draft = self.draft;
        for named in listed(draft.collection.include.as_ref()) {
            let other = self.collection_named(named, FieldId::CollectionInclude, "COL-E26")?;
            rules.push(CollectionRule::Include {
                name: other.name.clone(),
                collection: other.collection_id.clone(),
            });
        }
        for named in listed(draft.collection.exclude.as_ref()) {
            let other = self.collection_named(named, FieldId::CollectionExclude, "COL-E26")?;
            rules.push(CollectionRule::Exclude {
                name: other.name.clone(),
                collection: other.collection_id.clone(),
            });
        }
        if rules.is_empty() {
            let finding = Finding::stops("COL-E02", "Say who belongs to the new collection.");
            return self.stop(finding.at(FieldId::CollectionDevices));
        }
        Ok(rules)
    }

    fn direct_rules(&mut self) -> Built<Vec<CollectionRule>> {
        let names: Vec<String> = listed(self.draft.collection.devices.as_ref())
            .map(str::to_owned)
            .collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let limit_to = self.draft.text(FieldId::CollectionLimitTo);
        let facts = self.facts;
        let resolved = self.known(
            facts.devices(&names, &limit_to),
            FieldId::CollectionDevices,
            "The devices",
        )?;
        let mut rules: Vec<CollectionRule> = Vec::new();
        for found in resolved {
            let [device] = found.matches.as_slice() else {
                let (code, what) = match found.matches.len() {
                    0 => (
                        "COL-E15",
                        format!("There is no device called {}.", found.name),
                    ),
                    many => (
                        "COL-E16",
                        format!("{many} devices are called {}.", found.name),
                    ),
                };
                return self.stop(Finding::stops(code, what).at(FieldId::CollectionDevices));
            };
            let rule = CollectionRule::device(device.row.resource_id, device.row.name.clone());
            // The same device may have been named twice.
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        Ok(rules)
    }

    /// A fixed list needs no schedule; a query is asked again every day, where the site takes a schedule.
    fn refresh(&mut self, rules: &[CollectionRule]) -> (RefreshType, Vec<Token>) {
        let has_query = rules
            .iter()
            .any(|rule| matches!(rule, CollectionRule::Query { .. }));
        if !has_query {
            return (RefreshType::Manual, Vec::new());
        }
        if !self.takes_schedules {
            let what = "This site takes no schedules over its REST service: the new collection is evaluated once, now.";
            let finding = Finding::note("PLN-I02", what)
                .because("Give it a schedule in the vendor's console.");
            self.findings.push(finding.at(FieldId::CollectionQuery));
            return (RefreshType::Manual, Vec::new());
        }
        let daily = Recurrence::Interval(Span::days(1));
        let start = Moment::DeviceClock(self.clock());
        (RefreshType::Periodic, vec![Token::new(start, daily)])
    }

    fn target(&self, collection: String) -> Target {
        let asked = self.draft.target();
        let impact = match &asked {
            Some(target) => self.facts.impact(target),
            None => Fact::NotAsked,
        };
        Target {
            collection,
            members: match &impact {
                Fact::Known { value, .. } => Counted::Known(value.members),
                unknown => Counted::Unknown(unknown.doubt().unwrap_or_default().to_owned()),
            },
            members_hash: impact.value().and_then(|impact| fingerprint(impact)),
            impact: impact
                .value()
                .map(|impact| kinds(impact))
                .unwrap_or_default(),
            asked,
        }
    }
}

/// Who exactly the members are, as one text that changes when anybody comes or goes.
pub(in crate::distribution::plan) fn fingerprint(impact: &Impact) -> Option<String> {
    Some(impact.fingerprint.clone()).filter(|text| !text.is_empty())
}

/// What sorts of devices the members are, where that was read.
pub(in crate::distribution::plan) fn kinds(impact: &Impact) -> relied::Impact {
    let Some(kinds) = impact.kinds.value() else {
        return relied::Impact::default();
    };
    relied::Impact {
        workstations: Some(kinds.workstations + kinds.other),
        servers: Some(kinds.servers.len() as u64),
        site_systems: Some(kinds.site_systems.len() as u64),
    }
}
